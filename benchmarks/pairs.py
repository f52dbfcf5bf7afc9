"""Color transfer of single pairs: the fitted grid against classical methods.

    python -m benchmarks.pairs SOURCES REFERENCES --size 256 --out pairs.png     # some ten seconds a pair

SOURCES and REFERENCES are two folders, whose images are paired in their order. The table has means over the pairs:
rgb_w1 to the reference (metrics/joint_color.py; two draws of one photograph are some 0.04 apart), the SSIM of luminance
with the source, and seconds. The sheet shows source, reference and each method's output.
"""

import argparse
import time

import numpy as np
from PIL import Image, ImageOps
from skimage.color import rgb2gray
from skimage.exposure import match_histograms
from skimage.metrics import structural_similarity

import datasets
import models
from histogram_layers import match_histograms_lut
from metrics import color_transport
from utils import image_sheet, save_image, to_float


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sources")
    parser.add_argument("references")
    parser.add_argument("--size", type=int, default=256, help="images are cropped and scaled to SIZE x SIZE")
    parser.add_argument("--out", help="a sheet of all images")
    args = parser.parse_args()
    pairs = [
        [_load(path, args.size) for path in pair]
        for pair in zip(datasets.image_files(args.sources), datasets.image_files(args.references), strict=False)
    ]
    fit = models.PairFit()
    methods = {
        "source": lambda source, _: source,
        "matching, skimage": lambda *pair: np.uint8(np.round(match_histograms(*pair, channel_axis=-1))),
        "matching, 8 bits": match_histograms_lut,
        "fitted grid": lambda *pair: _fit(fit, *pair),
    }
    print(f"{len(pairs)} pairs, {args.size} px\n{'':20} rgb_w1   SSIM  seconds")
    outputs = {name: _measure(name, method, pairs) for name, method in methods.items()}
    if args.out:
        rows = ([*pair, *(output[k] for output in list(outputs.values())[1:])] for k, pair in enumerate(pairs))
        save_image(args.out, image_sheet(rows))


def _measure(name, method, pairs):
    method(*pairs[0])  # traced
    start = time.perf_counter()
    outputs = [method(*pair) for pair in pairs]
    seconds = (time.perf_counter() - start) / len(pairs)
    distances, similarities = [], []
    for output, (source, reference) in zip(outputs, pairs, strict=True):
        distances.append(color_transport(output, reference))
        luminances = (rgb2gray(image) for image in (source, output))
        similarities.append(structural_similarity(*luminances, data_range=1.0))
    print(f"{name:20} {np.mean(distances):6.3f} {np.mean(similarities):6.3f} {seconds:8.2f}", flush=True)
    return outputs


def _fit(fit, source, reference):
    for _ in fit.fit(to_float(source)[None], models.color_histogram(to_float(reference))):
        pass
    return models.translate_by_grid(fit.grid, source)


def _load(path, size):
    return np.asarray(ImageOps.fit(Image.open(path).convert("RGB"), (size, size), Image.Resampling.LANCZOS))


if __name__ == "__main__":
    main()
