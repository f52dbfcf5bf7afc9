"""A run that is stopped in any way and then resumed ends like one that was never stopped."""

import json
import os
import shutil
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from skimage.io import imread

from benchmarks.kills import EVERY_STEP, OPTIONS, differing, make_images, state_of
from engine.checkpoints.files import best_checkpoint, checkpoints, is_whole, load_checkpoint
from tests.commands import events, run, run_here, start
from utils import leftovers

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    make_images(folder / "small")
    return folder


class Training:
    """train.py in its own process."""

    def __init__(self, log, *arguments):
        log.unlink(missing_ok=True)
        self._log, self._process = log, start("train.py", *arguments, log=log)

    def wait_for(self, condition):
        while not condition():
            assert self._process.is_alive(), self._log.read_text()
            time.sleep(0.001)

    def kill_while(self, condition):
        """Kill the process at a moment at which the condition holds: it is halted first, then checked."""
        while True:
            self.wait_for(condition)
            os.kill(self._process.pid, signal.SIGSTOP)
            self.wait_for(self._is_halted)
            if condition():
                return self.stop(signal.SIGKILL)
            os.kill(self._process.pid, signal.SIGCONT)

    def _is_halted(self):
        threads = Path(f"/proc/{self._process.pid}/task").glob("*/stat")
        return all(thread.read_text().rpartition(")")[2].split()[0] == "T" for thread in threads)

    def stop(self, number):
        """Send the signal. Returns the exit status and the output."""
        os.kill(self._process.pid, number)
        self._process.join()
        return self._process.exitcode, self._log.read_text()


@pytest.fixture(scope="module")
def uninterrupted(folder):
    """A run of four epochs of four steps."""
    run("train.py", *OPTIONS, "--epochs", "4", "--dataroot", folder, "--output_dir", folder / "uninterrupted")
    return folder / "uninterrupted" / "colorization-small"


@pytest.fixture(scope="module")
def interrupted(folder):
    """The same run, killed while it saves, stopped by SIGTERM, one checkpoint damaged, stopped by SIGINT. Until it is
    resumed for the last time, it should end a step early."""
    seen, run_folder, log = SimpleNamespace(), folder / "interrupted" / "colorization-small", folder / "log"
    arguments = ["--epochs", "4", "--max_to_keep", "2", "--dataroot", folder, "--output_dir", folder / "interrupted"]
    arguments += ["--max_steps", "15"]

    def is_saving_the_third():
        return len(checkpoints(run_folder)) == 2 and any(leftovers(run_folder / "checkpoints"))

    seen.killed, _ = Training(log, *OPTIONS, *EVERY_STEP, *arguments).kill_while(is_saving_the_third)

    before, training = checkpoints(run_folder), Training(log, "--resume", run_folder)
    training.wait_for(lambda: len(sessions(run_folder)) == 2)
    seen.refused = run_here("train.py", "--resume", run_folder, status=2).stderr
    training.wait_for(lambda: checkpoints(run_folder) != before)
    seen.terminated, _ = training.stop(signal.SIGTERM)

    *_, newest = checkpoints(run_folder)
    seen.damaged = newest
    (run_folder / "samples" / "epoch-0009.png").touch()  # as of a later epoch
    os.truncate(newest, newest.stat().st_size - 1)
    training = Training(log, "--resume", run_folder)
    training.wait_for(lambda: checkpoints(run_folder)[-1] > newest)
    seen.interrupted, seen.message = training.stop(signal.SIGINT)
    run("train.py", "--resume", run_folder, "--checkpoint_minutes", "99", "--max_steps", "none")
    return run_folder, seen


def sessions(run_folder):
    return [json.loads(line) for line in (run_folder / "logs" / "sessions.jsonl").read_text().splitlines()]


def test_weights_logs_and_images_are_the_same(uninterrupted, interrupted):
    run_folder, _ = interrupted
    assert differing(state_of(uninterrupted), state_of(run_folder)) == []
    names = sorted(path.name for path in (uninterrupted / "samples").iterdir())
    assert names == sorted(path.name for path in (run_folder / "samples").iterdir())
    for name in names:
        if name.endswith("png"):
            np.testing.assert_array_equal(
                imread(uninterrupted / "samples" / name), imread(run_folder / "samples" / name)
            )


def test_curves_have_no_gaps_and_no_repeated_steps(uninterrupted, interrupted):
    for folder in ("train", "samples"):
        first, second = (events(run / "logs" / folder) for run in (uninterrupted, interrupted[0]))
        assert len({(tag, step) for tag, step, _ in second}) == len(second)
        np.testing.assert_equal(first, second)


def test_the_exit_status_is_that_of_the_signal(interrupted):
    seen = interrupted[1]
    assert (seen.killed, seen.terminated, seen.interrupted) == (-signal.SIGKILL, 143, 130)
    assert "saving, then stopping" in seen.message


def test_a_second_process_is_refused_and_a_damaged_checkpoint_is_reported(interrupted):
    seen = interrupted[1]
    assert "is in use by process" in seen.refused.splitlines()[-1]
    assert f"warning: {seen.damaged} is damaged" in seen.message


def test_each_start_is_logged_with_its_environment_and_changed_options(interrupted):
    lines = sessions(interrupted[0])
    assert len(lines) == 4 and [line["step"] for line in lines] == sorted(line["step"] for line in lines)
    for line in lines:
        assert line["seed"] == 0 and line["device"].startswith(("CPU", "NVIDIA", "Tesla"))
        assert line["tensorflow"] == tf.__version__ and len(line["git"]) >= 40
    assert [line["changed"] for line in lines] == [
        {},
        {},
        {},
        {"run.checkpoint_minutes": [0.001, 99.0], "run.max_steps": [15, None]},
    ]


def test_no_temporary_files_are_left_and_the_newest_and_the_best_checkpoint_are_kept(interrupted):
    run_folder, _ = interrupted
    assert not list(leftovers(run_folder))
    assert all(map(is_whole, checkpoints(run_folder))) and len(checkpoints(run_folder)) in (2, 3)
    done = run_here("test.py", "--run", run_folder, "--checkpoint", "best")
    assert best_checkpoint(run_folder).name in done.stdout


def test_resuming_a_finished_run_reports_that_it_is_finished(interrupted):
    assert "trained 16 of 16 steps" in run("train.py", "--resume", interrupted[0]).stdout


def test_a_run_with_values_that_are_not_finite_stops_with_the_reason(uninterrupted, tmp_path):
    run_folder = tmp_path / "run"
    shutil.copytree(uninterrupted, run_folder)
    diverging = ["--gen_lr", "1e30", "--dis_lr", "1e30", "--decay_from_epoch", "9", "--epochs", "9"]
    done = run("train.py", "--resume", run_folder, *diverging, status=2)
    assert "optimizer.generator_learning_rate 0.0002 -> 1e+30" in done.stdout
    message = done.stderr.splitlines()[-1]
    assert "step 18: " in message and "not finite, with the images " in message and "Traceback" not in done.stderr
    assert imread(run_folder / "nonfinite" / "step-00000018.png").shape == (2 * 32, 3 * 32, 3)
    assert load_checkpoint(checkpoints(run_folder)[-1])[1]["step"] == 17


def test_looks_are_the_same_after_a_kill(folder, tmp_path):
    options = ["--config", "looks", "--dataset", "small", "--dataroot", folder, "--set", "data.batch_size=2"]
    options += ["--epochs", "3", "--log_every", "3", "--output_dir"]
    uninterrupted, killed = (tmp_path / name / "color_transfer-small" for name in ("whole", "killed"))
    run("train.py", *options, uninterrupted.parent)
    training = Training(tmp_path / "log", *options, killed.parent, *EVERY_STEP)
    training.kill_while(lambda: len(checkpoints(killed)) == 2 and any(leftovers(killed / "checkpoints")))
    assert load_checkpoint(checkpoints(killed)[-1])[1]["step"] < 12
    run("train.py", "--resume", killed, "--checkpoint_minutes", "99")
    expected = state_of(uninterrupted)
    assert differing(expected, state_of(killed)) == []
    assert any(name.startswith("training/") for name in expected)
