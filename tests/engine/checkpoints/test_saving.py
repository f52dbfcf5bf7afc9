"""Checkpoints in a real `fit`: when they are saved, what they hold, which are kept, full disks, and signals."""

import json
import os
import resource
import signal

import numpy as np
import pytest
from tensorflow import keras

from engine.checkpoints import files as checkpoint_files
from engine.checkpoints.files import best_checkpoint, checkpoints, is_whole, load_checkpoint, prune, save_checkpoint
from engine.checkpoints.restoring import load_weights
from engine.checkpoints.saving import Checkpoints
from engine.run_folder.signals import StopSignal
from engine.training.callbacks import Epochs, MetricsLog
from tests.commands import limit_files, small_files_only
from utils import UserError


def callbacks(model, stream, run, *, every=1, minutes=1e9, max_to_keep=9, last=12, stop_signal=None, errors=None):
    """The callbacks that save checkpoints. Each measurement returns the next of ``errors``."""
    errors = iter(errors or np.linspace(1, 0, 50))

    def batches():
        return stream(model.step_counter.value()).take(2)

    saver = Checkpoints(
        run,
        every=every,
        minutes=minutes,
        max_to_keep=max_to_keep,
        stop_signal=stop_signal or StopSignal(),
        batches=batches,
        measure=lambda: next(errors),
        metadata={"by": "test", "criterion": "delta_e"},
    )
    return [Epochs(4, last), saver]


def steps(run):
    return [int(path.stem.removeprefix("step-")) for path in checkpoints(run)]


@pytest.mark.parametrize("last,saved", [(12, [8, 12]), (6, [6]), (8, [8])])
def test_checkpoints_are_saved_every_few_epochs_and_once_at_the_end(make_model, fit, stream, tmp_path, last, saved):
    model = make_model()
    fit(model, callbacks(model, stream, tmp_path, every=2, last=last))
    assert steps(tmp_path) == saved


def test_checkpoints_are_saved_every_few_minutes_even_within_an_epoch(make_model, fit, stream, tmp_path):
    model = make_model()
    fit(model, callbacks(model, stream, tmp_path, every=99, minutes=1e-9, last=7))
    assert steps(tmp_path) == list(range(1, 8))


def test_the_last_checkpoints_and_the_best_one_are_kept(make_model, fit, stream, tmp_path):
    model = make_model()
    errors = [0.5, 0.2, 0.3, np.nan, 0.4, 0.6, 0.9]
    fit(model, callbacks(model, stream, tmp_path, every=99, minutes=1e-9, max_to_keep=2, last=7, errors=errors))
    assert steps(tmp_path) == [2, 6, 7]
    assert best_checkpoint(tmp_path) == checkpoints(tmp_path)[0]
    best = load_checkpoint(best_checkpoint(tmp_path))[1]
    assert best == {"step": 2, "delta_e": 0.2, "by": "test", "criterion": "delta_e"}


def test_damaged_checkpoints_do_not_count_toward_max_to_keep(tmp_path):
    for step in (1, 2, 3):
        path = save_checkpoint(tmp_path / "checkpoints", step, arrays={"a": [np.zeros(3)]}, metadata={"emd": 1 / step})
    path.write_bytes(path.read_bytes()[:-1])
    prune(tmp_path, max_to_keep=1)
    assert steps(tmp_path) == [2, 3]


def test_checkpoints_that_stay_are_not_read_again_at_each_save(tmp_path, monkeypatch):
    read, digest = [], checkpoint_files._digest

    def save(step):
        read.clear()
        path = save_checkpoint(tmp_path / "checkpoints", step, arrays={"a": [np.zeros(3)]}, metadata={"emd": 1.0})
        prune(tmp_path, max_to_keep=3)
        return path

    first = save(1)
    monkeypatch.setattr(checkpoint_files, "_digest", lambda path: (read.append(path), digest(path))[1])
    for step in (2, 3, 4):
        save(step)
        assert len(read) == 1 and "partial" in read[0].name  # the new one alone, to seal it
    monkeypatch.setattr(checkpoint_files, "_KNOWN", {})  # as in a process that resumes
    save(5)
    assert first in read and len(read) > 3
    save(6)
    assert len(read) == 1
    damaged = bytearray(first.read_bytes())
    damaged[50] ^= 1
    first.write_bytes(damaged)
    save(7)
    assert first in read and steps(tmp_path) == [1, 4, 5, 6, 7]  # damaged: it stays, and 4 is now the best


@pytest.mark.long
def test_a_checkpoint_has_the_inference_weights_and_the_training_state(make_model, fit, stream, tmp_path):
    model = make_model(ema_decay=0.5, image_pool=2)
    fit(model, callbacks(model, stream, tmp_path, last=6))
    values, metadata = load_checkpoint(checkpoints(tmp_path)[-1])
    assert metadata["step"] == 6 and {"generator", "discriminator"} < values.keys()
    for name, variables in model.state().items():
        for array, variable in zip(values.get(f"training/{name}", []), variables, strict=True):
            np.testing.assert_array_equal(array, variable, err_msg=name)
    with model.inference_weights(stream(6).take(2)):
        for array, variable in zip(values["generator"], model.generator.weights, strict=True):
            np.testing.assert_array_equal(array, variable)
    assert not np.allclose(values["generator"][0], values["training/weights"][0])


def test_a_moving_average_begins_with_the_weights_that_are_loaded(make_model, fit, stream, tmp_path):
    trained, model = make_model(), make_model(seed=2, ema_decay=0.9)
    fit(trained, callbacks(trained, stream, tmp_path, last=4))
    load_weights(model, tmp_path)
    with model.inference_weights():
        image = model(next(iter(stream()))).numpy()
    np.testing.assert_array_equal(image, model(next(iter(stream()))))


def test_a_full_disk_is_a_warning_then_an_error_at_the_end_and_older_checkpoints_are_kept(
    make_model, fit, stream, tmp_path, capsys
):
    model = make_model()
    fit(model, callbacks(model, stream, tmp_path, last=4))
    with small_files_only(), pytest.raises(UserError, match=f"step 12 cannot be saved.*--resume {tmp_path}"):
        fit(model, callbacks(model, stream, tmp_path))
    assert model.step_counter.value() == 12
    message = capsys.readouterr().err
    assert "warning: step 8 cannot be saved" in message and "File too large" in message
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["step-00000004.npz"]
    assert is_whole(checkpoints(tmp_path)[0])


def test_the_next_checkpoint_is_saved_when_the_disk_has_room_again(make_model, fit, stream, tmp_path, capsys):
    model = make_model()
    with small_files_only():
        free_disk = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: limit_files(resource.RLIM_INFINITY))
        fit(model, [*callbacks(model, stream, tmp_path), free_disk])
    assert steps(tmp_path) == [8, 12] and "step 4 cannot be saved" in capsys.readouterr().err


def test_a_file_in_place_of_the_folder_is_a_warning_then_an_error_at_the_end(make_model, fit, stream, tmp_path, capsys):
    (tmp_path / "checkpoints").write_text("in the way")
    model = make_model()
    with pytest.raises(UserError, match="step 8 cannot be saved"):
        fit(model, callbacks(model, stream, tmp_path, last=8))
    assert "step 4 cannot be saved" in capsys.readouterr().err
    assert (tmp_path / "checkpoints").read_text() == "in the way"


def test_a_full_disk_leaves_only_complete_log_lines(make_model, fit, tmp_path, capsys):
    model = make_model()
    with small_files_only(400):
        fit(model, [MetricsLog(tmp_path)], epochs=5)
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert 0 < len(lines) < 5 and "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("signal_step,number", [(6, signal.SIGTERM), (8, signal.SIGINT)])
def test_a_signal_saves_a_checkpoint_at_once_without_a_measurement_and_ends_the_run(
    make_model, fit, stream, tmp_path, signal_step, number
):
    model = make_model()

    def send_signal(batch, logs):
        if model.step_counter.value() == signal_step:
            os.kill(os.getpid(), number)

    with StopSignal() as stop_signal, pytest.raises(SystemExit) as error:
        sender = keras.callbacks.LambdaCallback(on_train_batch_end=send_signal)
        log = MetricsLog(tmp_path / "logs")
        fit(model, [sender, log, *callbacks(model, stream, tmp_path, every=99, stop_signal=stop_signal)])
    assert error.value.code == 128 + number
    assert steps(tmp_path) == [signal_step] and model.step_counter.value() == signal_step
    assert "delta_e" not in load_checkpoint(checkpoints(tmp_path)[0])[1]
    # At the end of an epoch, its line is logged before the exit. Within an epoch, no line is logged.
    assert len((tmp_path / "logs" / "metrics.jsonl").read_text().splitlines()) == signal_step // 4


def test_a_run_without_a_checkpoint_and_one_without_a_measured_one_are_told_apart(make_model, tmp_path):
    with pytest.raises(UserError, match=r"has no checkpoint, .*; give the folder of a trained run"):
        load_weights(make_model(), tmp_path, "best")
    save_checkpoint(tmp_path / "checkpoints", 3, arrays={}, metadata={"step": 3, "emd": float("nan")})
    with pytest.raises(UserError, match="no checkpoint that was measured; leave out --checkpoint best"):
        load_weights(make_model(), tmp_path, "best")
