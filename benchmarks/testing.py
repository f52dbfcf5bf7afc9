"""How long test.py measures an image: in one thread, and on all cores as it does.

    python -m benchmarks.testing --size 256     # a minute on two CPU cores

`rgb_w1`, whose optimal transport takes the same time at every size, is left out and told by itself.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import skimage.data

import config
import metrics
from metrics import joint_color, registry


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--images", type=int, default=16)
    args = parser.parse_args()
    measured = [metric for metric in registry.METRICS["sample"] if metric is not joint_color.rgb_w1]

    def measure(sample):
        return [metric(sample) for metric in measured]

    measure(_samples(args.size, 1)[0])  # traced
    print(f"one thread: {_seconds(map, measure, args):.3f} s an image")
    with ThreadPoolExecutor() as pool:
        print(f"all cores: {_seconds(pool.map, measure, args):.3f} s an image")
        print(f"rgb_w1, all cores: {_seconds(pool.map, joint_color.rgb_w1, args):.3f} s an image")


def _seconds(mapping, function, args):
    samples = _samples(args.size, args.images)
    start = time.perf_counter()
    list(mapping(function, samples))
    return (time.perf_counter() - start) / len(samples)


def _samples(size, count):
    """Samples whose output is their target with noise."""
    rng = np.random.default_rng(0)
    target, reference = (image[:size, :size] for image in (skimage.data.chelsea(), skimage.data.astronaut()))
    outputs = np.uint8(np.clip(target + rng.normal(0, 10, [count, *target.shape]), 0, 255))
    images = {"source": target, "reference": reference, "target": target}
    rgb = {name: np.stack([image] * count) for name, image in images.items()} | {"output": outputs}
    options = config.load("colorization", dataset="sample")
    return metrics.evaluation_samples(rgb, **options.sample_arguments)


if __name__ == "__main__":
    main()
