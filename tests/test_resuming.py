"""A run that is stopped, by any means, and resumed, ends as one that never was."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from skimage.io import imread

import config
from engine import build_model, compile_model, open_dataset
from engine.checkpoint_files import best_checkpoint, checkpoints, is_whole, load_checkpoint, save_checkpoint
from engine.checkpointing import load_weights, restore
from engine.signals import StopSignal
from engine.training_run import TrainingRun
from tests.commands import ROOT, events, run, run_here
from tests.small_run import EVERY_STEP, OPTIONS, differing, make_images, state_of
from utils import UserError, leftovers


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    make_images(folder / "small")
    return folder


class Process:
    """train.py in a process of its own, with what it prints in a file."""

    def __init__(self, log, *arguments):
        self._log = log
        with open(log, "w") as file:
            command = [sys.executable, ROOT / "train.py", *arguments]
            self._process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)

    def wait_for(self, condition):
        while not condition():
            assert self._process.poll() is None, self._log.read_text()
            time.sleep(0.001)

    def kill_while(self, condition):
        """Kill it where the condition still holds when it does not move any more."""
        while True:
            self.wait_for(condition)
            self._process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)
            if condition():
                return self.stop(signal.SIGKILL)
            self._process.send_signal(signal.SIGCONT)

    def stop(self, number):
        """Send the signal; returns the exit status and what was printed."""
        self._process.send_signal(number)
        return self._process.wait(), self._log.read_text()


@pytest.fixture(scope="module")
def alone(folder):
    """A run of four epochs of four steps."""
    run("train.py", *OPTIONS, "--epochs", "4", "--dataroot", folder, "--output_dir", folder / "alone")
    return folder / "alone" / "colorization-small"


@pytest.fixture(scope="module")
def stopped(folder):
    """The same, killed while it saved, asked to leave by both signals, and its newest checkpoint damaged."""
    seen, of_run, log = SimpleNamespace(), folder / "stopped" / "colorization-small", folder / "log"
    more = ["--epochs", "4", "--max_to_keep", "2", "--dataroot", folder, "--output_dir", folder / "stopped"]

    def saves_its_third():
        return len(checkpoints(of_run)) == 2 and any(leftovers(of_run / "checkpoints"))

    seen.killed, _ = Process(log, *OPTIONS, *EVERY_STEP, *more).kill_while(saves_its_third)

    before, training = checkpoints(of_run), Process(log, "--resume", of_run)
    training.wait_for(lambda: len(sessions(of_run)) == 2)
    seen.refused = run_here("train.py", "--resume", of_run, status=2).stderr
    training.wait_for(lambda: checkpoints(of_run) != before)
    seen.terminated, _ = training.stop(signal.SIGTERM)

    *_, newest = checkpoints(of_run)
    seen.damaged = newest
    os.truncate(newest, newest.stat().st_size - 1)
    training = Process(log, "--resume", of_run)
    training.wait_for(lambda: checkpoints(of_run)[-1] > newest)
    seen.interrupted, seen.message = training.stop(signal.SIGINT)
    run("train.py", "--resume", of_run, "--checkpoint_minutes", "99")
    return of_run, seen


def sessions(of_run):
    return [json.loads(line) for line in (of_run / "logs" / "sessions.jsonl").read_text().splitlines()]


def test_it_ends_with_the_same_weights_lines_and_images(alone, stopped):
    of_run, _ = stopped
    assert differing(state_of(alone), state_of(of_run)) == []
    names = sorted(path.name for path in (alone / "samples").iterdir())
    assert names == sorted(path.name for path in (of_run / "samples").iterdir())
    for name in names:
        if name.endswith("png"):
            np.testing.assert_array_equal(imread(alone / "samples" / name), imread(of_run / "samples" / name))


def test_curves_go_on_without_a_gap_or_a_second_value(alone, stopped):
    for folder in ("train", "samples"):
        first, second = (events(run / "logs" / folder) for run in (alone, stopped[0]))
        assert len({(tag, step) for tag, step, _ in second}) == len(second)
        np.testing.assert_equal(first, second)


def test_signals_have_the_status_that_a_shell_expects(stopped):
    seen = stopped[1]
    assert (seen.killed, seen.terminated, seen.interrupted) == (-signal.SIGKILL, 143, 130)
    assert "saving, then stopping" in seen.message


def test_a_second_process_is_refused_and_a_damaged_checkpoint_named(stopped):
    seen = stopped[1]
    assert "is in use by process" in seen.refused.splitlines()[-1]
    assert f"warning: {seen.damaged} is damaged" in seen.message


def test_each_start_is_logged_with_what_it_was_made_with_and_what_changed(stopped):
    lines = sessions(stopped[0])
    assert len(lines) == 4 and [line["step"] for line in lines] == sorted(line["step"] for line in lines)
    for line in lines:
        assert line["seed"] == 0 and line["device"].startswith(("CPU", "NVIDIA", "Tesla"))
        assert line["tensorflow"] == tf.__version__ and len(line["git"]) >= 40
    assert [line["changed"] for line in lines] == [{}, {}, {}, {"run.checkpoint_minutes": [0.001, 99.0]}]


def test_nothing_half_is_left_and_the_last_and_the_best_stay(stopped):
    of_run, _ = stopped
    assert not list(leftovers(of_run))
    assert all(map(is_whole, checkpoints(of_run))) and len(checkpoints(of_run)) in (2, 3)
    done = run_here("test.py", "--run", of_run, "--checkpoint", "best")
    assert best_checkpoint(of_run).name in done.stdout


def test_a_run_that_has_ended_says_so(stopped):
    assert "trained 16 of 16 steps" in run("train.py", "--resume", stopped[0]).stdout


def test_a_run_that_is_not_finite_stops_and_says_why(alone, tmp_path):
    of_run = tmp_path / "run"
    shutil.copytree(alone, of_run)
    far = ["--gen_lr", "1e30", "--dis_lr", "1e30", "--decay_from_epoch", "9", "--epochs", "9"]
    done = run("train.py", "--resume", of_run, *far, status=2)
    assert "optimizer.generator_learning_rate 0.0002 -> 1e+30" in done.stdout
    message = done.stderr.splitlines()[-1]
    assert "step 18: " in message and "not finite, with the images " in message and "Traceback" not in done.stderr
    assert imread(of_run / "nonfinite" / "step-00000018.png").shape == (2 * 32, 3 * 32, 3)
    assert load_checkpoint(checkpoints(of_run)[-1])[1]["step"] == 17


@pytest.fixture
def model(alone):
    options = config.load_run(alone)
    model = build_model(options)
    compile_model(model, options, steps_per_epoch=4)
    return model


def test_a_run_without_a_checkpoint_starts_again(alone, tmp_path):
    options = config.load_run(alone)
    config.save(options, tmp_path / "settings.yml")
    (tmp_path / "mine.txt").write_text("mine")
    dataset = open_dataset(options, "train", "test")
    training = TrainingRun(options, dataset, tmp_path, stop_signal=StopSignal(), resumed=True)
    training.begin()
    assert training.step == 0 and config.load_run(tmp_path) == options and (tmp_path / "mine.txt").exists()


def made_by(alone):
    return load_checkpoint(checkpoints(alone)[-1])[1]


def test_another_keras_or_other_images_are_refused_and_weights_are_not(alone, model, tmp_path):
    arrays, metadata = load_checkpoint(checkpoints(alone)[-1])
    other = metadata | {"keras": "4.0.1", "tensorflow": "3.0.0"}
    save_checkpoint(tmp_path / "checkpoints", metadata["step"], arrays=arrays, metadata=other)
    with pytest.raises(UserError, match=r"trained with Keras 4.0.1 and cannot go on with .* TensorFlow 3.0.0"):
        restore(tmp_path, model, metadata)
    with pytest.raises(UserError, match="its training images were others"):
        restore(alone, model, metadata | {"data": "another"})
    assert model.step_counter.value() == 0
    load_weights(model, tmp_path)
    np.testing.assert_array_equal(model.generator.get_weights()[0], arrays["generator"][0])


def test_a_run_whose_checkpoints_are_all_damaged_is_not_started_again(alone, model, tmp_path):
    save_checkpoint(tmp_path / "checkpoints", 4, arrays={}).write_bytes(b"")
    with pytest.raises(UserError, match="none of its checkpoints can be used"):
        restore(tmp_path, model, made_by(alone))


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--batch_size", "3"], "data.batch_size 2 -> 3"),
        (["--set", "losses.color=7"], "losses.color 20.0 -> 7.0"),
        (["--seed", "1", "--epochs", "5"], "run.seed 0 -> 1"),
        (["--task", "edges2photos"], "--task: got edges2photos, and"),
        (["--output_dir", "elsewhere"], "run.output_dir"),
        (["--overwrite"], "run.overwrite False -> True"),
        (["--config", "config/experiments/quick.yaml"], "does not go with --resume"),
        (["--variant", "released"], "--variant released does not go with --resume"),
    ],
)
def test_other_settings_are_refused_in_a_sentence(alone, arguments, message):
    before = (alone / "settings.yml").read_bytes()
    done = run_here("train.py", "--resume", alone, *arguments, status=2)
    assert message in done.stderr and len(done.stderr.splitlines()) == 1
    assert (alone / "settings.yml").read_bytes() == before


def test_what_is_no_run_is_not_resumed(tmp_path):
    assert "is not a run" in run_here("train.py", "--resume", tmp_path / "run", status=2).stderr
    assert not list(tmp_path.iterdir())


def test_the_same_command_again_offers_to_resume(alone, folder):
    again = [*OPTIONS, "--dataroot", folder, "--output_dir", alone.parent]
    assert f"--resume {alone} goes on with it" in run_here("train.py", *again, status=2).stderr
