"""Runs of HDRNet and of the lut resume as if they had not been stopped."""

import pytest

import config
from benchmarks.kills import differing, make_images, state_of
from engine import open_dataset
from engine.run_folder.signals import StopSignal
from engine.training.determinism import deterministic
from engine.training.run import TrainingRun
from engine.training.session import Session
from tests.commands import run_function

SHARED = {"img_h": 32, "img_w": 32, "bin_num": 16, "batch_size": 2, "epochs": 2, "color_space": "rgb"}
SHARED |= {"adversarial": 0, "structure": 0, "log_every": 1}
SETTINGS = {
    "hdrnet": {
        **{"task": "colorization", "generator": "hdrnet", "guide": "network", "batch_norm": True},
        **{"source_histogram": True, "smoothness": 0.3},
    },
    "lut": {
        **{"task": "color_transfer", "pairing": "looks", "generator": "lut", "histogram_color_space": "directions"},
        **{"delta_e": 1, "ema_decay": 0.9},
    },
}


def train(folder, *, generator, max_steps, data, resumed=False):
    settings = SHARED | SETTINGS[generator]
    options = config.load(dataset="small", dataroot=str(data), max_steps=max_steps, **settings)
    dataset = open_dataset(options, "train", "validation", "test")
    with deterministic(0):
        run = TrainingRun(options, dataset, folder, stop_signal=StopSignal(), resumed=resumed)
        session = Session(run)
        session.begin()
        run.fit(session)


def train_twice(folder, generator):
    """Train without and with an interruption. In a process of its own, which stays deterministic."""
    for name, lasts in (("uninterrupted", (2,)), ("interrupted", (1, 2))):
        (folder / name).mkdir()
        for last in lasts:
            resumed = last != lasts[0]
            train(folder / name, generator=generator, max_steps=last, data=folder, resumed=resumed)


@pytest.mark.long
@pytest.mark.parametrize("generator", SETTINGS)
def test_a_run_resumes_to_the_bit(tmp_path, generator):
    make_images(tmp_path / "small")
    run_function(train_twice, tmp_path, generator)
    states = [state_of(tmp_path / name) for name in ("uninterrupted", "interrupted")]
    assert differing(*states) == [] and len(states[0]) > 80
