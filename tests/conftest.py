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

from tests.commands import SMALL, SMALL_IMAGES, run, run_here
from utils.colors import gray
from utils.images import to_float, to_uint8

# Pytest's processes share the cores: with more threads than those, they wait for one another. Commands in processes of
# their own have as many as a user's.
_PROCESSES = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
tf.config.threading.set_intra_op_parallelism_threads(max(1, os.cpu_count() // _PROCESSES))

RUN = "colorization-sample"  # the folder of each short run

# The slowest files. They start first, so that both of pytest's processes have work to the end.
SLOWEST = ("test_resuming", "test_end_to_end", "test_training_extras", "test_accuracy", "test_huenet", "test_testing")
SLOWEST += ("test_workers", "test_own_images", "test_command_line", "test_enhancement", "test_translator")
SLOWEST += ("test_notebook", "test_pairs", "test_demo", "test_page")


def pytest_collection_modifyitems(items):
    """Put the slowest files first, and mark the tests in a browser as long."""
    items.sort(key=lambda item: item.path.stem not in SLOWEST)
    for item in items:
        if "chromium" in item.fixturenames:
            item.add_marker(pytest.mark.long)


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


def made_once(factory, name, make):
    """The folder of this name, which the first of pytest's processes makes for all of them: ``make(folder)``."""
    folder = factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / name
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder


@pytest.fixture(scope="session")
def short(tmp_path_factory):
    """A run of three steps and the arguments that made it. Tests only read it."""
    arguments = ["--task", "colorization", *SMALL, "--max_steps", "3"]
    folder = made_once(tmp_path_factory, "short", lambda out: run("train.py", *arguments, "--output_dir", out))
    return folder / RUN, arguments


@pytest.fixture(scope="session")
def matching_run(tmp_path_factory):
    """A run of classical histogram matching, which has no weights, in RGB. Tests only read it."""
    arguments = ["--task", "color_transfer", *SMALL_IMAGES, "--generator", "matching", "--yuv", "false"]
    folder = made_once(tmp_path_factory, "matching", lambda out: run("train.py", *arguments, "--output_dir", out))
    return folder / "color_transfer-sample"


@pytest.fixture(scope="session")
def tested_once(short, tmp_path_factory):
    """The short run, tested with its own and with shuffled references. Tests only read it."""

    def make(folder):
        copied = shutil.copytree(short[0], folder / RUN)
        done = run_here("test.py", "--run", copied)
        page = copied / "test" / "own" / "index.html"
        assert "step 3" in done.stdout and f"the images: {page}" in done.stdout
        done = run_here("test.py", "--run", copied, "--exemplar", "shuffle")
        assert "fid is left out: it does not apply to exemplars" in done.stdout

    return made_once(tmp_path_factory, "tested", make) / RUN


@pytest.fixture(scope="module")
def tested(tested_once, tmp_path_factory):
    """A copy of the tested run, which the tests of one file may write into."""
    return shutil.copytree(tested_once, tmp_path_factory.mktemp("tested") / RUN)


@pytest.fixture(scope="module")
def chromium():
    """Headless Chromium, from Debian's packages chromium and chromium-driver."""
    from selenium import webdriver

    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("no browser: install chromium and chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1100,900"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    yield browser
    browser.quit()


@pytest.fixture
def own(tmp_path, save):
    """Images whose sizes are not the network's: a cat, a coffee, and the cat in gray."""
    cat, coffee = skimage.data.chelsea(), skimage.data.coffee()
    gray_cat = to_uint8(gray(to_float(cat)))
    files = {"cat.png": cat, "coffee.jpg": coffee, "gray.png": gray_cat}
    return [save(tmp_path / name, image) for name, image in files.items()]


@pytest.fixture
def rng():
    return np.random.default_rng(0)
