"""Color transfer of single pairs: classical methods, the fitted pair and trained runs.

    python -m benchmarks.pairs SOURCES REFERENCES --size 256 --out pairs.png     # some ten seconds per pair
    python -m benchmarks.pairs SOURCES REFERENCES --run RUN --chart chart.png    # RUN was trained on color_transfer

SOURCES and REFERENCES are two folders, whose images are paired in their order. The table has means over the pairs:
rgb_w1 to the reference (metrics/joint_color.py; two draws of one photograph are some 0.04 apart), the SSIM of luminance
with the source, and seconds. The sheet shows source, reference and each method's output.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

import config
import datasets
import engine
from benchmarks.pairs.chart import distance_and_similarity, save_chart
from benchmarks.pairs.methods import classical_methods, fit
from utils.images import image_sheet, save_image


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", help="folder of the sources")
    parser.add_argument("references", help="folder of the references")
    parser.add_argument("--size", type=int, default=256, help="images are cropped and scaled to SIZE x SIZE")
    parser.add_argument("--run", nargs="*", default=[], help="folders of trained runs, which translate the pairs too")
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
    """The outputs of a method, and its seconds per pair."""
    method(*pairs[0])  # traced
    start = time.perf_counter()
    outputs = [method(*pair) for pair in pairs]
    return outputs, (time.perf_counter() - start) / len(pairs)


def trained(run):
    """A run's network, as a method."""
    _, translator, _, _ = engine.load_translator(config.load_run(run), run)
    return lambda source, reference: translator(source[None], reference[None]).numpy()[0]


def load(path, size):
    """An image, cropped and scaled to a square: uint8 ``[size, size, 3]``."""
    return np.asarray(ImageOps.fit(Image.open(path).convert("RGB"), (size, size), Image.Resampling.LANCZOS))


if __name__ == "__main__":
    main()
