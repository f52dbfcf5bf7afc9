"""Figures 3 to 6 of the study: histograms, images, tone curves, and violin plots of PSNR."""

import numpy as np
from matplotlib.figure import Figure
from skimage.io import imread

import config
import engine
from benchmarks.enhancement.report import study_and_sweep
from benchmarks.pages import image_path

SHOWN = 4  # rows of draw_images
CHANNELS = {"red": 0, "green": 1, "blue": 2}


def draw_figures(page, results):
    """Draw the figures of a page.

    Args:
        page: path of the page. The figures of ``enhancement.md`` go to ``images/enhancement/`` beside it.
        results: as for `report.write_tables`. Each result also has ``folder``, ``run`` and ``images``.
    """
    losses, _ = study_and_sweep(results)
    figures = {"violins": draw_violins, "images": draw_images, "tones": draw_tones, "histograms": draw_histograms}
    for name, draw in figures.items():
        draw(losses).savefig(image_path(page, f"{name}.png"), dpi=100)


def draw_violins(losses):
    """Draw the study's figure 6: violin plots of the images' PSNR, for the inputs and for each loss."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    panel = figure.subplots()
    values = {"input": next(iter(losses.values()))[0]["metrics"]["psnr_source"]}
    values |= {name: np.concatenate([run["metrics"]["psnr"] for run in runs]) for name, runs in losses.items()}
    panel.violinplot([*values.values()], showextrema=False)
    places = range(1, len(values) + 1)
    panel.plot(places, [np.mean(each) for each in values.values()], "k+", markersize=12, label="mean")
    panel.plot(places, [np.percentile(each, 5) for each in values.values()], "kx", label="5th percentile")
    panel.set_xticks(places, values)
    panel.set_ylabel("PSNR (dB)")
    panel.grid(axis="y", color="0.9")
    panel.legend()
    return figure


def draw_images(losses):
    """Draw the study's figure 4: inputs, outputs and targets side by side."""
    first = next(iter(losses.values()))[0]
    columns = {"input": _files(first, "source")} | {name: _files(runs[0], "output") for name, runs in losses.items()}
    columns["target"] = _files(first, "target")
    chosen = np.linspace(0, len(columns["input"]) - 1, SHOWN).round().astype(int)
    figure = Figure(figsize=(2.4 * len(columns), 2.5 * SHOWN), layout="constrained")
    panels = figure.subplots(SHOWN, len(columns))
    for column, (name, files) in enumerate(columns.items()):
        panels[0, column].set_title(name)
        for row, index in enumerate(chosen):
            panels[row, column].imshow(imread(files[index]))
            panels[row, column].axis("off")
    return figure


def draw_tones(losses):
    """Draw the study's figure 5: tone curves of the networks, measured on an image of ramps."""
    ramp = np.round(np.linspace(0, 255, 256)).astype(np.uint8)
    bands = {"gray": (1, 1, 1), "red": (1, 0, 0), "green": (0, 1, 0), "blue": (0, 0, 1)}
    image = np.concatenate([np.tile(np.outer(ramp, color).astype(np.uint8), (64, 1, 1)) for color in bands.values()])
    figure = Figure(figsize=(12, 3.4), layout="constrained")
    panels = figure.subplots(1, len(bands), sharey=True)
    for name, (run, *_) in losses.items():
        _, translator, _, _ = engine.load_translator(config.load_run(run["run"]), run["run"])
        output = translator(image[None], image[None]).numpy()[0] / 255
        for number, (panel, color) in enumerate(zip(panels, bands.values(), strict=True)):
            band = output[64 * number + 16 : 64 * number + 48].mean(0)
            panel.plot(ramp / 255, band[:, np.flatnonzero(color)].mean(-1), label=name)
    for panel, name in zip(panels, bands, strict=True):
        panel.plot([0, 1], [0, 1], color="0.7", linestyle=":")
        panel.set(title=f"{name} ramp", xlabel="input", aspect="equal")
    panels[0].set_ylabel("output")
    panels[0].legend()
    return figure


def draw_histograms(losses):
    """Draw the study's figure 3: histograms of inputs, targets and outputs, one panel per channel."""
    first = next(iter(losses.values()))[0]
    series = {"input": _files(first, "source"), "target": _files(first, "target")}
    series |= {name: _files(runs[0], "output") for name, runs in losses.items()}
    figure = Figure(figsize=(12, 3.4), layout="constrained")
    panels = figure.subplots(1, len(CHANNELS), sharey=True)
    for name, files in series.items():
        counts = sum(_counts(imread(file)) for file in files)
        style = {"input": {"color": "0.8"}, "target": {"color": "black", "linewidth": 2}}.get(name, {})
        for panel, channel in zip(panels, CHANNELS.values(), strict=True):
            panel.plot(np.arange(4, 256, 8), counts[channel] / counts[channel].sum(), label=name, **style)
    for panel, name in zip(panels, CHANNELS, strict=True):
        panel.set(title=name, xlabel="value")
    panels[0].set_ylabel("share of the pixels")
    panels[0].legend()
    return figure


def _counts(image):
    return np.stack([np.histogram(image[..., channel], 32, (0, 256))[0] for channel in CHANNELS.values()])


def _files(result, label):
    return [result["folder"] / "test" / images[label] for images in result["images"]]
