"""The folder of a run: a single process uses it, and no other run replaces it by accident."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.run_folder.folder import open_run_folder, refuse_taken_folder
from utils import UserError

CODE = """
import sys, time
from pathlib import Path
from engine.run_folder import open_run_folder
with open_run_folder(Path(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_until_the_first_one_is_killed(tmp_path):
    command = [sys.executable, "-c", CODE, tmp_path / "run"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        for options in ({}, {"resume": True}, {"overwrite": True}):
            message = f"in use by process {process.pid} on "
            with pytest.raises(UserError, match=message), open_run_folder(tmp_path / "run", **options):
                pass
            with pytest.raises(UserError, match=message):
                refuse_taken_folder(tmp_path / "run", **options)
        process.send_signal(signal.SIGKILL)
    with open_run_folder(tmp_path / "run"):
        pass


def test_only_resume_or_overwrite_opens_the_folder_of_a_run_and_removes_temporary_files(tmp_path):
    (tmp_path / "settings.yml").write_text("task: colorization")
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / ".step-00000001-12-34.partial.npz").write_bytes(b"half")
    with pytest.raises(UserError, match=f"holds a run: --resume {tmp_path} resumes it"), open_run_folder(tmp_path):
        pass
    with open_run_folder(tmp_path, resume=True):
        assert (tmp_path / "settings.yml").exists() and not list((tmp_path / "checkpoints").iterdir())
    with open_run_folder(tmp_path, overwrite=True):
        assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_lock_that_cannot_be_opened_is_an_error_in_a_sentence(tmp_path):
    (tmp_path / ".lock").mkdir()
    with pytest.raises(UserError, match=r"cannot be written \(.*make it writable"):
        refuse_taken_folder(tmp_path)


def test_a_folder_that_cannot_be_made_is_named_before_any_work(tmp_path):
    for folder in (Path("/proc/runs/colorization-sample"), tmp_path / ("x" * 300)):
        with pytest.raises(UserError, match=r"cannot be written \(.*\); make it writable, or give another --out"):
            refuse_taken_folder(folder)
    assert not [*tmp_path.iterdir()]


def test_a_folder_still_holds_a_run_after_an_interrupted_overwrite(tmp_path, monkeypatch):
    (tmp_path / "settings.yml").write_text("task: colorization")
    for number in range(9):
        (tmp_path / f"file {number}").write_text("")
    monkeypatch.setattr(shutil, "rmtree", None)  # now no folder can be removed
    (tmp_path / "checkpoints").mkdir()
    with pytest.raises(TypeError), open_run_folder(tmp_path, overwrite=True):
        pass
    with pytest.raises(UserError, match="holds a run"):
        refuse_taken_folder(tmp_path)


def test_overwrite_keeps_the_files_of_a_folder_that_is_not_a_run(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with open_run_folder(tmp_path, overwrite=True):
        assert (tmp_path / "mine.txt").exists()


def test_a_folder_that_cannot_be_made_is_a_user_error_and_errors_in_the_block_keep_their_type(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"), open_run_folder(tmp_path / "file" / "run"):
        pass
    with pytest.raises(FileNotFoundError), open_run_folder(tmp_path / "run"):
        open(tmp_path / "nowhere")  # noqa: SIM115
