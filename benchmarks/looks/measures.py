"""Measure outputs whose right answer is known."""

import numpy as np
from skimage.color import deltaE_ciede2000, rgb2gray, rgb2lab

from metrics import consistency, palette_distance, tint

CLIPPED = 2  # a pixel is clipped if one of its channels is at most this many levels from 0 or 255

COLUMNS = (
    "dE00",  # mean CIEDE2000 to the target
    "dE00 95",  # its 95th percentile
    "PSNR",  # to the target, dB
    "consistency",  # spread of pixels that had one color, Lab
    "tint",  # spread of a and b in flat regions, Lab
    "gradient",  # energy of the output's luminance gradient, divided by the target's
    "shadows",  # % of pixels with a channel newly clipped to 0
    "highlights",  # % of pixels with a channel newly clipped to 255
    "palette",  # from the output's colors to the nearest of the reference, Lab
    "coverage",  # from the reference's colors to the nearest of the output, Lab
)


def measure(case, output):
    """Return an array of the values of COLUMNS for a uint8 ``output``."""
    difference = deltaE_ciede2000(rgb2lab(case.target), rgb2lab(output))
    return np.array(
        [
            difference.mean(),
            np.percentile(difference, 95),
            psnr(case.target, output),
            consistency(case.source, output),
            tint(case.source, output),
            gradient_energy(output) / max(gradient_energy(case.target), 1e-9),
            100 * newly_clipped(case.source, output, lambda image: image.min(axis=-1) <= CLIPPED),
            100 * newly_clipped(case.source, output, lambda image: image.max(axis=-1) >= 255 - CLIPPED),
            palette_distance(output, case.reference),
            palette_distance(case.reference, output),
        ]
    )


def psnr(target, output):
    """Return the PSNR in dB, at most 100. Equal images have 100."""
    error = np.mean(np.square(np.float64(target) - output)) / 255**2
    return min(100.0, -10 * np.log10(max(error, 1e-10)))


def gradient_energy(image):
    """Return the mean of the squared derivatives of luminance along both axes."""
    return np.mean(np.square(np.gradient(rgb2gray(image))))


def newly_clipped(source, output, clipped):
    """Return the fraction of pixels that are clipped in the output but not in the source."""
    return np.mean(clipped(output) & ~clipped(source))
