"""Compare training steps with and without XLA (--xla): their gradients, the time to compile, and the time saved.

    python -m benchmarks.xla                # all cases at a small size; ten minutes on two CPU cores
    python -m benchmarks.xla --size 256 --batch_size 4 --filters 64

The ratio is the time of the compiled step divided by the time of the step without XLA in the same round. The table has
the median ratio over the rounds. The error of a weight is the norm of the difference between its two gradients, divided
by the norm of its gradient without XLA. The table has the largest error of all weights, as the median of three batches.
In rare cases, rounding switches a ReLU whose input is nearly 0, and changes gradients by one percent.
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
# With enhancement's default kernel (ratio 1000), a rounding error of 1e-6 would change the gradient by one percent.
CASES = {
    "U-Net, colorization": ("colorization", {}),
    "U-Net, dense, pool, average": (
        "color_transfer",
        {"encoder": "dense", "image_pool": 2, "ema_decay": 0.9, "adversarial_loss": "hinge"},
    ),
    "ResNet, edges2photos": ("edges2photos", {"generator": "resnet", "adversarial_loss": "lsgan"}),
    "HDRNet, matched": ("color_transfer", {"generator": "hdrnet", "matched": True, "source_histogram": True}),
    "HDRNet, more losses": ("colorization", {"generator": "hdrnet", "pixel": 1, "ssim": 1, "smoothness": 1}),
    "HDRNet, enhancement": ("enhancement", {"kernel_width_ratio": 2.5, "filters": 64}),  # it takes no other filters
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=64, help="side of the images in pixels (default: %(default)s)")
    parser.add_argument("--batch_size", type=int, default=2, help="images per step (default: %(default)s)")
    parser.add_argument("--filters", type=int, default=8, help="filters of the first layer (default: %(default)s)")
    parser.add_argument("--bins", type=int, default=64, help="bins of the histograms (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=8, help="timed steps with and without XLA (default: %(default)s)")
    parser.add_argument("--cases", nargs="+", default=CASES, choices=CASES)
    args = parser.parse_args()
    print("| step | error of gradients | first three steps | first three, XLA | ratio of later steps |")
    print("|---|---|---|---|---|")
    for name in args.cases:
        sizes = {"bins": args.bins, "filters": args.filters, "batch_size": args.batch_size}
        error, first, ratio = compare(name, args.size, **sizes, rounds=args.rounds)
        print(f"| {name} | {error:.1e} | {first[0]:.0f} s | {first[1]:.0f} s | {ratio:.2f} |", flush=True)


def compare(name, size, *, bins, filters, batch_size=2, rounds=0):
    """Compare the steps of a case with and without XLA.

    Returns:
        The error of the gradients; the seconds of the first three steps, ``[without XLA, with XLA]``; and the
        time of a later step with XLA divided by its time without, or None if ``rounds`` is 0.
    """
    task, settings = CASES[name]
    settings = {"filters": filters} | settings
    options = config.load(task, dataset="sample", img_h=size, img_w=size, bin_num=bins, **settings)
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
    """Return the change of each weight in a step of gradient descent with rate 1: one list of arrays per batch."""
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
    """Return the largest relative error of the gradients over all weights.

    The gradient of a bias before a normalization layer is 0, up to rounding. So a weight is left out if the norms of
    both gradients are at most a millionth of the norm of all gradients together.
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
