"""A training run before its first step."""

import pytest

import config
from engine import open_dataset
from engine.signals import StopSignal
from engine.training_run import TrainingRun
from utils import UserError


def training_run(folder, side):
    options = config.load(
        "colorization", dataset="sample", img_h=side, img_w=side, bin_num=8, filters=2, cache="memory", jitter=False
    )
    return TrainingRun(options, open_dataset(options, "train", "test"), folder, stop_signal=StopSignal())


def test_a_memory_cache_says_what_it_takes_and_more_than_there_is_is_refused(tmp_path, capsys):
    run = training_run(tmp_path, side=512)
    run.begin()
    assert f"--cache memory takes {len(run.pipeline) * 512 * 512 * 3 / 1e9:.2f} GB" in capsys.readouterr().out
    sentence = r"^--cache memory would take \d+\.\d GB, but \d+\.\d GB of memory are available; give --cache disk or"
    with pytest.raises(UserError, match=sentence):
        training_run(tmp_path / "new", side=2**20)
    assert not (tmp_path / "new").exists()
