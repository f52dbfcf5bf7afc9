"""Count the operations that each part of a training step executes, in the profiler's trace.

    python -m benchmarks.launches                                # as this device works; CPU: a few planes at a time
    python -m benchmarks.launches --as_gpu                       # on a CPU, as a GPU works: all planes together
    python -m benchmarks.launches --generator hdrnet --size 128 --batch_size 1

For most of these operations, a GPU launches one or more kernels, and each launch takes 5 to 10 us. Operations that move
no data are not counted, such as reshaping, constants and reading a variable.
"""

import argparse
import re
import tempfile
from collections import Counter
from pathlib import Path

import tensorflow as tf
from tensorflow.tsl.profiler.protobuf import xplane_pb2

import config
import engine
from benchmarks.step import network_batch

# An operation belongs to the first part whose pattern occurs in its name.
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
    parser.add_argument("--task", default="colorization", help="task of the step (default: %(default)s)")
    parser.add_argument("--generator", default="unet", help="generator of the step (default: %(default)s)")
    parser.add_argument("--size", type=int, default=256, help="side of the images in pixels (default: %(default)s)")
    parser.add_argument("--batch_size", type=int, default=4, help="images per step (default: %(default)s)")
    parser.add_argument("--filters", type=int, default=64, help="filters of the first layer (default: %(default)s)")
    parser.add_argument("--as_gpu", action="store_true", help="on a CPU, execute the same operations as on a GPU")
    args = parser.parse_args()
    if args.as_gpu:
        # The histogram layers work as on a GPU if TensorFlow sees a GPU.
        tf.config.get_visible_devices = lambda kind=None: [kind]
    sizes = {"img_h": args.size, "img_w": args.size, "batch_size": args.batch_size, "filters": args.filters}
    options = config.load(args.task, generator=args.generator, **sizes)
    model = engine.build_model(options)
    engine.compile_model(model, options, steps_per_epoch=100)
    names = Counter(part_of(name) for name in executed(model.train_step, network_batch(options)))
    print(f"{args.task}, {args.generator}, {args.batch_size} images of {args.size} px")
    for part, count in names.most_common():
        print(f"{count:7} {part}")
    print(f"{names.total():7} in all")


def executed(function, *arguments):
    """Return the names of the operations that a function of tensors executes on its second call."""
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
    """Return the part of the step that an operation belongs to."""
    return next((part for part, pattern in PARTS.items() if re.search(pattern, name)), "the rest")


if __name__ == "__main__":
    main()
