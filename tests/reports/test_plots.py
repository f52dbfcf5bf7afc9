"""Plots: they show the logged losses and the histograms."""

import json

import numpy as np
import pytest
from skimage.io import imread

from huenet.subcommands import plots as print_plots
from reports import plots
from utils import UserError


def histograms(rng, channels=("y", "u", "v"), bins=8):
    curves = {name: rng.dirichlet(np.ones(bins), len(channels)) for name in ("reference", "output")}
    joint = rng.dirichlet(np.ones(bins**2), len(channels)).reshape(-1, bins, bins)
    return {**curves, "joint": joint, "channels": np.array(channels)}


@pytest.fixture
def run(tmp_path, rng):
    for folder in ("logs", "samples"):
        (tmp_path / folder).mkdir()
    lines = [{"epoch": k, "step": 10 * k, "color_loss": 1 / k, "structure_loss": -k} for k in range(1, 4)]
    (tmp_path / "logs" / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    for epoch in (0, 3, 10):
        np.savez(tmp_path / "samples" / f"epoch-{epoch:04d}.npz", **histograms(rng))
    return tmp_path


def test_plots_that_cannot_be_written_are_one_sentence(run):
    (run / "plots").touch()
    with pytest.raises(UserError, match=r"plots cannot be written \(File exists\); make it writable"):
        plots.plot_run(run)


@pytest.mark.long
def test_the_plots_of_a_run_are_written_as_png_and_svg(run, capsys):
    print_plots([str(run)])
    names = {f"{name}.{suffix}" for name in ("curves", "histograms", "joint_histograms") for suffix in ("png", "svg")}
    assert {path.name for path in (run / "plots").iterdir()} == names
    assert len(capsys.readouterr().out.splitlines()) == 6
    for path in (run / "plots").glob("*.png"):
        assert imread(path).std() > 5
    for path in (run / "plots").glob("*.svg"):
        assert "</svg>" in path.read_text()


def test_curves_show_the_losses_at_each_step():
    lines = [{"epoch": k, "step": 10 * k, "color_loss": 1 / k, "emd": 7} for k in range(1, 4)]
    (panel,) = plots.curve_figure(lines).axes
    np.testing.assert_array_equal(panel.lines[0].get_xydata(), [[10, 1], [20, 1 / 2], [30, 1 / 3]])
    assert panel.get_title() == "color"


def test_figures_show_histograms_by_channel_and_joint_histograms_by_stage(rng):
    before, after = histograms(rng), histograms(rng)
    for channel, panel in enumerate(plots.histogram_figure(after).axes):
        assert panel.get_title() == "yuv"[channel]
        for line in panel.lines:
            np.testing.assert_array_equal(line.get_ydata(), after[line.get_label()][channel])
    panels = plots.joint_figure({"before": before, "after": after}).axes
    assert [panel.get_title() for panel in panels] == [f"{c}, {s}" for s in ("before", "after") for c in "yuv"]
    # The content's bins go from left to right, the output's from bottom to top.
    np.testing.assert_array_equal(panels[4].images[0].get_array(), np.maximum(after["joint"][1].T, 1e-7))
    assert plots.figure_to_image(plots.joint_figure({"one": after})).dtype == np.uint8


def test_a_folder_without_a_run_is_an_error(tmp_path):
    with pytest.raises(UserError, match="has no training log"):
        plots.plot_run(tmp_path)


@pytest.mark.long
def test_an_empty_log_is_one_sentence_and_an_incomplete_last_line_is_left_out(run, capsys):
    log = run / "logs" / "metrics.jsonl"
    whole = log.read_text()
    log.write_text(whole + '{"epoch": 4, "st')  # the process was killed here
    print_plots([str(run)])
    for text, message in (
        ("", "has no finished epoch"),
        ('{"epoch": 1, "st', "has no finished epoch"),
        (f'{{"epoch": 1, "st\n{whole}', "has a line that is not JSON"),
    ):
        log.write_text(text)
        with pytest.raises(SystemExit) as raised:
            print_plots([str(run)])
        (line,) = capsys.readouterr().err.splitlines()
        assert raised.value.code == 2 and line.startswith(f"error: {log} {message}")
