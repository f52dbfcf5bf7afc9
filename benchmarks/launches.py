"""The operations that a training step executes, counted in the profiler's trace, by part.

    python -m benchmarks.launches                                # as this device works: a CPU a few planes at a time
    python -m benchmarks.launches --as_gpu                       # on a CPU, as a GPU works: all planes together
    python -m benchmarks.launches --generator hdrnet --size 128 --batch_size 1

A GPU launches a kernel or more for most of them, at 5 to 10 us each. Operations that move no data (a reshape, a
constant, the reading of a variable) are not counted.
"""

import argparse
import re
import tempfile
from collections import Counter
from pathlib import Path

import tensorflow as tf
from tensorflow.tsl.profiler.protobuf import xplane_pb2

import config
from benchmarks.step import photographs
from engine.factory import build_model
from engine.training.schedules import compile_model
from histogram_layers.fast import arithmetic
from utils.colors import to_network

# The first that a name holds is its part.
PARTS = {
    "updates": r"updates/",
    "histogram layers": r"histogram|/joint",
    "losses": r"_loss/",
    "check for NaN": r"global_norm|IsFinite",
    "discriminator": r"discriminator",
    "generator": r"generator",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--task", default="colorization")
    parser.add_argument("--generator", default="unet")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--batch_size", type=int, default=4)
    parser.add_argument("--filters", type=int, default=64)
    parser.add_argument("--as_gpu", action="store_true")
    args = parser.parse_args()
    if args.as_gpu:
        arithmetic.on_gpu = lambda: True
    names = Counter(part_of(name) for name in executed(*training_step(args)))
    print(f"{args.task}, {args.generator}, {args.batch_size} images of {args.size} px")
    for part, count in names.most_common():
        print(f"{count:7} {part}")
    print(f"{names.total():7} in all")


def training_step(args):
    """A HueNet's step, and the batch it takes."""
    sizes = {"img_h": args.size, "img_w": args.size, "batch_size": args.batch_size, "filters": args.filters}
    options = config.load(args.task, generator=args.generator, **sizes)
    model = build_model(options)
    compile_model(model, options, steps_per_epoch=100)
    target = to_network(photographs(args), options.data.color_space)
    source = target[..., : options.data.channels]
    return model.train_step, {"source": source, "reference": target, "target": target}


def executed(function, *arguments):
    """The names of the operations that a function of tensors executes, the second time it is called."""
    traced = tf.function(function, autograph=False)
    traced(*arguments)
    with tempfile.TemporaryDirectory() as folder:
        with tf.profiler.experimental.Profile(folder):
            tf.nest.map_structure(lambda value: tf.convert_to_tensor(value).numpy(), traced(*arguments))
        (trace,) = Path(folder).rglob("*.xplane.pb")
        space = xplane_pb2.XSpace.FromString(trace.read_bytes())
    names = [
        plane.event_metadata[event.metadata_id].name
        for plane in space.planes
        for line in plane.lines
        for event in line.events
    ]
    return [name for name in names if re.fullmatch(r"[^ :]+:(?!ReadVariableOp)_?[A-Z]\w+", name)]


def part_of(name):
    """The part of the step that an operation belongs to."""
    return next((part for part, pattern in PARTS.items() if re.search(pattern, name)), "the rest")


if __name__ == "__main__":
    main()
