"""Measure how fast a run trains and tests on this machine, and print it as a line of JSON.

    python -m benchmarks.pace --task colorization --dataset sample     # the arguments are those of train.py

A step is the mean of 20, with the loading of their images, after three that are not counted. An image is the mean over
one batch of test images, which are translated and measured one after the other.
"""

import json
import math
import time

from tensorflow import keras

import config
import engine
import metrics
from engine.distributed import set_precision
from engine.inference import translated_samples
from engine.run_folder import environment
from utils import exit_on_user_error

WARM, STEPS = 3, 20


def main():
    options = config.parse_training(prog="python -m benchmarks.pace")["options"]
    set_precision(options)
    splits = engine.open_dataset(options, "train", "test").splits
    pipeline = engine.open_pipeline(options, splits["train"])
    model = engine.build_model(options)
    engine.compile_model(model, options, pipeline.steps_per_epoch)
    model.step_logs = False
    batches = pipeline.training_stream(options.data.jitter).map(engine.network_images(options), num_parallel_calls=2)
    trained = bool(model.generator.trainable_variables)
    steps = min(options.run.epochs * pipeline.steps_per_epoch, options.run.max_steps or math.inf)
    pace = {
        "device": environment()["device"],
        "steps": steps if trained else 0,
        "step": seconds_per_step(model, batches.prefetch(1)) if trained else 0.0,
        "images": len(splits["test"].images),
        "image": seconds_per_image(model, engine.open_pipeline(options, splits["test"]), options),
    }
    print(json.dumps(pace))


def seconds_per_step(model, batches):
    """Train a compiled model on an endless stream of batches, and return the seconds of each counted step."""
    clock = _Clock()
    model.fit(batches, steps_per_epoch=WARM + STEPS, shuffle=False, verbose=0, callbacks=[clock])
    start, end = clock.times
    return (end - start) / STEPS


class _Clock(keras.callbacks.Callback):
    """Notes the times before and after the counted steps."""

    def __init__(self):
        super().__init__()
        self.times = []

    def on_train_batch_end(self, batch, logs=None):
        if batch + 1 in (WARM, WARM + STEPS):
            int(self.model.optimizer.iterations)  # waits for the device
            self.times.append(time.perf_counter())


def seconds_per_image(model, pipeline, options):
    """Translate and measure one batch of images, for the second time, and return the seconds of each."""
    translator = engine.make_translator(model, options, dtype=pipeline.split.images.dtype)
    batch = next(iter(pipeline.evaluation_batches()))
    for _ in range(2):  # the first time, TensorFlow traces its functions
        start = time.perf_counter()
        samples = translated_samples(translator, batch, options)
        for sample in samples:
            metrics.measure(sample)
        seconds = time.perf_counter() - start
    return seconds / len(samples)


if __name__ == "__main__":
    with exit_on_user_error():
        main()
