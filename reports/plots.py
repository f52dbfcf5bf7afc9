"""Plots of a run: `huenet plots RUN` writes RUN/plots: curves, histograms and joint histograms, PNG and SVG.

A run's histograms are dicts of ``reference`` and ``output`` ``[C, K]``, ``joint`` ``[C, K, K]`` and ``channels``, the
channels' names: of its sample images, before training and after each epoch (RUN/samples/epoch-0000.npz, ...).
"""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from utils import UserError, read_lines


def plot_run(run):
    """Write the plots of a run and return their paths.

    Raises:
        UserError: for a folder without logs of a training, and a log that is empty or damaged. (An incomplete last
            line, which a kill may leave, is left out.)
    """
    log = run / "logs" / "metrics.jsonl"
    try:
        lines = read_lines(log)
    except ValueError as error:
        raise UserError(f"{log} has a line that is not JSON ({error}); repair or remove it") from None
    if not log.exists():
        raise UserError(f"{run} has no logs of a training; give the folder that train.py printed")
    if not lines:
        raise UserError(f"{log} has no epoch yet; wait for the first one to end")
    figures = {"curves": curve_figure(lines)}
    if samples := sorted((run / "samples").glob("epoch-*.npz")):  # --sample_every 0 makes none
        first, last = (_load(path) for path in (samples[0], samples[-1]))
        figures["histograms"] = histogram_figure(last)
        figures["joint_histograms"] = joint_figure({"before training": first, "after training": last})
    (run / "plots").mkdir(exist_ok=True)
    paths = [run / "plots" / f"{name}.{ending}" for name in figures for ending in ("png", "svg")]
    for path in paths:
        figures[path.stem].savefig(path, dpi=150)
    return paths


def curve_figure(lines):
    """The losses by step: a panel a loss, of the dicts of metrics.jsonl."""
    names = [name for name in lines[0] if name.endswith("_loss")]
    figure, panels = _panels(1, len(names), (3.2, 2.6))
    for panel, name in zip(panels[0], names, strict=True):
        panel.plot([line["step"] for line in lines], [line[name] for line in lines], marker=".")
        panel.axhline(0, color="0.8", linewidth=0.8)
        panel.set(title=name.removesuffix("_loss"), xlabel="step")
    return figure


def histogram_figure(histograms):
    """Output's histograms over the reference's, a panel a channel."""
    channels = histograms["channels"]
    figure, panels = _panels(1, len(channels), (3.2, 2.4))
    for place, (panel, name) in enumerate(zip(panels[0], channels, strict=True)):
        for label, color in (("reference", "0.5"), ("output", "tab:red")):
            panel.fill_between(
                np.arange(len(histograms[label][place])), histograms[label][place], color=color, alpha=0.5
            )
            panel.plot(histograms[label][place], color=color, linewidth=0.8, label=label)
        panel.set(title=name, xlabel="bin")
    panels[0][0].legend()
    return figure


def joint_figure(stages):
    """Joint histograms of content and output: a row a stage (a dict of its name to histograms), a column a channel."""
    channels = next(iter(stages.values()))["channels"]
    figure, panels = _panels(len(stages), len(channels), (3.0, 2.8))
    for row, (stage, histograms) in zip(panels, stages.items(), strict=True):
        for panel, plane, name in zip(row, histograms["joint"], channels, strict=True):
            panel.imshow(np.maximum(plane.T, 1e-7), norm=LogNorm(1e-7), origin="lower", cmap="magma")
            panel.set(title=f"{name}, {stage}", xlabel="bin of the content", ylabel="bin of the output")
    return figure


def figure_to_image(figure):
    """A figure as an image, uint8 ``[H, W, 3]``."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _panels(rows, columns, size):
    figure = Figure(figsize=(columns * size[0], rows * size[1]), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def _load(path):
    with np.load(path) as arrays:
        return dict(arrays)
