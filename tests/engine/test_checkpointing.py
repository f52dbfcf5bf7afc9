"""The checkpoints of a real `fit`: when, what, how many, and where the disk is full."""

import json
import os
import resource
import signal

import numpy as np
import pytest
from tensorflow import keras

from engine.callbacks import Epochs, MetricsLog
from engine.checkpoint_files import best_checkpoint, checkpoints, is_whole, load_checkpoint, prune, save_checkpoint
from engine.checkpointing import Checkpoints
from engine.signals import StopSignal
from tests.commands import limit_files, small_files_only
from utils import UserError


def saving(model, stream, run, *, every=1, minutes=1e9, max_to_keep=9, last=12, stop_signal=None, emds=None):
    """The callbacks that save. Each measurement is the next of ``emds``."""
    emds = iter(emds or np.linspace(1, 0, 50))

    def batches():
        return stream(model.step_counter.value()).take(2)

    saves = Checkpoints(
        run,
        every=every,
        minutes=minutes,
        max_to_keep=max_to_keep,
        stop_signal=stop_signal or StopSignal(),
        batches=batches,
        measure=lambda: next(emds),
        metadata={"by": "test"},
    )
    return [Epochs(4, last), saves]


def steps(run):
    return [int(path.stem.removeprefix("step-")) for path in checkpoints(run)]


@pytest.mark.parametrize("last,saved", [(12, [8, 12]), (6, [6]), (8, [8])])
def test_every_so_many_epochs_and_once_at_the_end(make_model, fit, stream, tmp_path, last, saved):
    model = make_model()
    fit(model, saving(model, stream, tmp_path, every=2, last=last))
    assert steps(tmp_path) == saved


def test_every_so_many_minutes_within_an_epoch_too(make_model, fit, stream, tmp_path):
    model = make_model()
    fit(model, saving(model, stream, tmp_path, every=99, minutes=1e-9, last=7))
    assert steps(tmp_path) == list(range(1, 8))


def test_the_last_and_the_best_stay(make_model, fit, stream, tmp_path):
    model = make_model()
    emds = [0.5, 0.2, 0.3, np.nan, 0.4, 0.6, 0.9]
    fit(model, saving(model, stream, tmp_path, every=99, minutes=1e-9, max_to_keep=2, last=7, emds=emds))
    assert steps(tmp_path) == [2, 6, 7]
    assert best_checkpoint(tmp_path) == checkpoints(tmp_path)[0]
    assert load_checkpoint(best_checkpoint(tmp_path))[1] == {"step": 2, "emd": 0.2, "by": "test"}


def test_damaged_ones_do_not_count_among_those_that_stay(tmp_path):
    for step in (1, 2, 3):
        path = save_checkpoint(tmp_path / "checkpoints", step, arrays={"a": [np.zeros(3)]}, metadata={"emd": 1 / step})
    path.write_bytes(path.read_bytes()[:-1])
    prune(tmp_path, max_to_keep=1)
    assert steps(tmp_path) == [2, 3]


def test_a_checkpoint_has_the_inference_weights_and_the_training_state(make_model, fit, stream, tmp_path):
    model = make_model(ema_decay=0.5, image_pool=2)
    fit(model, saving(model, stream, tmp_path, last=6))
    values, metadata = load_checkpoint(checkpoints(tmp_path)[-1])
    assert metadata["step"] == 6 and {"generator", "discriminator"} < values.keys()
    for name, variables in model.state().items():
        for array, variable in zip(values.get(f"training/{name}", []), variables, strict=True):
            np.testing.assert_array_equal(array, variable, err_msg=name)
    with model.inference_weights(stream(6).take(2)):
        for array, variable in zip(values["generator"], model.generator.weights, strict=True):
            np.testing.assert_array_equal(array, variable)
    assert not np.allclose(values["generator"][0], values["training/weights"][0])


def test_a_full_disk_is_a_warning_and_at_the_end_an_error_and_what_was_there_stays(
    make_model, fit, stream, tmp_path, capsys
):
    model = make_model()
    fit(model, saving(model, stream, tmp_path, last=4))
    with small_files_only(), pytest.raises(UserError, match=f"step 12 cannot be saved.*--resume {tmp_path}"):
        fit(model, saving(model, stream, tmp_path))
    assert model.step_counter.value() == 12
    message = capsys.readouterr().err
    assert "warning: step 8 cannot be saved" in message and "File too large" in message
    assert [path.name for path in (tmp_path / "checkpoints").iterdir()] == ["step-00000004.npz"]
    assert is_whole(checkpoints(tmp_path)[0])


def test_the_next_checkpoint_is_saved_where_there_is_room_again(make_model, fit, stream, tmp_path, capsys):
    model = make_model()
    with small_files_only():
        room = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: limit_files(resource.RLIM_INFINITY))
        fit(model, [*saving(model, stream, tmp_path), room])
    assert steps(tmp_path) == [8, 12] and "step 4 cannot be saved" in capsys.readouterr().err


def test_a_file_in_the_folders_place_is_a_warning_and_at_the_end_an_error(make_model, fit, stream, tmp_path, capsys):
    (tmp_path / "checkpoints").write_text("in the way")
    model = make_model()
    with pytest.raises(UserError, match="step 8 cannot be saved"):
        fit(model, saving(model, stream, tmp_path, last=8))
    assert "step 4 cannot be saved" in capsys.readouterr().err
    assert (tmp_path / "checkpoints").read_text() == "in the way"


def test_lines_of_a_full_disk_are_whole_or_not_there(make_model, fit, tmp_path, capsys):
    model = make_model()
    with small_files_only(400):
        fit(model, [MetricsLog(tmp_path)], epochs=5)
    lines = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert 0 < len(lines) < 5 and "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("asked_at,number", [(6, signal.SIGTERM), (8, signal.SIGINT)])
def test_a_signal_saves_at_once_unmeasured_and_ends_the_run(make_model, fit, stream, tmp_path, asked_at, number):
    model = make_model()

    def ask(batch, logs):
        if model.step_counter.value() == asked_at:
            os.kill(os.getpid(), number)

    with StopSignal() as stop_signal, pytest.raises(SystemExit) as left:
        asking = keras.callbacks.LambdaCallback(on_train_batch_end=ask)
        lines = MetricsLog(tmp_path / "logs")
        fit(model, [asking, lines, *saving(model, stream, tmp_path, every=99, stop_signal=stop_signal)])
    assert left.value.code == 128 + number
    assert steps(tmp_path) == [asked_at] and model.step_counter.value() == asked_at
    assert "emd" not in load_checkpoint(checkpoints(tmp_path)[0])[1]
    # What belongs to the end of an epoch was done before, and nothing of it within an epoch.
    assert len((tmp_path / "logs" / "metrics.jsonl").read_text().splitlines()) == asked_at // 4
