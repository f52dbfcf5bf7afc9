"""What test.py writes of a run, where, and what it refuses."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engine.inference.evaluate import results_folder
from tests.commands import ROOT, last_line, run_here

NAMES = ("own", "exemplar-shuffle")  # of the folders of results


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
        (["--source", "CAT", "--reference", "CAT", "--out", "no/where/a.png"], "--out: there is no folder"),
        (["--source", "FULL", "--reference", "CAT", "--out", "out"], "is a folder; a run takes images"),
        (["--source", "CAT", "--reference", "CAT", "--out", "CAT"], "cat.png is also an input"),
        (["--out", "/proc/results"], "--out /proc/results cannot be written"),
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


def test_with_exemplars_metrics_against_the_target_are_left_out(tested):
    own, other = (json.loads((tested / "test" / name / "metrics.json").read_text()) for name in NAMES)
    assert set(own["metrics"]) - set(other["metrics"]) == {"psnr", "ssim", "delta_e"}
    assert {"mi", "ssim_content", "emd_output", "rgb_w1"} <= set(other["metrics"]) and other["set"] == {}


@pytest.mark.long
def test_results_are_kept_apart_by_what_they_are_of_and_compared_within_a_run(tested, tmp_path):
    before = (tested / "test" / "own" / "metrics.json").read_text()
    run_here("test.py", "--run", tested, "--checkpoint", "best", "--out", tmp_path / "mine")
    assert (tested / "test" / "own" / "metrics.json").read_text() == before
    assert json.loads(before)["reference"] == "own"
    results = [tested, tested / "test" / "exemplar-shuffle", tmp_path / "mine"]
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
        ({"exemplar": "x" * 240 + ".png", "checkpoint": "best"}, f"exemplar-{'x' * 100}-best"),
    ],
)
def test_the_folder_of_results_says_what_they_are_of(options, name):
    assert results_folder("RUN", **options) == Path("RUN") / "test" / name


def test_exemplars_of_one_name_have_results_of_their_own(tmp_path):
    def results(exemplar):
        folder = results_folder(tmp_path, exemplar=exemplar)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "metrics.json").write_text(json.dumps({"reference": exemplar.rstrip("/")}))
        return folder.name

    first, second = (str(tmp_path / place / "palettes") for place in ("red", "blue"))
    names = [results(exemplar) for exemplar in (first, second, first, f"{second}/", f"{tmp_path}/green/palettes")]
    assert names == [f"exemplar-palettes{number}" for number in ("", "-2", "", "-2", "-3")]


def test_results_replace_only_results(tested, tmp_path):
    shutil.copytree(tested / "test" / "own", tmp_path / "mine")
    (tmp_path / "mine" / "thesis.tex").write_text("years of work")
    for folder, held in ((tmp_path / "mine", "thesis.tex"), (tested, ".lock")):
        done = run_here("test.py", "--run", tested, "--out", folder, status=2)
        assert "is not an empty folder" in last_line(done) and f"it holds {held}" in last_line(done)
    assert (tmp_path / "mine" / "thesis.tex").exists() and (tmp_path / "mine" / "index.html").exists()


@pytest.mark.long
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
