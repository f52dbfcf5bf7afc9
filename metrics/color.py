"""Color: how far the output's colors are from the reference's, by their histograms."""

import numpy as np

from losses import color_distance
from metrics.registry import MetricText, register


@register(
    emd_output=MetricText(
        family="color",
        better="lower",
        text="Earth Mover's Distance of the output's histograms to the reference's, as a part of a channel's range.",
        baseline="emd_source",
    ),
    emd_source=MetricText(
        family="color",
        better="lower",
        text="Earth Mover's Distance of the source's histograms to the reference's: how far there was to go.",
    ),
)
def emd(sample):
    """Earth Mover's Distance, order 1, of soft histograms to the reference's, as a fraction of a channel's range; hue
    is a circle: ``emd_output``, ``emd_output_y``, ..., and, to compare, the source's, ``emd_source``, ..."""
    values = {}
    for image in ("output", "source"):
        if sample.colors[image].shape[-1] != len(sample.channels):
            continue
        pair = (sample.histogram(name)[None] for name in ("reference", image))
        distances = color_distance(*pair, order=1, boundary=sample.histogram_options["boundary"])
        values |= sample.by_channel(f"emd_{image}", distances.numpy()[0])
    return values


def mean_emd(samples):
    """The mean ``emd_output`` of samples; NaN of none."""
    values = [emd(sample)["emd_output"] for sample in samples]
    return float(np.mean(values)) if values else float("nan")


@register(
    intersection=MetricText(
        family="color",
        better="higher",
        text="The part of the histogram that output and reference share: 1 for the same colors, 0 for others.",
    )
)
def intersection(sample):
    """Histogram intersection, sum_k min(P(k), Q(k)), of output and reference: 1 for the same colors, 0 for others
    (Swain and Ballard 1991)."""
    shared = np.minimum(sample.histogram("output"), sample.histogram("reference")).sum(-1)
    return sample.by_channel("intersection", shared)


@register(
    hellinger=MetricText(
        family="color",
        better="lower",
        text="Hellinger distance of the histograms of output and reference: 0 for the same colors, 1 for others.",
    )
)
def hellinger(sample):
    """Hellinger distance, sqrt(1 - sum_k sqrt(P(k) Q(k))), of output and reference: 0 for the same colors, 1 for
    others; the sum is Bhattacharyya's coefficient."""
    product = np.float64(sample.histogram("output")) * sample.histogram("reference")
    return sample.by_channel("hellinger", np.sqrt(np.maximum(0, 1 - np.sqrt(product).sum(-1))))
