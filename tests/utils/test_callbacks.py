"""Callbacks in a real `fit`."""

import json

import numpy as np
import pytest
import tensorflow as tf
from skimage.io import imread
from tensorflow import keras

from models.average import MovingAverage
from utils.callbacks import Checkpoints, MetricsLog, SamplePictures, StopAtStep


class Counting(keras.callbacks.Callback):
    """The number of steps taken, for the callbacks that ask for it."""

    def __init__(self):
        super().__init__()
        self.steps = 0

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1


class Network(keras.Sequential):
    """What the callbacks ask of a model: weights and their moving average."""

    def averaged(self):
        return self.average.in_place()


def histograms(value=1.0):
    flat = np.full([2, 4], value / 4)
    return {"reference": flat, "output": flat, "joint": np.full([2, 4, 4], 1 / 16), "channels": np.array(["u", "v"])}


@pytest.fixture
def model():
    model = Network([keras.Input((3,)), keras.layers.Dense(4), keras.layers.BatchNormalization()])
    model.compile("sgd", "mse")
    model.average = MovingAverage(model.trainable_variables, 0.5)  # it stays what the weights are here
    return model


@pytest.fixture
def data(rng):
    return tf.data.Dataset.from_tensors((np.float32(rng.normal(size=[8, 3])), np.zeros([8, 4], np.float32))).repeat()


def fit(model, data, make, epochs=3):
    counting = Counting()
    callbacks = [counting, *make(lambda: counting.steps)]
    model.fit(data, epochs=epochs, steps_per_epoch=4, verbose=0, shuffle=False, callbacks=callbacks)
    return counting.steps


def test_metrics_are_a_json_line_an_epoch(model, data, tmp_path):
    fit(model, data, lambda step: [MetricsLog(tmp_path / "logs" / "metrics.jsonl", step)])
    lines = [json.loads(line) for line in (tmp_path / "logs" / "metrics.jsonl").read_text().splitlines()]
    assert [(line["epoch"], line["step"]) for line in lines] == [(1, 4), (2, 8), (3, 12)]
    assert all(np.isfinite(line["loss"]) for line in lines)


def test_training_ends_at_the_step_within_an_epoch(model, data):
    assert fit(model, data, lambda step: [StopAtStep(6, step)]) == 6


@pytest.mark.parametrize("last,saved", [(12, [8, 12]), (6, [6]), (8, [8])])
def test_checkpoints_are_saved_every_so_many_epochs_and_once_at_the_end(model, data, tmp_path, last, saved):
    fit(model, data, lambda step: [StopAtStep(last, step), Checkpoints(tmp_path, {"a": model}, step, every=2)])
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"step-{step:08d}.npz" for step in saved]


def test_what_is_saved_and_drawn_is_the_average_and_training_goes_on_with_the_weights(model, data, tmp_path):
    first, drawn = model.trainable_variables[0].numpy(), []

    def draw():
        drawn.append(model.trainable_variables[0].numpy())
        return np.zeros([4, 6, 3], np.uint8), histograms()

    def make(step):
        pictures = SamplePictures(tmp_path / "samples", tmp_path / "logs", draw)
        return [pictures, Checkpoints(tmp_path / "checkpoints", {"a": model}, step, every=1)]

    fit(model, data, make, epochs=1)
    (path,) = (tmp_path / "checkpoints").iterdir()
    np.testing.assert_array_equal(np.load(path)["a/000"], first)
    np.testing.assert_array_equal(drawn[0], first)
    assert not np.allclose(model.trainable_variables[0], first)


def test_samples_are_drawn_before_training_and_after_each_epoch(model, data, tmp_path):
    drawn = iter(range(4))

    def draw():
        number = next(drawn)
        return np.full([4, 6, 3], number, np.uint8), histograms(number)

    fit(model, data, lambda step: [SamplePictures(tmp_path / "samples", tmp_path / "logs", draw)])
    assert [imread(tmp_path / "samples" / f"epoch-{k:04d}.png")[0, 0, 0] for k in range(4)] == [0, 1, 2, 3]
    assert [np.load(tmp_path / "samples" / f"epoch-{k:04d}.npz")["output"].sum() for k in range(4)] == [0, 2, 4, 6]
    (events,) = (str(path) for path in (tmp_path / "logs").glob("events*"))
    shown = [(v.tag, event.step) for event in tf.compat.v1.train.summary_iterator(events) for v in event.summary.value]
    assert shown == [(name, k) for k in range(4) for name in ("samples", "histograms", "joint histograms")]
