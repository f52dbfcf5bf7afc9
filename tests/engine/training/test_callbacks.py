"""Callbacks in a real `fit`: the log of metrics, the ends of epochs, and sample images."""

import json
import traceback

import numpy as np
import pytest
import tensorflow as tf
from skimage.io import imread

from engine.run_folder.signals import StopSignal
from engine.training.callbacks import Epochs, MetricsLog, SampleImages, StepsLog
from engine.training.nonfinite import NonFinite
from engine.training.progress import Progress
from tests.commands import events
from tests.tiny import tiny_huenet
from utils import read_lines


def histograms(value=1.0):
    flat = np.full([2, 4], value / 4)
    return {"reference": flat, "output": flat, "joint": np.full([2, 4, 4], 1 / 16), "channels": np.array(["u", "v"])}


def test_metrics_are_logged_as_a_json_line_per_epoch_and_as_curves(make_model, fit, tmp_path):
    model = make_model()
    fit(model, [MetricsLog(tmp_path / "logs")])
    lines = [json.loads(line) for line in (tmp_path / "logs" / "metrics.jsonl").read_text().splitlines()]
    assert [(line["epoch"], line["step"]) for line in lines] == [(1, 4), (2, 8), (3, 12)]
    assert all(np.isfinite(line["pixel_loss"]) for line in lines)
    curve = [(step, value) for tag, step, value in events(tmp_path / "logs" / "train") if tag == "pixel_loss"]
    np.testing.assert_allclose(curve, [(line["epoch"], line["pixel_loss"]) for line in lines], rtol=1e-6)


@pytest.mark.long
def test_losses_are_logged_within_an_epoch_and_a_resumed_run_logs_the_same(make_model, fit, tmp_path):
    def train(model, folder, last):
        epochs = Epochs(4, last)
        fit(model, [epochs, MetricsLog(folder), StepsLog(folder, epochs, every=3)])
        return [json.loads(line) for line in (folder / "steps.jsonl").read_text().splitlines()]

    lines = train(make_model(), tmp_path / "once", 12)
    assert [(line["epoch"], line["step"]) for line in lines] == [(1, 3), (2, 6), (3, 9), (3, 12)]
    (epoch,) = [line for line in read_lines(tmp_path / "once" / "metrics.jsonl") if line["step"] == 12]
    assert lines[-1] == epoch
    curve = [(step, value) for tag, step, value in events(tmp_path / "once" / "steps") if tag == "pixel_loss"]
    np.testing.assert_allclose(curve, [(line["step"], line["pixel_loss"]) for line in lines], rtol=1e-6)
    model = make_model()
    train(model, tmp_path / "twice", 5)
    assert train(model, tmp_path / "twice", 12) == lines


def test_no_step_waits_for_the_device(fit, tmp_path, monkeypatch, capsys):
    reads, of_keras = [], {"function", "steps", "pythonify_logs", "_to_single_numpy_or_python_type"}
    tensor = type(tf.constant(0.0)).__mro__[1]

    def counted(original):
        def read(*arguments, **options):
            # What Keras reads after each step waits for nothing: its logs, here a constant; whether the data have ended
            # (Keras 3); how many steps are one execution (Keras 2).
            if not of_keras & {frame.name for frame in traceback.extract_stack(limit=6)}:
                reads.append(original.__name__)
            return original(*arguments, **options)

        return read

    for name in ("numpy", "__array__", "__int__", "__float__", "__bool__"):
        monkeypatch.setattr(tensor, name, counted(getattr(tensor, name)))

    model = tiny_huenet()  # of its own: it is traced with other logs
    model.step_logs = False

    def reads_of(steps, every):
        last = model.step_counter.value() + steps
        epochs = Epochs(600, last)
        nonfinite = NonFinite(tmp_path, epochs, every=every or 100, skip=False, next_batch=None, save=None)
        bar = Progress(epochs, last_step=last, batch_size=2, every=every)
        callbacks = [epochs, nonfinite, MetricsLog(tmp_path), StepsLog(tmp_path, epochs, every=every), bar]
        reads.clear()
        assert set(fit(model, callbacks, epochs=1, steps_per_epoch=600)) == {"steps"}
        bar.close()
        return len(reads)

    reads_of(5, every=0)  # traces the training function
    assert reads_of(20, every=0) == reads_of(50, every=0) < reads_of(20, every=5)
    assert "epoch 1/1" in capsys.readouterr().err


@pytest.mark.parametrize("last", (6, 8))
def test_training_ends_at_the_last_step_even_within_an_epoch(make_model, fit, last):
    model = make_model()
    assert len(fit(model, [Epochs(4, last)])["pixel_loss"]) == 2
    assert model.step_counter.value() == last


@pytest.mark.long
def test_an_epoch_resumed_in_its_middle_has_the_losses_of_the_complete_epoch(make_model, fit):
    uninterrupted, resumed = make_model(), make_model()
    expected = fit(uninterrupted, [Epochs(4, 12)])
    fit(resumed, [Epochs(4, 6)])
    history = fit(resumed, [Epochs(4, 12)])
    assert resumed.step_counter.value() == 12
    for name, values in history.items():
        np.testing.assert_array_equal(values, expected[name][1:], err_msg=name)


@pytest.mark.long
def test_samples_are_drawn_with_inference_weights_before_training_and_after_each_epoch(
    make_model, fit, stream, tmp_path
):
    model, numbers, weights = make_model(ema_decay=0.5), iter(range(4)), []

    def draw():
        weights.append(model.generator.trainable_variables[0].numpy())
        number = next(numbers)
        return np.full([4, 6, 3], number, np.uint8), histograms(number)

    def two_batches():
        return stream(model.step_counter.value()).take(2)

    images = SampleImages(
        tmp_path / "samples", tmp_path / "logs", draw=draw, batches=two_batches, stop_signal=StopSignal()
    )
    fit(model, [images])
    assert [imread(tmp_path / "samples" / f"epoch-{k:04d}.png")[0, 0, 0] for k in range(4)] == [0, 1, 2, 3]
    assert [np.load(tmp_path / "samples" / f"epoch-{k:04d}.npz")["output"].sum() for k in range(4)] == [0, 2, 4, 6]
    logged = [(tag, step) for tag, step, _ in events(tmp_path / "logs")]
    assert logged == [(name, k) for k in range(4) for name in ("samples", "histograms", "joint histograms")]
    np.testing.assert_array_equal(weights[-1], model.average.averages[0])
    assert not np.allclose(weights[-1], model.generator.trainable_variables[0])


@pytest.mark.parametrize("every,drawn", [(2, [0, 2]), (0, [])])
def test_samples_are_drawn_every_few_epochs_or_never(make_model, fit, tmp_path, every, drawn):
    folders = tmp_path / "samples", tmp_path / "logs"
    draw = lambda: (np.zeros([4, 6, 3], np.uint8), histograms())  # noqa: E731
    samples = SampleImages(*folders, every=every, draw=draw, batches=lambda: (), stop_signal=StopSignal())
    fit(make_model(), [samples])
    assert sorted(path.name for path in tmp_path.rglob("*.png")) == [f"epoch-{k:04d}.png" for k in drawn]
    assert [samples.complete(epoch) for epoch in (2, 3)] == [False, False]


@pytest.mark.long
@pytest.mark.parametrize("during", ("batches", "drawing"))
def test_a_signal_cuts_samples_short_and_a_resumed_run_draws_them(make_model, fit, stream, tmp_path, during):
    model, stop_signal, drawn = make_model(), StopSignal(), []

    def signal_from_step_8_on(where):
        if where == during and model.step_counter.value() >= 8:
            stop_signal.exit_code = 143

    def draw():
        step = model.step_counter.value()
        drawn.append(step)
        signal_from_step_8_on("drawing")
        return np.full([4, 6, 3], step, np.uint8), histograms()

    def batches():
        yield next(iter(stream()))
        signal_from_step_8_on("batches")

    def train(epochs):
        folders = tmp_path / "samples", tmp_path / "logs"
        fit(model, [SampleImages(*folders, draw=draw, batches=batches, stop_signal=stop_signal)], epochs)

    def written():
        files = {int(path.stem[-4:]): imread(path)[0, 0, 0] for path in (tmp_path / "samples").glob("*.png")}
        assert sorted(files) == sorted({step for _, step, _ in events(tmp_path / "logs")})
        assert {f"epoch-{k:04d}.npz" for k in files} == {path.name for path in (tmp_path / "samples").glob("*.npz")}
        return files

    train(epochs=2)
    assert written() == {0: 0, 1: 4} and drawn == [0, 4] + [8] * (during == "drawing")
    stop_signal.exit_code, during = None, ""
    train(epochs=3)
    assert written() == {0: 0, 1: 4, 2: 8, 3: 12}
