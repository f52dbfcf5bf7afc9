"""Compare `bilateral_slice` at full resolution with the same formula as one einsum: seconds and memory.

    python -m benchmarks.slicing                          # 3840 x 2160, a minute on two CPU cores; 13 GB for the einsum
    python -m benchmarks.slicing --height 1080 --width 1920

Each function runs in its own process, and is traced before it is timed. The memory is the rise of the peak memory of
the process.
"""

import argparse
import multiprocessing
import resource
import time

import numpy as np
import tensorflow as tf

from models import bilateral_slice

CELLS = (16, 16, 8)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--height", type=int, default=2160, help="height of the image in pixels (default: %(default)s)")
    parser.add_argument("--width", type=int, default=3840, help="width of the image in pixels (default: %(default)s)")
    args = parser.parse_args()
    print(f"{args.width} x {args.height}\n{'':16}  seconds    GB")
    outputs = []
    for name, work in (("bilateral_slice", bilateral_slice), ("one einsum", slice_by_einsum)):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, memory, mean = pool.apply(measure, (work, args.height, args.width))
        outputs.append(mean)
        print(f"{name:16} {seconds:8.2f} {memory:6.2f}", flush=True)
    print(f"largest difference of the column means: {np.abs(outputs[0] - outputs[1]).max():.1e}")


def measure(work, height, width):
    """Return the shortest of three times in seconds, the rise of peak memory in GB, and the output's column means."""
    draw = np.random.default_rng(0)
    grid = tf.constant(draw.normal(size=[1, *CELLS, 3, 4]), tf.float32)
    guide = tf.constant(draw.uniform(size=[1, height, width, 1]), tf.float32)
    image = tf.constant(draw.uniform(size=[1, height, width, 3]), tf.float32)
    work = tf.function(work, autograph=False)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    output = work(grid, guide, image)
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        output = work(grid, guide, image)
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return min(seconds), (peak - before) / 2**20, output.numpy().mean(axis=(0, 1))


def slice_by_einsum(grid, guide, image):
    """Compute `bilateral_slice` with one einsum for all coefficients."""
    height, width = image.shape[1:3]
    rows, columns, levels = CELLS
    place = tf.clip_by_value(levels * guide[0] - 0.5, 0, levels - 1)
    weights = tf.maximum(1 - tf.abs(place - tf.range(levels, dtype=tf.float32)), 0)
    coefficients = tf.einsum(
        "yi,xj,yxk,ijkoc->yxoc", _tents(height, rows), _tents(width, columns), weights, grid[0], optimize="optimal"
    )
    inputs = tf.concat([image[0], tf.ones_like(guide[0])], axis=-1)
    return tf.reduce_sum(coefficients * inputs[:, :, None], axis=-1)[None]


def _tents(pixels, cells):
    places = np.clip((np.arange(pixels) + 0.5) * cells / pixels - 0.5, 0, cells - 1)
    return np.float32(np.maximum(1 - np.abs(places[:, None] - np.arange(cells)), 0))


if __name__ == "__main__":
    main()
