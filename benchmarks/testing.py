"""Time how long the metrics of test.py take per image, in one thread and on all cores. test.py uses all cores.

    python -m benchmarks.testing --size 256     # a minute on two CPU cores

The optimal transport in `rgb_w1` is also timed alone. It takes the same time at every image size.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import skimage.data

import config
import metrics


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=256, help="side of the images in pixels (default: %(default)s)")
    parser.add_argument("--images", type=int, default=16, help="number of images (default: %(default)s)")
    args = parser.parse_args()
    metrics.measure(samples(args.size, 1)[0])  # trace the functions before timing
    with ThreadPoolExecutor() as pool:
        for label, function in {"all metrics": metrics.measure, "rgb_w1 alone": transport}.items():
            for cores, mapping in {"one thread": map, "all cores": pool.map}.items():
                print(f"{label}, {cores}: {seconds(mapping, function, args):.3f} s per image")


def transport(sample):
    """Compute what `rgb_w1` needs: the color transport from the output and from the source to the reference."""
    return [metrics.color_transport(sample.rgb[name], sample.rgb["reference"]) for name in ("output", "source")]


def seconds(mapping, function, args):
    """Time a function of samples, in seconds per image. ``mapping`` is `map`, or the ``map`` of a thread pool."""
    measured = samples(args.size, args.images)
    start = time.perf_counter()
    list(mapping(function, measured))
    return (time.perf_counter() - start) / len(measured)


def samples(size, count):
    """Make new samples, because used ones keep their histograms. Each output is the target with noise."""
    rng = np.random.default_rng(0)
    target, reference = (image[:size, :size] for image in (skimage.data.chelsea(), skimage.data.astronaut()))
    outputs = np.uint8(np.clip(target + rng.normal(0, 10, [count, *target.shape]), 0, 255))
    images = {"source": target, "reference": reference, "target": target}
    rgb = {name: np.stack([image] * count) for name, image in images.items()} | {"output": outputs}
    options = config.load("colorization", dataset="sample")
    return metrics.evaluation_samples(rgb, **options.sample_arguments)


if __name__ == "__main__":
    main()
