"""Color transfer of single pairs: classical methods, the fitted grid and trained runs.

    python -m benchmarks.pairs SOURCES REFERENCES --size 256 --out pairs.png     # some ten seconds a pair
    python -m benchmarks.pairs SOURCES REFERENCES --run RUN --chart chart.png    # RUN is one of color_transfer

SOURCES and REFERENCES are two folders, whose images are paired in their order. The table has means over the pairs:
rgb_w1 to the reference (metrics/joint_color.py; two draws of one photograph are some 0.04 apart), the SSIM of luminance
with the source, and seconds. The sheet shows source, reference and each method's output.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from skimage.color import rgb2gray
from skimage.metrics import structural_similarity

import config
import datasets
import engine
from benchmarks.chart import save_chart
from benchmarks.methods import classical_methods, grid_fit
from metrics import color_transport
from utils.images import image_sheet, save_image


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources")
    parser.add_argument("references")
    parser.add_argument("--size", type=int, default=256, help="images are cropped and scaled to SIZE x SIZE")
    parser.add_argument("--run", nargs="*", default=[], help="folders of trained runs, which translate the pairs too")
    parser.add_argument("--out", help="a sheet of all images")
    parser.add_argument("--chart", help="a chart of rgb_w1 against SSIM")
    args = parser.parse_args()
    pairs = [
        [_load(path, args.size) for path in pair]
        for pair in zip(datasets.image_files(args.sources), datasets.image_files(args.references), strict=False)
    ]
    methods = {"source": lambda source, _: source} | classical_methods() | {"fitted grid": grid_fit()}
    methods |= {f"{Path(run).name}, one pass": _trained(run) for run in args.run}
    width = max(map(len, methods))
    print(f"{len(pairs)} pairs, {args.size} px\n{'':{width}} rgb_w1   SSIM  seconds")
    outputs, figures = {}, {}
    for name, method in methods.items():
        outputs[name], seconds = _run(method, pairs)
        figures[name] = distance, similarity = measure(outputs[name], pairs)
        print(f"{name:{width}} {distance:6.3f} {similarity:6.3f} {seconds:8.2f}", flush=True)
    if args.chart:
        save_chart(args.chart, figures)
    if args.out:
        rows = ([*pair, *(output[k] for output in list(outputs.values())[1:])] for k, pair in enumerate(pairs))
        save_image(args.out, image_sheet(rows))


def measure(outputs, pairs):
    """The means of rgb_w1 and of the SSIM with the source."""
    distances, similarities = [], []
    for output, (source, reference) in zip(outputs, pairs, strict=True):
        distances.append(color_transport(output, reference))
        luminances = (rgb2gray(image) for image in (source, output))
        similarities.append(structural_similarity(*luminances, data_range=1.0))
    return np.mean(distances), np.mean(similarities)


def _run(method, pairs):
    """The outputs of a method, and its seconds a pair."""
    method(*pairs[0])  # traced
    start = time.perf_counter()
    outputs = [method(*pair) for pair in pairs]
    return outputs, (time.perf_counter() - start) / len(pairs)


def _trained(run):
    _, translator, _, _ = engine.load_translator(config.load_run(run), run)
    return lambda source, reference: translator(source[None], reference[None]).numpy()[0]


def _load(path, size):
    return np.asarray(ImageOps.fit(Image.open(path).convert("RGB"), (size, size), Image.Resampling.LANCZOS))


if __name__ == "__main__":
    main()
