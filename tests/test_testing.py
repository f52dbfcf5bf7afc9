"""What test.py does with a run beside measuring: own images, comparison, export, the page."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import skimage.data
import tensorflow as tf
from PIL import Image
from skimage.io import imread

from engine.evaluation import results_folder
from tests.commands import ROOT, SIDE, run_here
from utils import gray, to_float, to_uint8


@pytest.fixture(scope="module")
def tested(own_short):
    """The short run, tested."""
    done = run_here("test.py", "--run", own_short)
    assert "step 3" in done.stdout and f"the images: {own_short / 'test' / 'own' / 'index.html'}" in done.stdout
    return own_short


@pytest.fixture
def own(tmp_path, save):
    """Images whose sizes are not the network's: a cat, a coffee, and the cat in gray."""
    cat, coffee = skimage.data.chelsea(), skimage.data.coffee()
    gray_cat = to_uint8(gray(to_float(cat)))
    files = {"cat.png": cat, "coffee.jpg": coffee, "gray.png": gray_cat}
    return [save(tmp_path / name, image) for name, image in files.items()]


def last_line(done):
    return done.stderr.splitlines()[-1]


def test_a_users_image_keeps_its_size_and_strength_0_keeps_its_palette(short, own, tmp_path):
    def translate(out, *arguments):
        run_here("test.py", "--run", short[0], "--source", own[0], "--out", tmp_path / out, *arguments)
        return imread(tmp_path / out)

    full = translate("full.png", "--reference", own[1])
    assert full.shape == skimage.data.chelsea().shape
    run_here("test.py", "--run", short[0], "--reference", own[1], "--out", tmp_path / "palette.npy")
    histogram = np.load(tmp_path / "palette.npy")
    assert histogram.shape == (3, 32) and np.allclose(histogram.sum(-1), 1)
    np.testing.assert_array_equal(translate("saved.png", "--reference", tmp_path / "palette.npy"), full)
    none = translate("none.png", "--reference", own[1], "--strength", "0")
    np.testing.assert_array_equal(none, translate("itself.png", "--reference", own[2]))


def test_a_jpeg_result_has_quality_95(short, own, tmp_path):
    out = tmp_path / "out.jpg"
    run_here("test.py", "--run", short[0], "--source", own[0], "--reference", own[1], "--out", out)
    Image.fromarray(skimage.data.chelsea()).save(tmp_path / "95.jpg", quality=95)
    with Image.open(out) as result, Image.open(tmp_path / "95.jpg") as other:
        assert result.format == "JPEG" and result.quantization == other.quantization


def test_several_sources_and_references_make_a_grid(short, own, tmp_path):
    sources, references = [own[0], own[1]], [own[1], own[0], own[1]]
    run_here(
        "test.py", "--run", short[0], "--source", *sources, "--reference", *references, "--out", tmp_path / "grid.png"
    )
    grid = imread(tmp_path / "grid.png")
    assert grid.shape == (3 * SIDE, 4 * SIDE, 3)
    np.testing.assert_array_equal(grid[SIDE:, SIDE : 2 * SIDE], grid[SIDE:, 3 * SIDE :])  # the same reference
    assert not np.array_equal(grid[SIDE : 2 * SIDE, SIDE : 2 * SIDE], grid[2 * SIDE :, SIDE : 2 * SIDE])


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--source", "CAT"], "--reference FILE"),
        (
            ["--source", "CAT", "--reference", "nowhere.png", "--out", "a.png"],
            "--reference nowhere.png is not an image",
        ),
        (["--source", "BAD", "--reference", "CAT", "--out", "a.png"], "is not an image that can be read"),
        (["--source", "CAT", "--reference", "CAT", "--out", "a.doc"], "takes a file that ends in"),
        (["--reference", "CAT", "--out", "a.png"], "as FILE.npy"),
        (["--source", "CAT", "--reference", "CAT", "--out", "a.png", "--strength", "2"], "--strength: got 2"),
        (
            ["--source", "CAT", "--reference", "OTHER", "--out", "a.png"],
            "has the shape [3, 7], and the run takes [3, 32]",
        ),
        (["--source", "CAT", "--reference", "CAT", "--out", "no/where/a.png"], "cannot be written"),
        (["--checkpoint", "BAD"], "is not a checkpoint"),
        (["--set", "histogram.bins=16"], "other settings"),
        (["--export", "FULL"], "exists and is not an empty folder"),
        (["--export", "CAT"], "exists and is not an empty folder"),
        (["--compare", "RUN"], "takes two runs or more"),
        (["--compare", "RUN", "nowhere"], "nowhere has not been tested"),
    ],
)
def test_a_users_mistake_is_one_sentence(tested, own, tmp_path, arguments, message):
    (tmp_path / "bad.png").write_bytes(own[0].read_bytes()[:-100])
    np.save(tmp_path / "other.npy", np.full([3, 7], 1 / 7))
    names = {
        "CAT": own[0],
        "BAD": tmp_path / "bad.png",
        "OTHER": tmp_path / "other.npy",
        "FULL": tmp_path,
        "RUN": tested,
    }
    before = sorted(tmp_path.iterdir())
    run = [] if "--compare" in arguments else ["--run", tested]
    done = run_here("test.py", *run, *(names.get(word, word) for word in arguments), cwd=tmp_path, status=2)
    assert message in last_line(done) and last_line(done).startswith("error: ") and "Traceback" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.fixture(scope="module")
def shuffled(tested):
    """The results of the short run with shuffled references."""
    done = run_here("test.py", "--run", tested, "--exemplar", "shuffle")
    assert "fid is left out: it does not apply to exemplars" in done.stdout
    return tested / "test" / "exemplar-shuffle"


def test_with_exemplars_metrics_against_the_target_are_left_out(tested, shuffled):
    own, other = (json.loads((folder / "metrics.json").read_text()) for folder in (tested / "test" / "own", shuffled))
    assert set(own["metrics"]) - set(other["metrics"]) == {"psnr", "ssim", "delta_e"}
    assert {"mi", "ssim_content", "emd_output", "rgb_w1"} <= set(other["metrics"]) and other["set"] == {}


def test_results_are_kept_apart_by_what_they_are_of_and_compared_within_a_run(tested, shuffled, tmp_path):
    before = (tested / "test" / "own" / "metrics.json").read_text()
    run_here("test.py", "--run", tested, "--checkpoint", "best", "--out", tmp_path / "mine")
    assert (tested / "test" / "own" / "metrics.json").read_text() == before
    assert json.loads(before)["reference"] == "own"
    results = [tested, shuffled, tmp_path / "mine"]
    done = run_here("test.py", "--compare", *results, "--out", tmp_path / "page")
    assert done.stdout.splitlines()[0].split() == [tested.name, "exemplar-shuffle", "mine"]


@pytest.mark.parametrize(
    "options,name",
    [
        ({}, "own"),
        ({"checkpoint": "best"}, "own-best"),
        ({"checkpoint": "there/checkpoints/step-00000003.npz"}, "own-step-00000003"),
        ({"exemplar": "shuffle", "checkpoint": "best"}, "exemplar-shuffle-best"),
        ({"exemplar": "there/red and blue/"}, "exemplar-red_and_blue"),
    ],
)
def test_the_folder_of_results_says_what_they_are_of(options, name):
    assert results_folder("RUN", **options) == Path("RUN") / "test" / name


def test_results_replace_only_results(tested, tmp_path):
    shutil.copytree(tested / "test" / "own", tmp_path / "mine")
    (tmp_path / "mine" / "thesis.tex").write_text("years of work")
    for folder, held in ((tmp_path / "mine", "thesis.tex"), (tested, ".lock")):
        done = run_here("test.py", "--run", tested, "--out", folder, status=2)
        assert "is not an empty folder" in last_line(done) and f"it holds {held}" in last_line(done)
    assert (tmp_path / "mine" / "thesis.tex").exists() and (tmp_path / "mine" / "index.html").exists()


def test_a_test_that_is_interrupted_leaves_the_results_before_as_they_were(tested):
    def state():
        return {path: path.stat().st_mtime_ns for path in (tested / "test").rglob("*")}

    before = state()
    python = subprocess.Popen([sys.executable, ROOT / "test.py", "--run", tested], stderr=subprocess.PIPE, text=True)
    while python.poll() is None and not list((tested / "test").glob(".own.*/images/00000_*")):
        time.sleep(0.01)
    python.send_signal(signal.SIGINT)
    errors = python.communicate()[1]
    assert python.returncode == 130 and "Traceback" not in errors, errors
    assert state() == before


def test_runs_are_compared_side_by_side(tested, tmp_path):
    other = shutil.copytree(tested, tmp_path / "other")
    lines = (other / "test" / "own" / "metrics.jsonl").read_text().splitlines(keepends=True)
    (other / "test" / "own" / "metrics.jsonl").write_text("".join(lines[:5]))
    report = json.loads((other / "test" / "own" / "metrics.json").read_text())
    report["metrics"]["ssim"] = {"mean": 0.1234, "std": 0.5}
    (other / "test" / "own" / "metrics.json").write_text(json.dumps(report))
    done = run_here("test.py", "--compare", tested, other, "--out", tmp_path / "page")
    (line,) = (line for line in done.stdout.splitlines() if line.split()[0] == "ssim")
    assert line.endswith("0.1234 ± 0.5000") and line.split()[1] != "0.1234"
    assert "differ" not in done.stdout
    page = (tmp_path / "page" / "index.html").read_text()
    assert page.count("<section") == 5 and page.count("colorization-sample: output") == 5 * 2
    assert page.count("<figcaption>reference<") == 5 and "other: reference" not in page


def test_a_comparison_says_what_differs_and_shows_it(tested, shuffled, tmp_path):
    done = run_here("test.py", "--compare", tested, shuffled, "--out", tmp_path / "page")
    count = len((shuffled / "metrics.jsonl").read_text().splitlines())
    remarks = ["reference differs: own (colorization-sample), shuffle (exemplar-shuffle)"]
    remarks += [f"{count} of the {count} images have different references"]
    page = (tmp_path / "page" / "index.html").read_text()
    for remark in remarks:
        assert remark in done.stdout.splitlines() and remark in page
    assert page.count("<figcaption>source<") == count and "<figcaption>reference<" not in page
    assert page.count("<figcaption>exemplar-shuffle: reference<") == count


def test_images_are_paired_by_their_whole_names_and_their_content(tested, tmp_path):
    def tested_on(name, names, digest="same"):
        """Results of the short run, as if its images had other names."""
        folder = shutil.copytree(tested / "test" / "own", tmp_path / name)
        lines = (folder / "metrics.jsonl").read_text().splitlines()[: len(names)]
        rows = [json.loads(line) | {"name": own, "digest": digest} for line, own in zip(lines, names, strict=True)]
        (folder / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return folder

    both = tested_on("both", ["cats/001.jpg", "dogs/001.jpg"])
    turned = tested_on("turned", ["dogs/001.jpg", "cats/001.jpg", "cats/002.jpg"])
    run_here("test.py", "--compare", both, turned, "--out", tmp_path / "page")
    page = (tmp_path / "page" / "index.html").read_text()
    assert re.findall("<h2>(.*?) ", page) == ["cats/001.jpg", "dogs/001.jpg"]
    rows = [json.loads(line) for line in (turned / "metrics.jsonl").read_text().splitlines()]
    assert f"{rows[1]['metrics']['mi']}" in page.split("<section")[1]  # of cats/001.jpg
    other = tested_on("other", ["cats/001.jpg"], digest="another")
    done = run_here("test.py", "--compare", both, other, "--out", tmp_path / "none", status=2)
    assert "no test image in common (data sets: both sample, other sample)" in last_line(done)
    (other / "metrics.jsonl").write_text('{"name": "cats/001.jpg"}\n')  # of an earlier version
    done = run_here("test.py", "--compare", both, other, "--out", tmp_path / "none", status=2)
    assert "holds no results that can be compared" in last_line(done) and not (tmp_path / "none").exists()


def test_a_comparison_replaces_an_earlier_one_and_nothing_else(tested, tmp_path):
    shutil.copytree(tested, tmp_path / "other")
    page, thesis = tmp_path / "page", tmp_path / "page" / "thesis.tex"

    def compare(folder, **options):
        return run_here("test.py", "--compare", tested, tmp_path / "other", "--out", folder, **options)

    compare(page)
    compare(page)
    thesis.write_text("years of work")
    for folder, held in ((page, "thesis.tex"), (tmp_path / "other", ".lock"), (tmp_path / "other" / "test", "")):
        before = sorted(tmp_path.rglob("*"))
        done = compare(folder, status=2)
        assert f"--out: {folder} exists and is not an empty folder" in last_line(done)
        assert f"it holds {held}" in last_line(done) and sorted(tmp_path.rglob("*")) == before
    assert thesis.read_text() == "years of work"


RUN_EXPORTED = """
import sys
from pathlib import Path
import numpy as np, tensorflow as tf
from skimage.io import imread
translator = tf.saved_model.load(sys.argv[1])
images = Path(sys.argv[2])
for source in sorted(images.glob("*_source.png")):
    stem = source.name.removesuffix("_source.png")
    inputs = [imread(images / f"{stem}_{name}.png")[None] for name in ("source", "reference")]
    difference = np.abs(np.int16(translator(*inputs)[0]) - imread(images / f"{stem}_output.png"))
    # Another process may sum in another order: one value in a thousand may differ by one level.
    assert difference.max() <= 1 and (difference > 0).mean() <= 1e-3, stem
"""


def test_the_exported_model_makes_the_images_that_test_py_made(tested, tmp_path):
    run_here("test.py", "--run", tested, "--export", tmp_path / "exported")
    folder = tmp_path / "exported" / "saved_model"
    command = [sys.executable, "-P", "-c", RUN_EXPORTED, folder, tested / "test" / "own" / "images"]
    subprocess.run(command, cwd=tmp_path, check=True)


def test_a_photograph_in_color_and_in_gray_is_colorized_alike(short, own, tmp_path):
    def translate(source, strength):
        arguments = ["--source", source, "--reference", own[1], "--strength", strength, "--out", tmp_path / "out.png"]
        run_here("test.py", "--run", short[0], *arguments)
        return imread(tmp_path / "out.png").astype(int)

    for strength in ("0.5", "1"):
        in_color, in_gray = translate(own[0], strength), translate(own[2], strength)
        assert np.abs(in_color - in_gray).max() <= 1
    run_here("test.py", "--run", short[0], "--export", tmp_path / "exported")
    translator = tf.saved_model.load(str(tmp_path / "exported" / "saved_model"))
    for path in (own[0], own[2]):
        exported = translator(imread(path)[None], imread(own[1])[None]).numpy()[0]
        assert np.abs(exported - in_color).max() <= 1
    grid = tmp_path / "grid.png"
    run_here("test.py", "--run", short[0], "--source", own[0], own[2], "--reference", own[1], "--out", grid)
    first, second = np.split(imread(grid)[SIDE:], 2)
    np.testing.assert_array_equal(first, second)  # the sources are shown as they were taken


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium, from Debian's packages chromium and chromium-driver."""
    from selenium import webdriver

    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip("no browser: install chromium and chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1100,900"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    yield browser
    browser.quit()


def test_the_page_opens_from_disk_sorts_and_shows_joint_histograms_on_a_click(tested, browser, tmp_path):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select, WebDriverWait

    page = tmp_path / "moved"  # the page needs nothing outside its folder
    shutil.copytree(tested / "test" / "own", page)
    browser.get(f"file://{page}/index.html")
    rows = [json.loads(line) for line in (page / "metrics.jsonl").read_text().splitlines()]

    in_order = """return [...document.querySelectorAll("section")].sort(
        (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)"""

    def names():
        texts = f"{in_order}.map(section => section.querySelector('h2').textContent)"
        return [text.split()[0] for text in browser.execute_script(texts)]

    loaded = "return arguments[0].complete && arguments[0].naturalWidth"
    last_image = browser.find_elements(By.TAG_NAME, "section")[-1].find_element(By.TAG_NAME, "img")
    assert not browser.execute_script(loaded, last_image)  # lazy loading: not before it is scrolled near
    assert names() == [row["name"] for row in rows]
    Select(browser.find_element(By.ID, "metric")).select_by_visible_text("ssim")
    ordered = [row["name"] for row in sorted(rows, key=lambda row: row["metrics"]["ssim"])]
    assert names() == ordered
    browser.find_element(By.ID, "descending").click()
    assert names() == ordered[::-1]
    first = browser.execute_script(in_order)[0]
    assert f"{max(row['metrics']['ssim'] for row in rows):.4f}" in first.find_element(By.TAG_NAME, "h2").text
    joint = first.find_element(By.CSS_SELECTOR, "details img")
    assert not joint.is_displayed()
    first.find_element(By.TAG_NAME, "summary").click()
    WebDriverWait(browser, 30).until(lambda _: joint.is_displayed() and browser.execute_script(loaded, joint))
    assert browser.execute_script(loaded, joint) == 3 * 32 + 2 * 4  # of 32 bins
    for image in first.find_elements(By.CSS_SELECTOR, ".figures img"):
        assert browser.execute_script(loaded, image)
    browser.set_window_size(500, 900)
    assert browser.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    assert browser.get_screenshot_as_png()[:4] == b"\x89PNG"
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
