"""Colour: how far the output's colours are from the reference's, by their histograms."""

import numpy as np

from losses import colour_distance
from metrics.registry import register


@register
def emd(example):
    """Earth Mover's Distance, order 1, of soft histograms to the reference's, as a fraction of a channel's range; hue
    is a circle: ``emd_output``, ``emd_output_y``, ..., and, to compare, the source's, ``emd_source``, ..."""
    values = {}
    for picture in ("output", "source"):
        if example.colors[picture].shape[-1] != len(example.channels):
            continue
        pair = (example.histogram(name)[None] for name in ("reference", picture))
        distances = colour_distance(*pair, order=1, boundary=example.histogram_options["boundary"])
        values |= example.by_channel(f"emd_{picture}", distances.numpy()[0])
    return values


def mean_emd(examples):
    """The mean ``emd_output`` of examples; NaN of none."""
    values = [emd(example)["emd_output"] for example in examples]
    return float(np.mean(values)) if values else float("nan")


@register
def intersection(example):
    """Histogram intersection, sum_k min(P(k), Q(k)), of output and reference: 1 for the same colours, 0 for others
    (Swain and Ballard 1991)."""
    shared = np.minimum(example.histogram("output"), example.histogram("reference")).sum(-1)
    return example.by_channel("intersection", shared)


@register
def hellinger(example):
    """Hellinger distance, sqrt(1 - sum_k sqrt(P(k) Q(k))), of output and reference: 0 for the same colours, 1 for
    others; the sum is Bhattacharyya's coefficient."""
    product = np.float64(example.histogram("output")) * example.histogram("reference")
    return example.by_channel("hellinger", np.sqrt(np.maximum(0, 1 - np.sqrt(product).sum(-1))))
