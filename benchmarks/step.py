"""What histogram losses and layers add to a training step: each variant beside the network alone, in turn.

    python -m benchmarks.step                                      # each generator: ten minutes on two CPU cores
    python -m benchmarks.step --groups unet hdrnet --size 128
    python -m benchmarks.step --groups classifier --size 224 --batch_size 32

A ratio is the median, over rounds, of a variant's step to that of the first of its group in the same round. The
released formula keeps maps of pixels x bins: it takes some 10 GB at 256 px and batch 4.
"""

import argparse
import contextlib
import statistics
import time

import numpy as np
import skimage.data
import tensorflow as tf
from tensorflow import keras

import config
from benchmarks.histograms_tensorflow import released_joint, released_soft
from engine.factory import build_model
from engine.training.schedules import compile_model
from histogram_layers import HistogramMatching, layers
from utils.colors import to_network
from utils.images import resize


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--batch_size", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=8)
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


def huenet(task, released=False, **overrides):
    """A function of the arguments that makes a HueNet's step on a batch of photographs."""

    def make(args):
        options = config.load(task, img_h=args.size, img_w=args.size, batch_size=args.batch_size, **overrides)
        model = build_model(options)
        compile_model(model, options, steps_per_epoch=100)
        target = to_network(photographs(args), options.data.color_space)
        batch = {"source": 0.7 * target[..., : options.data.channels], "reference": target, "target": target}
        with released_formula() if released else contextlib.nullcontext():
            return traced(model, batch)

    return make


def classifier(*before):
    """A function of the arguments that makes a MobileNetV2's step with layers before it."""

    def make(args):
        network = keras.applications.MobileNetV2(weights=None, input_shape=(args.size, args.size, 3), classes=10)
        model = keras.Sequential([keras.Input((args.size, args.size, 3)), *(layer() for layer in before), network])
        model.compile("adam", "sparse_categorical_crossentropy", jit_compile=False)
        return traced(model, (photographs(args), tf.range(args.batch_size) % 10))

    return make


def photographs(args):
    """A batch of crops, ``[B, size, size, 3]`` in [0, 1]."""
    crops = [skimage.data.coffee()[:, 7 * n : 7 * n + 360] for n in range(args.batch_size)]
    return tf.constant(np.stack([resize(crop, (args.size, args.size)) for crop in crops]) / 255, tf.float32)


def traced(model, batch):
    """A function that takes one training step, and waits for it."""
    step = tf.function(model.train_step, autograph=False)

    def run():
        return [tf.convert_to_tensor(value).numpy() for value in tf.nest.flatten(step(batch))]

    run()
    return run


@contextlib.contextmanager
def released_formula():
    """Histogram layers that are traced meanwhile compute by the released formula."""
    ours = layers.soft_histogram, layers.joint_histogram
    layers.soft_histogram, layers.joint_histogram = released_soft, released_joint
    yield
    layers.soft_histogram, layers.joint_histogram = ours


def matching(method):
    """A function that makes a layer that matches images in [0, 1] to a learned histogram."""
    return lambda: HistogramMatching(method=method, value_range=(0.0, 1.0))


def steps_of(generator):
    """The variants of a generator's step in colorization, the one without histogram losses first."""
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
