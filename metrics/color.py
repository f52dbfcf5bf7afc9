"""Color metrics, which compare the channel histograms of output and reference."""

import numpy as np

from losses import color_distance
from metrics.registry import MetricText, register


@register(
    emd_output=MetricText(
        family="color",
        better="lower",
        text="Earth Mover's Distance between the histograms of output and reference, as a fraction of the range.",
        baseline="emd_source",
    ),
    emd_source=MetricText(
        family="color",
        better="lower",
        text="Earth Mover's Distance between the histograms of source and reference: the distance before translation.",
    ),
)
def emd(sample):
    """Compute the Earth Mover's Distance of order 1 between soft histograms, as a fraction of a channel's range.

    For hue, the distance is cyclic. ``emd_output``, ``emd_output_y``, ... compare output and reference. ``emd_source``,
    ... compare source and reference; they are left out if source and output have different numbers of channels.
    """
    values = {}
    for image in ("output", "source"):
        if sample.colors[image].shape[-1] != len(sample.channels):
            continue
        pair = (sample.histogram(name)[None] for name in ("reference", image))
        distances = color_distance(*pair, order=1, boundary=sample.histogram_options["boundary"])
        values |= sample.by_channel(f"emd_{image}", distances.numpy()[0])
    return values


@register(
    intersection=MetricText(
        family="color",
        better="higher",
        text="Fraction of the histograms that output and reference share: 1 if equal, 0 if disjoint.",
    )
)
def intersection(sample):
    """Compute the histogram intersection of output and reference, sum_k min(P(k), Q(k)) (Swain and Ballard 1991).

    It is 1 for equal histograms and 0 for disjoint ones.
    """
    shared = np.minimum(sample.histogram("output"), sample.histogram("reference")).sum(-1)
    return sample.by_channel("intersection", shared)


@register(
    hellinger=MetricText(
        family="color",
        better="lower",
        text="Hellinger distance between the histograms of output and reference: 0 if equal, 1 if disjoint.",
    )
)
def hellinger(sample):
    """Compute the Hellinger distance between the histograms of output and reference, sqrt(1 - sum_k sqrt(P(k) Q(k))).

    It is 0 for equal histograms and 1 for disjoint ones. The sum is the Bhattacharyya coefficient.
    """
    product = np.float64(sample.histogram("output")) * sample.histogram("reference")
    return sample.by_channel("hellinger", np.sqrt(np.maximum(0, 1 - np.sqrt(product).sum(-1))))
