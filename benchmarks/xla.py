"""What XLA does to a training step (--xla): whether gradients stay the same, what compiling costs, and what it saves.

    python -m benchmarks.xla                # every generator, small, ten minutes on two CPU cores
    python -m benchmarks.xla --size 256 --batch_size 4 --filters 64

A ratio is the median, over rounds, of the compiled step's time to that of the other one in the same round. An error is
the norm of the difference of a weight's two gradients, relative to the gradient's norm: the largest of all weights, and
the median of three batches. Rounding can switch a ReLU whose input is nearly 0. That is rare, and changes gradients by
one percent.
"""

import argparse
import statistics
import time

import numpy as np
import tensorflow as tf
from tensorflow import keras

import config
import engine

DRAWS = 3
# Enhancement's own kernel, of ratio 1000, would turn a rounding error of 1e-6 into a hundredth of the gradient.
CASES = {
    "U-Net, colorization": ("colorization", {}),
    "U-Net, dense, pool, average": (
        "color_transfer",
        {"encoder": "dense", "image_pool": 2, "ema_decay": 0.9, "adversarial_loss": "hinge"},
    ),
    "ResNet, edges2photos": ("edges2photos", {"generator": "resnet", "adversarial_loss": "lsgan"}),
    "HDRNet, matched": ("color_transfer", {"generator": "hdrnet", "matched": True, "source_histogram": True}),
    "HDRNet, more losses": ("colorization", {"generator": "hdrnet", "pixel": 1, "ssim": 1, "smoothness": 1}),
    "HDRNet, enhancement": ("enhancement", {"kernel_width_ratio": 2.5}),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=64, help="side of the images in pixels (default: %(default)s)")
    parser.add_argument("--batch_size", type=int, default=2, help="images per step (default: %(default)s)")
    parser.add_argument("--filters", type=int, default=8, help="filters of the first layer (default: %(default)s)")
    parser.add_argument("--bins", type=int, default=64, help="bins of the histograms (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=8, help="timed steps of each (default: %(default)s)")
    parser.add_argument("--cases", nargs="+", default=CASES, choices=CASES)
    args = parser.parse_args()
    print("| step | error of gradients | first three steps | first three, XLA | ratio of later steps |")
    print("|---|---|---|---|---|")
    for name in args.cases:
        sizes = {"bins": args.bins, "filters": args.filters, "batch_size": args.batch_size}
        error, first, ratio = compare(name, args.size, **sizes, rounds=args.rounds)
        print(f"| {name} | {error:.1e} | {first[0]:.0f} s | {first[1]:.0f} s | {ratio:.2f} |", flush=True)


def compare(name, size, *, bins, filters, batch_size=2, rounds=0):
    """Compare the two steps of a case.

    Returns:
        The error of the gradients; the seconds of the first three steps, not compiled and compiled; and the ratio of
        later steps, None without rounds.
    """
    task, settings = CASES[name]
    options = config.load(task, dataset="sample", img_h=size, img_w=size, bin_num=bins, filters=filters, **settings)
    batches = _batches(options, batch_size)
    steps, firsts, gradients = [], [], []
    for jit_compile in (False, True):
        keras.utils.set_random_seed(0)
        model = engine.build_model(options)
        model.compile(keras.optimizers.SGD(1.0), keras.optimizers.SGD(1.0), jit_compile=jit_compile)
        step = tf.function(model.train_step, jit_compile=jit_compile)
        start = time.perf_counter()
        gradients.append(_gradients(model, step, batches))
        firsts.append(time.perf_counter() - start)
        steps.append(step)
    errors = [_largest_error(*pair) for pair in zip(*gradients, strict=True)]
    ratios = []
    for _ in range(rounds):
        plain, compiled = (_seconds(step, batches[0]) for step in steps)
        ratios.append(compiled / plain)
    return statistics.median(errors), firsts, statistics.median(ratios) if ratios else None


def _batches(options, batch_size):
    rng = np.random.default_rng(0)
    channels = {"source": options.data.channels, "reference": options.data.out_channels}
    channels["target"] = options.data.out_channels
    return [
        {
            name: tf.constant(rng.uniform(-1, 1, [batch_size, *options.image_size, count]), tf.float32)
            for name, count in channels.items()
        }
        for _ in range(DRAWS)
    ]


def _gradients(model, step, batches):
    """What a step of gradient descent with rate 1 subtracts from each weight: a list of arrays for each batch."""
    weights = [weight for network in model.networks.values() for weight in network.trainable_variables]
    before = [weight.numpy() for weight in weights]
    found = []
    for batch in batches:
        step(batch)
        found.append([old - weight.numpy() for old, weight in zip(before, weights, strict=True)])
        for old, weight in zip(before, weights, strict=True):
            weight.assign(old)
    return found


def _largest_error(gradients, compiled):
    """The largest relative error of a weight's gradient.

    The gradient of a bias before a norm is 0 up to rounding. So two gradients count as 0 if both are below a millionth
    of the norm of all gradients together.
    """
    rounding = 1e-6 * np.linalg.norm([np.linalg.norm(gradient) for gradient in gradients])
    pairs = zip(gradients, compiled, strict=True)
    counted = (pair for pair in pairs if max(map(np.linalg.norm, pair)) > rounding)
    return max(np.linalg.norm(other - one) / np.linalg.norm(one) for one, other in counted)


def _seconds(step, batch):
    start = time.perf_counter()
    tf.nest.map_structure(np.asarray, step(batch))  # waits for the device
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
