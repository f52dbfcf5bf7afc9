"""Colour: how far a picture's colours are from the reference's."""

import numpy as np

from histogram_layers import soft_histogram
from losses import colour_distance
from metrics.registry import register


@register
def emd(example):
    """Earth Mover's Distance, order 1, of soft histograms to the reference's, as a fraction of a channel's range;
    hue is a circle.

    ``emd_output_y`` ... for the output and, to compare, ``emd_source_y`` ... for the source; without a channel's name,
    the mean over channels.
    """
    wanted = _histograms(example, "reference")
    values = {}
    for picture in ("output", "source"):
        if example.colors[picture].shape[-1] != len(example.channels):
            continue
        distances = colour_distance(
            wanted, _histograms(example, picture), order=1, boundary=example.histogram["boundary"]
        ).numpy()[0]
        values[f"emd_{picture}"] = np.mean(distances)
        values |= {f"emd_{picture}_{name}": value for name, value in zip(example.channels, distances, strict=True)}
    return values


def _histograms(example, picture):
    return soft_histogram(example.colors[picture][None], **example.histogram)  # [1,C,K]
