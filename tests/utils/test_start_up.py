"""TensorFlow starts quietly, and also on one core."""

import gc
import os
import subprocess
import sys
import tempfile

import pytest

from tests.commands import ROOT, SMALL
from utils.start_up import without_garbage_collection, without_start_up_lines


@pytest.mark.long
@pytest.mark.parametrize("level,quiet", [(None, True), ("0", False)])
def test_start_up_lines_come_only_where_they_are_asked_for(level, quiet):
    environment = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    environment |= {} if level is None else {"TF_CPP_MIN_LOG_LEVEL": level}
    command = [sys.executable, "-c", "import gc, engine; engine.compile_model; print(gc.get_freeze_count())"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert (done.stderr == "") == quiet
    assert int(done.stdout) > 100_000  # the garbage collector skips what was imported


def test_where_something_fails_its_lines_are_written(capfd):
    with without_start_up_lines():
        os.write(2, b"a start-up line\n")
    with pytest.raises(ImportError), without_start_up_lines():
        os.write(2, b"the reason\n")
        raise ImportError
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "the reason\nafterwards\n"


def test_on_a_read_only_system_nothing_is_hidden(capfd, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", "/proc")  # where nobody can write
        with without_start_up_lines():
            os.write(2, b"a start-up line\n")
        with pytest.raises(ImportError), without_start_up_lines():
            raise ImportError
    assert capfd.readouterr().err == "a start-up line\n"


@pytest.mark.long
def test_training_works_on_one_core(tmp_path):
    core = min(os.sched_getaffinity(0))
    command = [sys.executable, "train.py", "--task", "colorization", *SMALL, "--adversarial", "0", "--max_steps", "2"]
    done = subprocess.run(
        [*command, "--output_dir", tmp_path],
        cwd=ROOT,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        capture_output=True,
        text=True,
        timeout=500,  # it waited forever
    )
    assert done.returncode == 0, done.stderr


def test_an_import_takes_no_garbage_collection_and_leaves_it_as_it_was():
    collections, was_on, before = [], gc.isenabled(), gc.get_freeze_count()
    with pytest.raises(ImportError), without_garbage_collection():
        gc.callbacks.append(lambda phase, info: collections.append(phase))
        kept = [[] for _ in range(100_000)]  # a hundred times what starts a collection
        gc.callbacks.pop()
        raise ImportError
    assert not collections and gc.isenabled() == was_on and gc.get_freeze_count() >= before + len(kept)
    gc.disable()
    try:
        with without_garbage_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
