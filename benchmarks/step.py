"""What histogram losses add to a training step: each variant beside its networks alone, in turn, step by step.

    python -m benchmarks.step --size 256 --batch_size 4     # two minutes on two CPU cores

A ratio is the median, over rounds, of a variant's step to that of the first of its group in the same round.
"""

import argparse
import statistics
import time

import numpy as np
import skimage.data
import tensorflow as tf

import config
from datasets import resize
from engine.build import build_model, compile_model
from utils import to_network

_ALONE = {"structure": 0, "color": 0}
GROUPS = {
    "enhancement, HDRNet": {
        "L2": ("enhancement", {"color": 0}),
        "L2 + HistMatch, ratio 1000": ("enhancement", {}),
        "L2 + HistMatch, ratio 2.5": ("enhancement", {"kernel_width_ratio": 2.5}),
    },
    "colorization, U-Net": {
        "adversarial": ("colorization", _ALONE),
        "adversarial, color and structure": ("colorization", {}),
    },
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--batch_size", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--groups", nargs="+", default=[*GROUPS], choices=GROUPS, help="all, unless some are named")
    args = parser.parse_args()
    print(f"{args.batch_size} images of {args.size} px, {len(tf.config.list_physical_devices('GPU'))} GPUs")
    for group in args.groups:
        steps = {name: make_step(*variant, args) for name, variant in GROUPS[group].items()}
        seconds = {name: [] for name in steps}
        for _ in range(args.rounds):
            for name, step in steps.items():
                start = time.perf_counter()
                step()
                seconds[name].append(time.perf_counter() - start)
        first = next(iter(seconds.values()))
        print(group)
        for name, values in seconds.items():
            ratio = statistics.median(value / alone for value, alone in zip(values, first, strict=True))
            print(f"  {name:36} {statistics.median(values):.3f} s, {ratio:.2f} of the first", flush=True)


def make_step(task, overrides, args):
    """A function that takes one training step on a batch of photographs, already traced."""
    options = config.load(task, img_h=args.size, img_w=args.size, batch_size=args.batch_size, **overrides)
    model = build_model(options)
    compile_model(model, options, steps_per_epoch=100)
    photograph = skimage.data.coffee()
    crops = [resize(photograph[:, 20 * n : 20 * n + 400], options.image_size) for n in range(args.batch_size)]
    target = to_network(tf.constant(np.stack(crops) / 255, tf.float32), options.data.color_space)
    batch = {"source": 0.7 * target, "reference": target, "target": target}
    step = tf.function(model.train_step, autograph=False)
    step(batch)
    return lambda: [value.numpy() for value in step(batch).values()]


if __name__ == "__main__":
    main()
