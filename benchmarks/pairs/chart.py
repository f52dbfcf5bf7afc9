"""Measure color transfer by the distance to the reference's colors and by the structure kept, and plot both."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from skimage.color import rgb2gray
from skimage.metrics import structural_similarity

from metrics import color_transport

# Positions of a label, as offsets in points: right, left, above, below, then the four corners.
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
    """Return the mean rgb_w1 to the references, and the mean SSIM of luminance with the sources.

    Args:
        outputs: uint8 images ``[H, W, 3]``.
        pairs: for each output, its source and its reference, uint8 ``[H, W, 3]``.
    """
    distances, similarities = [], []
    for output, (source, reference) in zip(outputs, pairs, strict=True):
        distances.append(color_transport(output, reference))
        luminances = (rgb2gray(image) for image in (source, output))
        similarities.append(structural_similarity(*luminances, data_range=1.0))
    return np.mean(distances), np.mean(similarities)


AXES = ("distance to the reference's colors (rgb_w1, less is better)", "SSIM with the source (more is better)")


def save_chart(path, figures, *, axes=AXES):
    """Plot each method as a labeled point.

    Args:
        path: path of the PNG.
        figures: ``{method: (x, y)}``. The method ``source`` is left out, because it would lie far from the others.
        axes: the labels of x and y.
    """
    names = {}  # by rounded position: methods at the same one share a label
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
    figure.draw_without_rendering()  # so that the sizes of labels are known
    taken = [Bbox.from_bounds(x - 5, y - 5, 10, 10) for x, y in panel.transData.transform(places)]
    for few, place in zip(names.values(), places, strict=True):
        taken.append(_label(panel, "\n".join(few), place, taken=taken))
    figure.savefig(path, dpi=120)


def _label(panel, text, place, *, taken):
    """Write a label on the first side of a point that is free, or on the last side. Return the label's box."""
    for side in _SIDES:
        label = panel.annotate(text, place, textcoords="offset points", fontsize=8, **side)
        box = label.get_window_extent()
        inside = panel.bbox.fully_containsx(box.x0) and panel.bbox.fully_containsx(box.x1)
        if side is _SIDES[-1] or (inside and not box.count_overlaps(taken)):
            return box
        label.remove()
