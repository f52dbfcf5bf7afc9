"""Measure how much time histogram losses and layers add to a training step.

    python -m benchmarks.step                                      # all generators; ten minutes on two CPU cores
    python -m benchmarks.step --groups unet hdrnet --size 128
    python -m benchmarks.step --groups classifier --size 224 --batch_size 32

In each round, every variant of a group takes one step. The ratio is its time divided by the time of the group's first
variant. The table has the median ratio over the rounds. The released formula takes about 10 GB at 256 px and batch 4,
because it keeps maps of pixels x bins.
"""

import argparse
import statistics
import time

import numpy as np
import skimage.data
import tensorflow as tf
from tensorflow import keras

import config
import engine
import models
from benchmarks.released import color_and_structure, released_joint, released_soft
from datasets import TASKS
from histogram_layers import HistogramMatching
from utils.images import resize


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=256, help="side of the images in pixels (default: %(default)s)")
    parser.add_argument("--batch_size", type=int, default=4, help="images per step (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=8, help="timed steps of each variant (default: %(default)s)")
    parser.add_argument("--groups", nargs="+", default=["unet", "resnet", "hdrnet"], choices=GROUPS)
    args = parser.parse_args()
    print(f"{args.batch_size} images of {args.size} px, {len(tf.config.list_physical_devices('GPU'))} GPUs\n")
    print("| step | | seconds | ratio |\n|---|---|---|---|")
    for group in args.groups:
        steps = {name: make(args) for name, make in GROUPS[group].items()}
        seconds = {name: [] for name in steps}
        for _ in range(args.rounds):
            for name, step in steps.items():
                start = time.perf_counter()
                step()
                seconds[name].append(time.perf_counter() - start)
        first = next(iter(seconds.values()))
        for name, values in seconds.items():
            ratio = statistics.median(value / alone for value, alone in zip(values, first, strict=True))
            print(f"| {group} | {name} | {statistics.median(values):.2f} | {ratio:.2f} |", flush=True)


def huenet(task, *, released=False, **overrides):
    """Return a function of the arguments that makes the training step of a HueNet on a batch of photographs."""

    def make(args):
        options = config.load(task, img_h=args.size, img_w=args.size, batch_size=args.batch_size, **overrides)
        model = engine.build_model(options)
        if released:
            model = with_released_losses(model, options)
        engine.compile_model(model, options, steps_per_epoch=100)
        return traced(model, network_batch(options))

    return make


def with_released_losses(model, options):
    """Make a HueNet of the same networks with color and structure losses by the released formula.

    Both losses together replace the pixel loss, because they too need only the images. The histogram layers stay in the
    model, but TensorFlow does not execute them, because no loss needs them. The content must be the target.
    """
    weights = options.losses.weights
    losses = color_and_structure(released_soft, released_joint, options.histogram.bins)

    def weighted(target, output):
        color, structure = map(tf.reduce_mean, losses(target, target, output))
        return weights["color"] * color + weights["structure"] * structure

    changed = weights | {"color": 0.0, "structure": 0.0, "pixel": 1.0}
    return models.HueNet(model.generator, model.discriminator, {"pixel": weighted}, changed)


def classifier(*before):
    """Return a function of the arguments that makes the training step of a MobileNetV2 with layers in front."""

    def make(args):
        network = keras.applications.MobileNetV2(weights=None, input_shape=(args.size, args.size, 3), classes=10)
        model = keras.Sequential([keras.Input((args.size, args.size, 3)), *(layer() for layer in before), network])
        model.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
        return traced(model, (photographs((args.size, args.size), args.batch_size), tf.range(args.batch_size) % 10))

    return make


def network_batch(options):
    """Make a batch of photographs in the network's colors. The sources are darker than the targets or references."""
    rgb = photographs(options.image_size, options.data.batch_size)
    wanted = "target" if TASKS[options.task].paired else "reference"
    return engine.network_images(options)({"source": 0.7 * rgb, wanted: rgb})


def photographs(size, count):
    """Return crops of a photograph: ``[count, *size, 3]`` in [0, 1]."""
    crops = [skimage.data.coffee()[:, 7 * n : 7 * n + 360] for n in range(count)]
    return tf.constant(np.stack([resize(crop, size) for crop in crops]) / 255, tf.float32)


def traced(model, batch):
    """Trace the training step. Return a function that runs one step, and waits for its results."""
    step = tf.function(model.train_step, autograph=False)

    def run():
        return [tf.convert_to_tensor(value).numpy() for value in tf.nest.flatten(step(batch))]

    run()
    return run


def matching(method):
    """Return a function that makes a layer. The layer matches images in [0, 1] to a learned histogram."""
    return lambda: HistogramMatching(method=method, value_range=(0.0, 1.0))


def steps_of(generator):
    """Return the variants of a generator's training step in colorization. The first has no histogram losses."""
    return {
        "networks alone": huenet("colorization", generator=generator, structure=0, color=0),
        "with the histogram losses": huenet("colorization", generator=generator),
        "with them, bfloat16": huenet("colorization", generator=generator, mixed_precision=True),
        "with them, the released formula": huenet("colorization", generator=generator, released=True),
    }


GROUPS = {
    **{generator: steps_of(generator) for generator in ("unet", "resnet", "hdrnet")},
    "enhancement": {
        "HDRNet, L2": huenet("enhancement", color=0),
        "L2 + HistMatch, ratio 1000": huenet("enhancement"),
        "L2 + HistMatch, ratio 2.5": huenet("enhancement", kernel_width_ratio=2.5),
    },
    "classifier": {
        "MobileNetV2": classifier(),
        "after matching, sort": classifier(matching("sort")),
        "after matching, cdf": classifier(matching("cdf")),
    },
}


if __name__ == "__main__":
    main()
