"""Likeness: how near the output is to the target, pixel by pixel, where it should be."""

import numpy as np
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from metrics.registry import MetricText, register

_ROWS = {
    "psnr": ("higher", "Peak signal-to-noise ratio of {} and target, in dB: 100 where they are equal."),
    "ssim": ("higher", "Structural similarity of {} and target: 1 where they are equal."),
    "delta_e": ("lower", "Mean color difference (CIEDE2000) of {} and target: about 1 can just be seen."),
}
_TEXTS = {
    name: MetricText("likeness", better, text.format("output"), baseline=f"{name}_source")
    for name, (better, text) in _ROWS.items()
} | {f"{name}_source": MetricText("likeness", better, text.format("source")) for name, (better, text) in _ROWS.items()}


@register(**_TEXTS)
def likeness(sample):
    """PSNR in dB, 100 at the most, SSIM, and the mean color difference CIEDE2000, ``delta_e``, of output and target:
    of RGB images of 8 bits (scikit-image). Of a source in color too: ``psnr_source``, ... They do not apply with
    exemplars, whose colors the target does not have."""
    if sample.exemplar or "target" not in sample.rgb:
        return {}
    values = {}
    for image, end in (("output", ""), ("source", "_source")) if sample.in_color else (("output", ""),):
        measured = _likeness(sample.rgb["target"], sample.rgb[image])
        values |= {f"{name}{end}": value for name, value in measured.items()}
    return values


def _likeness(target, image):
    with np.errstate(divide="ignore"):  # equal images have an infinite PSNR, which JSON cannot hold
        psnr = min(peak_signal_noise_ratio(target, image), 100.0)
    ssim = structural_similarity(target, image, channel_axis=-1)
    return {"psnr": psnr, "ssim": ssim, "delta_e": deltaE_ciede2000(rgb2lab(target), rgb2lab(image)).mean()}
