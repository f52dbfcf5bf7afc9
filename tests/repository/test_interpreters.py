""".ci/python: which interpreters it finds, and why it refuses the others."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "python"
BASE = Path(sys._base_executable)


@pytest.fixture
def ask(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "tools").mkdir()
    for tool in ("bash", "env", "sh", "ls", "awk", "head"):
        (tmp_path / "tools" / tool).symlink_to(shutil.which(tool))

    def ask(*arguments):
        path = f"{tmp_path / 'bin'}:{tmp_path / 'tools'}"
        environment = {**os.environ, "PATH": path, "PYENV_ROOT": str(tmp_path / "pyenv")}
        return subprocess.run([SCRIPT, *arguments], env=environment, capture_output=True, text=True)

    return ask


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_an_interpreter_that_does_not_run_is_skipped(tmp_path, ask):
    program(tmp_path / "bin" / "python3", "#!/bin/sh\necho 'no such version'\nexit 127\n")
    program(tmp_path / "bin" / "python3.13", f'#!/bin/sh\nexec {BASE} "$@"\n')
    assert ask("find").stdout.strip() == os.path.realpath(BASE)


def test_pyenvs_interpreters_come_after_those_on_the_path(tmp_path, ask):
    program(tmp_path / "pyenv" / "versions" / "3.12.9" / "bin" / "python3", "#!/bin/sh\necho /pyenv/python3\n")
    assert ask("list").stdout.split()[-1] == "/pyenv/python3"


@pytest.mark.parametrize(
    "script,message",
    [
        ("exit 127", "does not run"),
        ("echo 3.10", "is Python 3.10, but HueNet needs 3.11, 3.12 or 3.13"),
        ("case $2 in *venv*) exit 1;; esac; echo 3.12", "has no venv"),
    ],
)
def test_an_interpreter_that_cannot_be_used_is_refused_in_one_sentence(tmp_path, ask, script, message):
    done = ask("check", program(tmp_path / "bin" / "other", f"#!/bin/sh\n{script}\n"))
    assert done.returncode == 2 and message in done.stderr and done.stderr.count("\n") == 1


def test_the_interpreter_of_these_tests_is_accepted(ask):
    done = ask("check", BASE)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("goal", ("install", "clean"))
def test_a_folder_that_is_no_environment_is_not_emptied(tmp_path, goal):
    (tmp_path / "thesis.tex").write_text("mine")
    command = ["make", goal, f"VENV={tmp_path}", f"PYTHON={sys.executable}"]
    done = subprocess.run(command, cwd=SCRIPT.parents[1], capture_output=True, text=True)
    assert done.returncode == 2 and f"VENV={tmp_path} is a folder of something else; give another" in done.stderr
    assert (tmp_path / "thesis.tex").read_text() == "mine"
