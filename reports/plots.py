"""Plots of a run: `huenet plots RUN` writes its training curves and histograms to RUN/plots.

Training saves the mean histograms of the sample images before the first epoch and after every ``sample_every`` epochs
(RUN/samples/epoch-0000.npz, ...). The functions below take these histograms as dicts with the keys ``reference`` and
``output`` (``[C, K]``), ``joint`` (``[C, K, K]``) and ``channels`` (the names of the channels).
"""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

from utils import UserError, read_lines, user_error_on_oserror


def plot_run(run):
    """Write the plots of a run as PNG and SVG files, and return their paths.

    Args:
        run: folder of the run, a `Path`.

    Raises:
        UserError: if the folder has no training log, the log is empty or damaged, or the plots cannot be written. An
            incomplete last line is ignored, because a killed process may leave one.
    """
    log = run / "logs" / "metrics.jsonl"
    try:
        lines = read_lines(log)
    except ValueError as error:
        raise UserError(f"{log} has a line that is not JSON ({error}); repair or remove the line") from None
    if not log.exists():
        raise UserError(f"{run} has no training log; give the folder that train.py printed")
    if not lines:
        raise UserError(f"{log} has no finished epoch; wait until the first one ends")
    figures = {"curves": curve_figure(lines)}
    if samples := sorted((run / "samples").glob("epoch-*.npz")):  # there are none with --sample_every 0
        first, last = (_load(path) for path in (samples[0], samples[-1]))
        figures["histograms"] = histogram_figure(last)
        figures["joint_histograms"] = joint_figure({"before training": first, "after training": last})
    paths = [run / "plots" / f"{name}.{ending}" for name in figures for ending in ("png", "svg")]
    with user_error_on_oserror(run / "plots", "make it writable"):
        (run / "plots").mkdir(exist_ok=True)
        for path in paths:
            figures[path.stem].savefig(path, dpi=150)
    return paths


def curve_figure(lines):
    """Plot each loss over the steps, one panel per loss. ``lines`` are the dicts of metrics.jsonl."""
    names = [name for name in lines[0] if name.endswith("_loss")]
    figure, panels = _panels(1, len(names), (3.2, 2.6))
    for panel, name in zip(panels[0], names, strict=True):
        panel.plot([line["step"] for line in lines], [line[name] for line in lines], marker=".")
        panel.axhline(0, color="0.8", linewidth=0.8)
        panel.set(title=name.removesuffix("_loss"), xlabel="step")
    return figure


def histogram_figure(histograms):
    """Plot the histograms of output and reference over each other, one panel per channel."""
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
    """Plot the joint histograms of content and output, one row per stage and one column per channel.

    Args:
        stages: ``{title: histograms}``, with titles such as ``"after training"``.
    """
    channels = next(iter(stages.values()))["channels"]
    figure, panels = _panels(len(stages), len(channels), (3.0, 2.8))
    for row, (stage, histograms) in zip(panels, stages.items(), strict=True):
        for panel, plane, name in zip(row, histograms["joint"], channels, strict=True):
            panel.imshow(np.maximum(plane.T, 1e-7), norm=LogNorm(1e-7), origin="lower", cmap="magma")
            panel.set(title=f"{name}, {stage}", xlabel="content bin", ylabel="output bin")
    return figure


def figure_to_image(figure):
    """Render a figure as an RGB image, uint8 ``[H, W, 3]``."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


def _panels(rows, columns, size):
    figure = Figure(figsize=(columns * size[0], rows * size[1]), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False)


def _load(path):
    with np.load(path) as arrays:
        return dict(arrays)
