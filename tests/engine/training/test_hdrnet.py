"""A run of HDRNet resumes as if it had not been stopped."""

import pytest

import config
from benchmarks.kills import differing, make_images, state_of
from engine import open_dataset
from engine.run_folder.signals import StopSignal
from engine.training.determinism import deterministic
from engine.training.run import TrainingRun
from engine.training.session import Session
from tests.commands import run_function

SETTINGS = {
    **{"img_h": 32, "img_w": 32, "bin_num": 16, "batch_size": 2, "epochs": 2, "color_space": "rgb"},
    **{"generator": "hdrnet", "guide": "network", "batch_norm": True, "source_histogram": True},
    **{"smoothness": 0.3, "adversarial": 0, "structure": 0, "log_every": 1},
}


def train(folder, *, max_steps, data, resumed=False):
    options = config.load("colorization", dataset="small", dataroot=str(data), max_steps=max_steps, **SETTINGS)
    dataset = open_dataset(options, "train", "validation", "test")
    with deterministic(0):
        run = TrainingRun(options, dataset, folder, stop_signal=StopSignal(), resumed=resumed)
        session = Session(run)
        session.begin()
        run.fit(session)


def train_twice(folder):
    """Train without and with an interruption. In a process of its own, which stays deterministic."""
    for name, lasts in (("uninterrupted", (2,)), ("interrupted", (1, 2))):
        (folder / name).mkdir()
        for last in lasts:
            train(folder / name, max_steps=last, data=folder, resumed=last != lasts[0])


@pytest.mark.long
def test_an_hdrnet_resumes_to_the_bit(tmp_path):
    make_images(tmp_path / "small")
    run_function(train_twice, tmp_path)
    states = [state_of(tmp_path / name) for name in ("uninterrupted", "interrupted")]
    assert differing(*states) == [] and len(states[0]) > 100
