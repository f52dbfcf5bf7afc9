"""The plans of the benchmarks that train many networks."""

import importlib
import sys

import pytest

import config
from tests.commands import ROOT


@pytest.mark.parametrize("name", ["ablation", "enhancement"])
def test_a_repository_that_was_moved_keeps_its_finished_runs(name, monkeypatch):
    monkeypatch.setattr(sys, "argv", [f"benchmarks.{name}", "--full", "--dataroot", "data", "--work_dir", "runs"])
    benchmark = importlib.import_module(f"benchmarks.{name}.__main__")
    planned = benchmark.plan(benchmark.parse())
    runs = [run for _, run in planned] if name == "ablation" else planned
    for run in runs:
        config.parse_training([*map(str, run.forecast.args[0])])  # the options exist
    words = [str(word) for run in runs for word in run.forecast.args[0]]
    assert len(runs) > 5 and not [word for word in words if str(ROOT) in word]  # a folder's name is a digest of them
