"""Criteria that choose the best checkpoint: one error of all validation images, the lower the better.

An EMD alone would not do, because it is 0 for the reference's pixels in any order. A task's row (`datasets.TASKS`)
names its criterion.
"""

import math

import numpy as np

from metrics.color import emd
from metrics.likeness import color_difference
from metrics.structure import luminance_ssim

SMALLEST_EMD = 1e-6


def validation_error(criterion, samples):
    """Return the error of a list of `EvaluationSample`s by a criterion, or NaN if the list is empty."""
    return float(CRITERIA[criterion](samples)) if samples else math.nan


def delta_e(samples):
    """Compute the mean color difference (CIEDE2000) between outputs and targets."""
    return np.mean([color_difference(sample.rgb["target"], sample.rgb["output"]) for sample in samples])


def transfer_error(samples):
    """Compute the color distance that is left, plus the structure that is lost: ``EMD / EMD_source + 1 - SSIM``.

    EMD is the mean distance between the histograms of outputs and references, EMD_source that of sources and
    references. SSIM is the mean over the luminances of outputs and sources. Both the sources themselves and the
    references' pixels in random places have an error of about 1.
    """
    distances = [emd(sample) for sample in samples]
    left, before = (np.mean([row[name] for row in distances]) for name in ("emd_output", "emd_source"))
    kept = np.mean([luminance_ssim(sample.rgb["source"], sample.rgb["output"]) for sample in samples])
    return left / max(before, SMALLEST_EMD) + 1 - kept


CRITERIA = {"delta_e": delta_e, "transfer_error": transfer_error}
