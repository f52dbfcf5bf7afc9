"""Likeness metrics, which compare the output with the target pixel by pixel."""

import numpy as np
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from metrics.registry import MetricText, register

_ROWS = {
    "psnr": ("higher", "Peak signal-to-noise ratio between {} and target, in dB: 100 if they are equal."),
    "ssim": ("higher", "Structural similarity (SSIM) of {} and target: 1 if they are equal."),
    "delta_e": ("lower", "Mean color difference (CIEDE2000) between {} and target: about 1 is just noticeable."),
}
_TEXTS = {
    name: MetricText("likeness", better, text.format("output"), baseline=f"{name}_source")
    for name, (better, text) in _ROWS.items()
} | {f"{name}_source": MetricText("likeness", better, text.format("source")) for name, (better, text) in _ROWS.items()}


@register(**_TEXTS)
def likeness(sample):
    """Compare output and target, as 8-bit RGB images, with scikit-image.

    The metrics are ``psnr`` in dB (at most 100), ``ssim``, and ``delta_e``, the mean CIEDE2000 color difference. If the
    source is in color, ``psnr_source``, ... compare source and target. None of these metrics applies to exemplars,
    because the target does not have their colors.
    """
    if sample.exemplar or "target" not in sample.rgb:
        return {}
    values = {}
    for image, end in (("output", ""), ("source", "_source")) if sample.in_color else (("output", ""),):
        measured = _likeness(sample.rgb["target"], sample.rgb[image])
        values |= {f"{name}{end}": value for name, value in measured.items()}
    return values


def _likeness(target, image):
    with np.errstate(divide="ignore"):  # the PSNR of equal images is infinite, which JSON cannot represent
        psnr = min(peak_signal_noise_ratio(target, image), 100.0)
    ssim = structural_similarity(target, image, channel_axis=-1)
    return {"psnr": psnr, "ssim": ssim, "delta_e": color_difference(target, image)}


def color_difference(target, image):
    """Compute the mean color difference (CIEDE2000) between two uint8 images ``[H, W, 3]``."""
    return deltaE_ciede2000(rgb2lab(target), rgb2lab(image)).mean()
