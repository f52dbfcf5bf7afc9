"""A run's folder: one process's, and no other run's."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.run_folder import open_run_folder, refuse_taken_folder
from utils import UserError

CODE = """
import sys, time
from pathlib import Path
from engine.run_folder import open_run_folder
with open_run_folder(Path(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_until_the_first_ends_even_by_a_crash(tmp_path):
    command = [sys.executable, "-c", CODE, tmp_path / "run"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        for how in ({}, {"resume": True}, {"overwrite": True}):
            message = f"in use by process {process.pid} on "
            with pytest.raises(UserError, match=message), open_run_folder(tmp_path / "run", **how):
                pass
            with pytest.raises(UserError, match=message):
                refuse_taken_folder(tmp_path / "run", **how)
        process.send_signal(signal.SIGKILL)
    with open_run_folder(tmp_path / "run"):
        pass


def test_a_run_is_only_gone_on_with_or_overwritten_and_leftovers_go(tmp_path):
    (tmp_path / "settings.yml").write_text("task: colorization")
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / ".step-00000001-12-34.partial.npz").write_bytes(b"half")
    with pytest.raises(UserError, match=f"holds a run: --resume {tmp_path} goes on"), open_run_folder(tmp_path):
        pass
    with open_run_folder(tmp_path, resume=True):
        assert (tmp_path / "settings.yml").exists() and not list((tmp_path / "checkpoints").iterdir())
    with open_run_folder(tmp_path, overwrite=True):
        assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_an_overwriting_that_is_cut_short_leaves_a_run(tmp_path, monkeypatch):
    (tmp_path / "settings.yml").write_text("task: colorization")
    for number in range(9):
        (tmp_path / f"file {number}").write_text("")
    monkeypatch.setattr(shutil, "rmtree", None)  # a folder cannot be removed
    (tmp_path / "checkpoints").mkdir()
    with pytest.raises(TypeError), open_run_folder(tmp_path, overwrite=True):
        pass
    with pytest.raises(UserError, match="holds a run"):
        refuse_taken_folder(tmp_path)


def test_a_folder_that_is_no_run_is_not_emptied(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with open_run_folder(tmp_path, overwrite=True):
        assert (tmp_path / "mine.txt").exists()


def test_what_cannot_be_made_is_one_sentence_and_errors_inside_keep_their_kind(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"), open_run_folder(tmp_path / "file" / "run"):
        pass
    with pytest.raises(FileNotFoundError), open_run_folder(tmp_path / "run"):
        open(tmp_path / "nowhere")  # noqa: SIM115
