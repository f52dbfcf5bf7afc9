"""The command `huenet`: where it finds the folders of code, its subcommands, and its version."""

import os
import subprocess
import sys
import tomllib

import oyaml as yaml
import pytest

from huenet.subcommands import SUBCOMMANDS, help_text
from tests.commands import ROOT
from utils import VERSION

FOLDERS = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("huenet", "benchmarks")]
ENTRY = "from huenet.command import main; main()"


@pytest.fixture
def huenet(tmp_path_factory, tmp_path):
    """A function that runs the command in an empty folder, with the layout of a wheel: the folders inside of huenet."""
    site = tmp_path_factory.mktemp("site")
    (site / "huenet").mkdir()
    for path in [*(ROOT / "huenet").glob("*.py"), *FOLDERS]:
        (site / "huenet" / path.name).symlink_to(path)

    def run(*arguments, status=0, code=ENTRY):
        command = [sys.executable, "-P", "-B", "-c", code, *map(str, arguments)]
        environment = os.environ | {"PYTHONPATH": str(site)}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == status, done.stderr
        return done

    return run


def test_the_wheel_makes_no_other_name_importable(huenet):
    for folder in FOLDERS:
        huenet(code=f"import {folder.name}", status=1)


@pytest.mark.long
def test_the_installed_command_transfers_colors_in_an_empty_folder(huenet, tmp_path):
    photographs = [ROOT / "docs" / "images" / name for name in ("coffee.jpg", "rocket.jpg")]
    done = huenet("transfer", *photographs, "--out", "result.png", "--steps", "2")
    assert [path.name for path in tmp_path.iterdir()] == ["result.png"]
    assert done.stdout == f"the result: {tmp_path / 'result.png'}\n"


def test_the_installed_command_reads_its_settings_and_finds_mistakes_without_tensorflow(huenet, tmp_path):
    code = f"import atexit, sys; atexit.register(lambda: print('tensorflow' in sys.modules)); {ENTRY}"
    done = huenet("train", "--config", "quick", "--epochs", "0", code=code, status=2)
    assert done.stderr.startswith("error: run.epochs (--epochs): got '0', ") and done.stderr.count("\n") == 1
    assert done.stdout == "False\n" and not list(tmp_path.iterdir())


def test_the_version_is_told_once(huenet):
    assert huenet("--version").stdout == f"huenet {VERSION}\n"
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == VERSION
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" in project["project"]["dynamic"] and "version" not in project["project"]


@pytest.mark.parametrize("option", ("--help", None))
def test_help_lists_the_subcommands_with_an_example_each(huenet, option):
    text = huenet(*[option] if option else []).stdout
    assert text == help_text() + "\n"
    assert all(f"huenet {name} {row.example}\n" in text for name, row in SUBCOMMANDS.items())


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_each_subcommand_has_a_help_and_its_name_in_errors(name, capsys):
    with pytest.raises(SystemExit) as done:
        SUBCOMMANDS[name].function(["--help"], prog=f"huenet {name}")
    assert done.value.code == 0 and capsys.readouterr().out.startswith(f"usage: huenet {name} ")
    with pytest.raises(SystemExit) as done:
        SUBCOMMANDS[name].function(["--nonsense"], prog=f"huenet {name}")
    (line,) = capsys.readouterr().err.splitlines()
    assert done.value.code == 2 and f"huenet {name} --help lists what it takes" in line


def test_an_unknown_subcommand_is_one_sentence(huenet):
    done = huenet("paint", status=2)
    assert (
        done.stderr == f"error: paint is not a subcommand; huenet takes {', '.join(SUBCOMMANDS)}, --help or --version\n"
    )


def test_the_wheel_carries_every_file_that_the_code_reads():
    carried = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    files = {
        path
        for package, patterns in carried.items()
        for pattern in patterns
        for path in (ROOT / package.removeprefix("huenet.")).glob(pattern)
    }
    endings = (".yaml", ".css", ".js", ".html", ".npz")
    assert files == {path for folder in FOLDERS for path in folder.rglob("*") if path.suffix in endings}


def test_what_the_demo_asks_for_is_what_it_requires():
    requirement = [line for line in (ROOT / "requirements-demo.txt").read_text().splitlines() if line[0] != "#"]
    message = (ROOT / "config" / "demo.py").read_text()
    assert requirement[0].startswith("gradio") and requirement[0].endswith(",<7") and "'gradio<7'" in message
