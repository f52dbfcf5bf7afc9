"""The plan of the ablation."""

import sys

import config
from benchmarks.ablation.__main__ import TASKS, parse, plan


def planned(monkeypatch, *arguments):
    """The label and the options of each planned run."""
    monkeypatch.setattr(sys, "argv", ["benchmarks.ablation", *arguments])
    for _, run in plan(parse()):
        (words,) = run.forecast.args
        yield run.name, config.parse_training([*map(str, words)])["options"]


def test_the_papers_runs_have_their_data_sets_one_size_and_their_epochs(monkeypatch):
    runs = dict(planned(monkeypatch, "--full"))
    assert len(runs) == 24
    for name, options in runs.items():
        own = config.load(options.task)
        assert options.data.dataset == own.data.dataset and (options.data.height, options.data.width) == (256, 256)
        trained_as = options if name.startswith("color_transfer, HDRNet") else own
        assert (options.run.epochs, options.run.max_steps) == (trained_as.run.epochs, None), name


def test_short_runs_have_one_size_and_their_steps(monkeypatch):
    for name, options in planned(monkeypatch, "--steps", "7", "--long_steps", "9"):
        assert (options.data.height, options.data.width) == (128, 128)
        assert options.data.dataset == TASKS[options.task][0]
        assert options.run.max_steps in ((None,) if name.endswith("its epochs") else (7, 9)), name


def test_an_option_for_every_run_overrides_the_plan(monkeypatch):
    runs = planned(monkeypatch, "--full", "--epochs", "1", "--set", "data.height=32")
    assert all((options.run.epochs, options.data.height) == (1, 32) for _, options in runs)
