"""The two figures of color transfer, and their chart: distance to the reference's colors, and structure kept."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from skimage.color import rgb2gray
from skimage.metrics import structural_similarity

from metrics import color_transport

# Where a point's label may stand, in points from it: to its right or left, above or below it, at a corner.
_SIDES = [
    {"ha": across, "va": along, "xytext": (7 * x, 7 * y)}
    for across, along, x, y in [
        ("left", "center", 1, 0),
        ("right", "center", -1, 0),
        ("center", "bottom", 0, 1),
        ("center", "top", 0, -1),
        ("left", "top", 1, -1),
        ("right", "top", -1, -1),
        ("left", "bottom", 1, 1),
        ("right", "bottom", -1, 1),
    ]
]


def distance_and_similarity(outputs, pairs):
    """The mean rgb_w1 of outputs to their references, and the mean SSIM of luminance with their sources.

    Args:
        outputs: uint8 images ``[H, W, 3]``.
        pairs: the source and the reference of each, uint8 ``[H, W, 3]``.
    """
    distances, similarities = [], []
    for output, (source, reference) in zip(outputs, pairs, strict=True):
        distances.append(color_transport(output, reference))
        luminances = (rgb2gray(image) for image in (source, output))
        similarities.append(structural_similarity(*luminances, data_range=1.0))
    return np.mean(distances), np.mean(similarities)


AXES = ("distance to the reference's colors (rgb_w1, less is better)", "SSIM with the source (more is better)")


def save_chart(path, figures, *, axes=AXES):
    """Draw two figures of methods against each other.

    Args:
        path: path of the PNG.
        figures: a dict of a method's name to its x and y. The source itself is left out: it is far away.
        axes: the labels of x and y.
    """
    names = {}  # by position: methods at the same one share a label
    for name, (distance, similarity) in figures.items():
        if name != "source":
            names.setdefault((round(50 * distance), round(50 * similarity)), []).append(name)
    places = [figures[few[0]] for few in names.values()]
    figure = Figure(figsize=(8, 8), layout="constrained")
    panel = figure.subplots()
    for number, place in enumerate(places):
        panel.scatter(*place, color=f"C{number % 10}", s=50)
    panel.margins(0.3, 0.15)
    panel.grid(color="0.9")
    panel.set_axisbelow(True)
    panel.set(xlabel=axes[0], ylabel=axes[1])
    figure.draw_without_rendering()  # so that sizes are known
    taken = [Bbox.from_bounds(x - 5, y - 5, 10, 10) for x, y in panel.transData.transform(places)]
    for few, place in zip(names.values(), places, strict=True):
        taken.append(_label(panel, "\n".join(few), place, taken=taken))
    figure.savefig(path, dpi=120)


def _label(panel, text, place, *, taken):
    """Write beside a point, on the first side that is free, or else on the last. Returns the box of the text."""
    for side in _SIDES:
        label = panel.annotate(text, place, textcoords="offset points", fontsize=8, **side)
        box = label.get_window_extent()
        inside = panel.bbox.fully_containsx(box.x0) and panel.bbox.fully_containsx(box.x1)
        if side is _SIDES[-1] or (inside and not box.count_overlaps(taken)):
            return box
        label.remove()
