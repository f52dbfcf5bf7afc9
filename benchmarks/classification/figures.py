"""The figures of the classification benchmark: accuracy by severity, images, and why a table has no gradient."""

import numpy as np
import skimage.data
import tensorflow as tf
from matplotlib.figure import Figure

from benchmarks.classification.corruptions import CORRUPTIONS, SEVERITIES
from benchmarks.classification.report import accuracies, standard_error
from benchmarks.pages import image_path
from histogram_layers import HistogramMatching, match_histograms_lut


def draw_figures(page, results, shown):
    """Draw the three figures of matching.md, and save them in its folder of images.

    Args:
        page: path of the page.
        results: as for `report.write_tables`.
        shown: the images of the sheet: ``{name: images}``, uint8 ``[N, H, W, 3]``.
    """
    draw_gradient().savefig(image_path(page, "gradient.png"), dpi=100)
    draw_severities(results).savefig(image_path(page, "severity.png"), dpi=100)
    draw_sheet(shown).savefig(image_path(page, "images.jpg"), dpi=80)


def draw_severities(results):
    """Plot the mean accuracy over all corruptions against severity, one curve per row of the table."""
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    panel = figure.subplots()
    cases = [["clean"], *([f"{name} {severity}" for name in CORRUPTIONS] for severity in SEVERITIES)]
    for row, folds in results.items():
        values = [accuracies(folds, case) for case in cases if {*case} <= folds[0].keys()]
        errors = [standard_error(value) for value in values]
        panel.errorbar(range(len(values)), [value.mean() for value in values], errors, marker="o", capsize=2, label=row)
    panel.set(xlabel="severity (0: clean)", ylabel="accuracy (%), mean over corruptions")
    panel.grid(color="0.9")
    panel.legend()
    return figure


def draw_sheet(shown):
    """Draw images before and after matching, with one column per image and one row per method."""
    columns = len(next(iter(shown.values())))
    figure = Figure(figsize=(1.1 * columns, 1.25 * len(shown)), layout="constrained")
    panels = figure.subplots(len(shown), 1)
    for panel, (name, images) in zip(panels, shown.items(), strict=True):
        panel.imshow(np.concatenate([*images], axis=1))
        panel.set_ylabel(name, rotation=0, ha="right", va="center")
        panel.set(xticks=[], yticks=[])
    return figure


def draw_gradient():
    """Plot the matched value of one pixel against its own value, for a 16-bin table and for 16 soft bins."""
    image = skimage.data.chelsea()[::8, ::8, :1]
    target = np.linspace(40, 250, 16).astype(np.uint8)
    layer = HistogramMatching(target[None, :, None] / 255, "cdf", 16, value_range=(0.0, 1.0))
    values = np.arange(30, 226)
    tables, soft = [], []
    for value in values:
        moved = image.copy()
        moved[10, 10] = value
        coarse = (moved // 16 * 16).astype(np.uint8)
        tables.append(match_histograms_lut(coarse, target[None, :, None])[10, 10, 0])
        soft.append(255 * float(layer(tf.constant(moved[None] / 255, tf.float32))[0, 10, 10, 0]))
    figure = Figure(figsize=(6, 4), layout="constrained")
    panel = figure.subplots()
    panel.plot(values, tables, label="by a table of 16 bins")
    panel.plot(values, soft, label="through soft histograms of 16 bins")
    panel.set(xlabel="value of the pixel", ylabel="its matched value")
    panel.grid(color="0.9")
    panel.legend()
    return figure
