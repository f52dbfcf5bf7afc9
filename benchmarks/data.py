"""Compare the data pipeline with training, by the images per second that each of them handles.

    python -m benchmarks.data       # one minute

The data are 1,000 JPEG files of 256 x 256 pixels, cropped from photographs in scikit-image. The task is colorization at
256 px, with jitter and batches of 4, as in the published runs. A training step is U-Net and PatchGAN with all losses.
Each rate is the best of three. The rates are measured one after the other, on all cores of the machine.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import skimage.data
import tensorflow as tf
from PIL import Image

import config
import engine
from datasets import Pipeline, examine_files, open_dataset
from utils.images import decode, resize

PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "immunohistochemistry", "retina", "rocket")
COUNT, SIZE = 1000, 256
STEPS = 4


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    options = config.load("colorization")
    with tempfile.TemporaryDirectory() as root:
        paths = write_photographs(Path(root) / "photographs")
        print(f"{'':34}images/s   training steps' need")
        rates = {
            "check of the files": rate(lambda: examine_files(paths), COUNT),
            "decode, one after the other": rate(lambda: [decode(Path(path).read_bytes()) for path in paths], COUNT),
        }
        split = open_dataset("colorization", "photographs", root).splits["train"]
        for cache, name in (("none", "pipeline"), ("memory", "pipeline, memory"), (f"{root}/cache", "pipeline, disk")):
            pipeline = Pipeline(split, image_size=(SIZE, SIZE), batch_size=4, cache=cache)
            rates[name] = feed(pipeline, options, warm=cache != "none")
        need = training_rate(pipeline, options)
        for name, value in rates.items():
            print(f"{name:34}{value:10.0f}{value / need:12.0f} x")
        print(f"{'training':34}{need:10.1f}")


def write_photographs(folder):
    """Write 1,000 random crops as JPEG files of quality 90, and return their paths."""
    folder.mkdir()
    draw, paths = np.random.default_rng(0), []
    photographs = [resize(image(), (512, 640)) for image in (getattr(skimage.data, name) for name in PHOTOGRAPHS)]
    for number in range(COUNT):
        photograph = photographs[number % len(photographs)]
        y, x = (int(draw.integers(0, side - SIZE)) for side in photograph.shape[:2])
        paths.append(str(folder / f"{number:04d}.jpg"))
        Image.fromarray(photograph[y : y + SIZE, x : x + SIZE]).save(paths[-1], quality=90)
    return paths


def rate(work, count):
    """Return the images per second: the best of three, because other work on the machine can only slow it down."""
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return count / min(seconds)


def feed(pipeline, options, *, warm):
    """Return the images per second of the training stream. If ``warm``, two epochs run first, to fill the cache."""
    stream = iter(network_stream(pipeline, options))
    for _ in range(2 * pipeline.steps_per_epoch if warm else 10):
        next(stream)
    return rate(lambda: [next(stream) for _ in range(100)], 400)


def network_stream(pipeline, options):
    """Return the stream of batches that training takes, in the network's color space."""
    return pipeline.training_stream().map(engine.network_images(options), num_parallel_calls=2).prefetch(1)


def training_rate(pipeline, options):
    """Return the images per second of training that never waits for data, because it repeats one batch."""
    model = engine.build_model(options)
    engine.compile_model(model, options, pipeline.steps_per_epoch)
    batch = next(iter(network_stream(pipeline, options)))
    step = tf.function(model.train_step)
    step(batch)
    return rate(lambda: [step(batch) for _ in range(STEPS)], STEPS * pipeline.batch_size)


if __name__ == "__main__":
    main()
