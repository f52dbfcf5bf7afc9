"""The command lines of train.py and test.py: what a short run writes, and the errors for wrong arguments."""

import json

import numpy as np
import pytest

import config
from datasets import TASKS
from engine.checkpoints.files import load_checkpoint, newest_checkpoint
from tests.commands import SIDE, SMALL, lines_of, run, run_here


def test_max_steps_ends_a_run_within_an_epoch(short):
    assert [line["step"] for line in lines_of(short[0])] == [3]
    assert load_checkpoint(newest_checkpoint(short[0]))[1]["step"] == 3


@pytest.mark.long
def test_a_warm_started_run_that_was_killed_before_its_first_checkpoint_is_warm_started_again(short, tmp_path):
    options = {"gen_lr": 1e-12, "max_steps": 1, "output_pre_dir": str(short[0]), "output_dir": str(tmp_path)}
    config.save(config.load(config=short[0] / "settings.yml", **options), tmp_path / "settings.yml")
    run("train.py", "--resume", tmp_path)
    first, resumed = (load_checkpoint(newest_checkpoint(run))[0] for run in (short[0], tmp_path))
    np.testing.assert_allclose(resumed["generator"][0], first["generator"][0], atol=1e-8)


def test_a_run_is_not_overwritten_without_overwrite(short):
    folder, arguments = short
    before = (folder / "settings.yml").stat().st_mtime_ns
    done = run_here("train.py", *arguments, "--output_dir", folder.parent, status=2)
    assert f"holds a run: --resume {folder} resumes it" in done.stderr
    assert (folder / "settings.yml").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--task", "nonsense"], "takes " + " or ".join(TASKS).replace(" or ", ", ", len(TASKS) - 2)),
        (["--task", "colorization", "--batch_size", "-1"], "--batch_size"),
        (["--task", "colorization", "--dataroot", "nowhere"], "--dataset sample"),
        (["--task", "colorization", "--set", "losses.typo=1"], "losses.typo"),
        (["--task", "colorization", "--dataroot", ".", "--dataset", "empty"], "no training images"),
        (["--task", "colorization", "--learning_rate", "1"], "--learning_rate"),
    ],
)
def test_a_users_mistake_is_one_sentence_and_writes_nothing(tmp_path, arguments, message):
    (tmp_path / "empty").mkdir()
    done = run_here("train.py", *arguments, cwd=tmp_path, status=2)
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ") and message in line
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--img_h", "70"], f"70x{SIDE}"),
        (["--output_pre_dir", "nowhere"], "no checkpoint"),
        (["--output_dir", "/dev/null"], "/dev/null"),
    ],
)
def test_a_mistake_that_the_model_finds_is_one_sentence_and_writes_nothing(tmp_path, arguments, message):
    done = run("train.py", "--task", "colorization", *SMALL, *arguments, cwd=tmp_path, status=2)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("error: ") and message in last and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("has_settings", (False, True))
def test_testing_a_folder_that_is_not_a_run_is_one_sentence(tmp_path, has_settings):
    if has_settings:
        (tmp_path / "settings.yml").write_text("task: colorization\ndata: {dataset: sample}\n")
    done = run_here("test.py", "--run", tmp_path, status=2)
    assert ("no checkpoint" if has_settings else "not a run") in done.stderr.splitlines()[-1]


@pytest.mark.long
def test_the_users_photographs_and_luminance_alone(tmp_path, save, rng):
    for number in range(24):
        shape = rng.integers(30, 90, 2)
        save(tmp_path / "mine" / f"{number}.png", rng.integers(0, 256, [*shape, 3], np.uint8))
    (tmp_path / "mine" / "bad.jpg").write_bytes(b"no image")
    command = ["--task", "colorization", "--dataroot", tmp_path, "--dataset", "mine", "--img_h", "32", "--img_w", "32"]
    command += [
        "--bin_num",
        "16",
        "--filters",
        "4",
        "--img_c",
        "1",
        "--img_out_c",
        "1",
        "--max_steps",
        "2",
        "--output_dir",
        tmp_path / "runs",
    ]
    done = run("train.py", *command, status=2)
    assert "1 image cannot be used" in done.stderr and "bad.jpg (not an image that can be read)" in done.stderr
    assert len(done.stderr.splitlines()) == 1 and not (tmp_path / "runs").exists()
    done = run("train.py", *command, "--skip_bad", "--preprocess", "pad", "--cache", "disk")
    assert f"(flat layout; 1 bad file left out, listed in {tmp_path / 'mine.bad.txt'}): " in done.stdout
    assert ": 21 training, 1 validation, 2 test images; " in done.stdout
    assert len(list((tmp_path / "mine.cache").glob("*.npy"))) > 4
    folder = tmp_path / "runs" / "colorization-mine"
    assert np.isfinite(lines_of(folder)[-1]["structure_loss"])
    run_here("test.py", "--run", folder)
    metrics = json.loads((folder / "test" / "own" / "metrics.json").read_text())["metrics"]
    assert {"emd_output_y", "mi_y"} <= set(metrics) and "emd_output_u" not in metrics
