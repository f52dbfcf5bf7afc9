"""Compare classical methods, maps fitted to each pair, and trained runs at color transfer between two images.

    python -m benchmarks.pairs SOURCES REFERENCES --size 256 --out pairs.png     # some ten seconds per pair
    python -m benchmarks.pairs SOURCES REFERENCES --run RUN --chart chart.png    # RUN was trained on color_transfer

SOURCES and REFERENCES are two folders. Their images are paired in sorted order; if one has more, the rest is left out.
The table has means over the pairs: rgb_w1 to the reference (metrics/joint_color.py), the SSIM of luminance with the
source, and seconds. Two draws from one photograph have an rgb_w1 of about 0.04. The sheet shows the source, the
reference and the output of each method.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

import datasets
from benchmarks.pairs.chart import distance_and_similarity, save_chart
from benchmarks.pairs.methods import classical_methods, fit, trained
from utils.images import image_sheet, save_image


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", help="folder of the sources")
    parser.add_argument("references", help="folder of the references")
    parser.add_argument("--size", type=int, default=256, help="crop and scale images to SIZE x SIZE pixels")
    parser.add_argument("--run", nargs="*", default=[], help="folders of trained runs to compare as well")
    parser.add_argument("--out", help="file for a sheet of all images")
    parser.add_argument("--chart", help="file for a chart of rgb_w1 against SSIM")
    args = parser.parse_args()
    pairs = [
        [load(path, args.size) for path in pair]
        for pair in zip(datasets.image_files(args.sources), datasets.image_files(args.references), strict=False)
    ]
    methods = (
        {"source": lambda source, _: source}
        | classical_methods()
        | {"fitted map": fit(), "fitted map and grid": fit(local=True)}
    )
    methods |= {f"{Path(run).name}, one pass": trained(run) for run in args.run}
    width = max(map(len, methods))
    print(f"{len(pairs)} pairs, {args.size} px\n{'':{width}} rgb_w1   SSIM  seconds")
    outputs, figures = {}, {}
    for name, method in methods.items():
        outputs[name], seconds = timed(method, pairs)
        figures[name] = distance, similarity = distance_and_similarity(outputs[name], pairs)
        print(f"{name:{width}} {distance:6.3f} {similarity:6.3f} {seconds:8.2f}", flush=True)
    if args.chart:
        save_chart(args.chart, figures)
    if args.out:
        rows = ([*pair, *(output[k] for output in list(outputs.values())[1:])] for k, pair in enumerate(pairs))
        save_image(args.out, image_sheet(rows))


def timed(method, pairs):
    """Return the outputs of a method, and its seconds per pair."""
    method(*pairs[0])  # not timed: TensorFlow traces its functions in the first call
    start = time.perf_counter()
    outputs = [method(*pair) for pair in pairs]
    return outputs, (time.perf_counter() - start) / len(pairs)


def load(path, size):
    """Load an image, cropped and scaled to uint8 ``[size, size, 3]``."""
    return np.asarray(ImageOps.fit(Image.open(path).convert("RGB"), (size, size), Image.Resampling.LANCZOS))


if __name__ == "__main__":
    main()
