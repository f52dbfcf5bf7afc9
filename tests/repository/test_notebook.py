"""The notebook: without results, in step with the README, and executed with few steps."""

import base64
import io
import json
import re

import numpy as np
import pytest
from skimage.io import imread

from tests.commands import ROOT

NOTEBOOK = ROOT / "notebooks" / "huenet.ipynb"
STEPS = 2
CELLS = json.loads(NOTEBOOK.read_text())["cells"]
CODE = {cell["id"]: "".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "code"}
TILES = {
    "fit-images": (1, 3),
    "quick-images": (1, 2),
    "test-images": (4, 6),
    "layers-images": (1, 3),
}  # rows and columns of what it shows


def test_it_holds_no_results():
    notebook = json.loads(NOTEBOOK.read_text())
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert len({cell["id"] for cell in CELLS}) == len(CELLS) and CODE.keys() > TILES.keys()
    assert not any(cell["metadata"] or cell.get("outputs") or cell.get("execution_count") for cell in CELLS)


def test_its_commands_are_those_of_the_readme_and_of_make_run():
    commands = re.findall(r"^!(.*)", "\n".join(CODE.values()), re.MULTILINE)
    commands = [command.replace("{python}", "python").removesuffix(" {few}") for command in commands]
    readme, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    recipe = makefile.replace("$(QUICK)", re.search("^QUICK = (.*)", makefile, re.MULTILINE)[1])
    fit, quick, *trained = commands
    assert f"bin/{fit.replace('runs/', '')}\n" in readme and quick == fit.replace("result", "one_pass") + " --quick"
    start = recipe.index("\nrun: ")
    assert re.findall(r"^\t\$\(BIN\)/(.*)", recipe[start : recipe.index("\n\n", start)], re.MULTILINE) == trained


def test_its_histogram_layers_are_those_of_the_readme():
    examples = re.findall(r"```python\n(.*?)\n```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert CODE["layers-model"] in examples


@pytest.mark.parametrize("start", ("", "notebooks"))
def test_it_finds_the_root(start, monkeypatch):
    monkeypatch.chdir(ROOT / start)
    _setup()
    assert ROOT.samefile(".")


def test_it_says_where_there_is_no_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="is no clone of HueNet; clone it"):
        _setup()


def _setup():
    exec(re.sub("^%.*", "", CODE["setup"], flags=re.MULTILINE), {})


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The outputs of the notebook's cells after few steps, by their ids. It ran in a folder of links to the project."""
    for package in ("nbclient", "ipykernel"):
        pytest.importorskip(package, reason="needs requirements-dev.txt")
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpecManager
    from nbclient import NotebookClient
    from nbformat import read

    folder = tmp_path_factory.mktemp("notebook")
    copied = folder / "huenet"
    (copied / "notebooks").mkdir(parents=True)
    for path in ROOT.iterdir():
        if path.name not in ("notebooks", "runs") and not path.name.startswith("."):
            (copied / path.name).symlink_to(path)
    before = set(copied.iterdir())

    notebook = read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("STEPS = None", f"STEPS = {STEPS}").replace("epochs=100", f"epochs={STEPS}")
    # Without installed kernels, python3 is this interpreter.
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
            patch.setenv(name, str(folder / name))
        for name in ("PIP_DRY_RUN", "PIP_NO_INDEX"):  # a test installs nothing
            patch.setenv(name, "1")
        resources = {"metadata": {"path": str(copied / "notebooks")}}
        NotebookClient(notebook, km=manager, resources=resources, timeout=300, allow_errors=True).execute()
    outputs = {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}
    every = [output for cell in outputs.values() for output in cell]
    assert not any(output.output_type == "error" for output in every), _printed(every)
    assert set(copied.iterdir()) == before | {copied / "runs"} and not list((copied / "notebooks").iterdir())
    return outputs


@pytest.mark.long
@pytest.mark.parametrize("cell", TILES)
def test_it_shows_images(executed, cell):
    (shown,) = (output for output in executed[cell] if output.output_type == "display_data")
    image = imread(io.BytesIO(base64.b64decode(shown.data["image/png"])))[..., :3]
    rows, columns = TILES[cell]
    for row in np.array_split(image, rows):
        for tile in np.array_split(row, columns, axis=1):
            assert np.mean(tile.min(axis=-1) < 255) > 0.5, "more than half of it is the page's white"


@pytest.mark.long
def test_it_runs_its_commands(executed):
    assert f"trained {STEPS} of {STEPS} steps" in _printed(executed["train-command"])
    assert f"step {STEPS}" in _printed(executed["test-command"])
    figures = re.findall(r"^(\w+) +0\.\d{3}  \w", _printed(executed["test-images"]), re.MULTILINE)
    assert figures == ["emd_source", "emd_output", "ssim"]


def _printed(outputs):
    return "".join(output.get("text", output.get("evalue", "")) for output in outputs)
