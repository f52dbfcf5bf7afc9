"""Fixtures for all tests: photographs, and a short run."""

import fcntl
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from skimage.io import imsave

from tests.commands import SMALL, run

# The slowest files. They start first, so that both of pytest's processes have work to the end.
SLOWEST = ("test_resuming", "test_end_to_end", "test_training_extras", "test_accuracy", "test_huenet", "test_testing")
SLOWEST += ("test_command_line", "test_pairs")


def pytest_collection_modifyitems(items):
    """Put the slowest files first."""
    items.sort(key=lambda item: item.path.stem not in SLOWEST)


@pytest.fixture(scope="session")
def photographs():
    """Two photographs in the networks' range: float64 [2, 48, 48, 3] in [-1, 1]."""
    images = [skimage.data.astronaut()[40:232, 130:322], skimage.data.coffee()[100:292, 200:392]]
    reduced = tf.image.resize(np.stack(images).astype(np.float64), (48, 48), antialias=True)
    return np.asarray(reduced, np.float64) / 127.5 - 1


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory):
    """The data sets in $HUENET_DATA, as links in a new folder, so that nothing is written beside the originals.

    The test skips if there are none.
    """
    folder = Path(os.environ.get("HUENET_DATA", Path(__file__).parents[2] / "shared" / "data")).absolute()
    if not folder.is_dir():
        pytest.skip(f"no photographs in {folder}; name their folder with HUENET_DATA")
    links = tmp_path_factory.mktemp("data")
    for dataset in folder.iterdir():
        (links / dataset.name).symlink_to(dataset)
    return links


@pytest.fixture
def save():
    """A function that writes a uint8 image to a file and makes its folder."""

    def save(path, image):
        path.parent.mkdir(parents=True, exist_ok=True)
        imsave(path, image, check_contrast=False)
        return path

    return save


@pytest.fixture(scope="session")
def short(tmp_path_factory):
    """A run of three steps and the arguments that made it. The first of pytest's processes makes it for all of them.

    Tests only read it. Those that write into a run, as test.py does, take `own_short`.
    """
    folder = tmp_path_factory.getbasetemp()
    output = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "short"
    output.mkdir(exist_ok=True)
    arguments = ["--task", "colorization", *SMALL, "--max_steps", "3"]
    with open(output / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (output / "made").exists():
            run("train.py", *arguments, "--output_dir", output)
            (output / "made").touch()
    return output / "colorization-sample", arguments


@pytest.fixture(scope="module")
def own_short(short, tmp_path_factory):
    """A copy of the run of three steps, which the tests of one file may write into."""
    return shutil.copytree(short[0], tmp_path_factory.mktemp("own") / short[0].name)


@pytest.fixture
def rng():
    return np.random.default_rng(0)
