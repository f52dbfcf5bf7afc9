"""The runs of a benchmark: finished ones are kept, failed ones are reported, and a killed benchmark resumes."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from benchmarks.commands import train
from benchmarks.runs import RESULT, Forecast, Run, announce, carry_out, exit_if_failed, run_folder
from tests.commands import ROOT
from utils import UserError

TINY = ["--task", "colorization", "--dataset", "sample", "--img_h", "32", "--img_w", "32", "--bin_num", "16"]
TINY += ["--filters", "4", "--adversarial", "0"]


def make_run(folder, name, work, forecast=lambda: Forecast("a device", 100, 0.5, 3600.0)):
    return Run(name, run_folder(folder, name, []), work, forecast)


def fail(message, kind=UserError):
    def work():
        raise kind(message)

    return work


def test_one_failure_is_reported_the_others_go_on_and_only_it_is_tried_again(tmp_path, capsys):
    counts = dict.fromkeys("abc", 0)

    def count(name):
        counts[name] += 1
        return {"name": name}

    works = {"a": lambda: count("a"), "b": fail("its data are missing"), "c": lambda: count("c")}
    first = [*carry_out(make_run(tmp_path, name, work) for name, work in works.items())]
    assert first == [{"name": "a"}, None, {"name": "c"}]
    assert "b failed: its data are missing" in capsys.readouterr().err
    again = [*carry_out(make_run(tmp_path, name, lambda name=name: count(name)) for name in works)]
    assert again == [{"name": "a"}, {"name": "b"}, {"name": "c"}] and counts == {"a": 1, "b": 1, "c": 1}


def test_a_bug_in_one_run_shows_its_traceback_and_the_others_go_on(tmp_path, capsys):
    runs = [make_run(tmp_path, "a", fail("a bug", ZeroDivisionError)), make_run(tmp_path, "b", dict)]
    assert [*carry_out(runs)] == [None, {}]
    assert "ZeroDivisionError: a bug" in capsys.readouterr().err
    with pytest.raises(SystemExit, match=r"failed: a\. The same command tries them again"):
        exit_if_failed(["a"])
    exit_if_failed([])


def test_ctrl_c_ends_the_benchmark(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        [*carry_out([make_run(tmp_path, "a", fail("", KeyboardInterrupt)), make_run(tmp_path, "b", dict)])]
    assert not [*tmp_path.rglob(RESULT)]


def test_runs_of_other_options_have_other_folders(tmp_path):
    folders = {run_folder(tmp_path, "L2, seed 0", options) for options in ([1, tmp_path], [2, tmp_path])}
    assert len(folders) == 2 and all(re.fullmatch("L2__seed_0-[0-9a-f]{8}", folder.name) for folder in folders)
    assert run_folder(tmp_path, "L2, seed 0", [1, tmp_path]) in folders


def test_the_plan_measures_what_is_left_and_names_its_folders(tmp_path, capsys):
    finished = make_run(tmp_path, "finished", dict, fail("it is measured"))
    [*carry_out([finished])]
    announce([finished, make_run(tmp_path, "left", dict), make_run(tmp_path, "bad", dict, fail("no data"))], "page.md")
    shown = capsys.readouterr().out
    assert f"3 runs, 1 of them finished, in {tmp_path}\nThe results go to page.md" in shown
    assert re.search(r"left +100 +0.500 +1.00", shown) and "bad       cannot be measured: no data" in shown
    assert "about 1.00 hours, without the 1 that cannot be measured, on a device" in shown


def test_what_was_measured_is_not_measured_again_after_a_stop(tmp_path, capsys):
    announce([make_run(tmp_path, "a", dict)], "page.md")
    first = capsys.readouterr().out
    announce([make_run(tmp_path, "a", dict, fail("it is measured again"))], "page.md")
    assert capsys.readouterr().out == first and "about 1.00 hours, on a device" in first


@pytest.mark.long
def test_a_training_that_was_killed_resumes_and_a_wrong_one_is_one_sentence(tmp_path):
    code = "import sys; from benchmarks.commands import train; train(sys.argv[2:], sys.argv[1])"
    arguments = [*TINY, "--epochs", "3", "--checkpoint_minutes", "0.001"]
    killed = subprocess.Popen([sys.executable, "-c", code, tmp_path / "run", *arguments], cwd=ROOT, process_group=0)
    checkpoints = tmp_path / "run" / "colorization-sample" / "checkpoints"
    while not [*checkpoints.glob("step-*.npz")]:
        assert killed.poll() is None
        time.sleep(0.05)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert not (tmp_path / "run" / "minutes.json").exists()
    trained, minutes = train(arguments, tmp_path / "run")
    assert minutes is None and re.search("resumes at step [1-9]", (tmp_path / "run" / "log.txt").read_text())
    assert train(arguments, tmp_path / "run") == (trained, None)  # which does not start it again
    with pytest.raises(UserError, match=r"^train.py ended with status 2: .*--filters.*; see .*log.txt$"):
        train([*TINY, "--filters", "none"], tmp_path / "wrong")
