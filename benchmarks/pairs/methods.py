"""Methods of color transfer that need no training: functions of a source and a reference, uint8 ``[H, W, 3]``.

color-matcher is not a dependency of the project, because it is under the GPL. Its methods run where it is installed
(requirements-bench.txt).
"""

import functools
import importlib.util

import numpy as np
import skimage.exposure
import tensorflow as tf

import models
from histogram_layers import match_histograms, match_histograms_lut, soft_histogram
from utils.colors import to_network, to_rgb
from utils.images import to_float, to_uint8

COLOR_MATCHER = ("reinhard", "mkl", "hm", "mvgd", "hm-mvgd-hm", "hm-mkl-hm")


def classical_methods():
    """A dict of a method's name to its function. Without color-matcher, it prints that its methods are left out."""
    found = {
        "matching in RGB, 8 bits": match_histograms_lut,
        "matching in RGB, scikit-image": _scikit_image,
        "matching in YUV": _match_yuv,
    }
    if importlib.util.find_spec("color_matcher"):
        found |= {f"{name}, color-matcher": functools.partial(_color_matcher, method=name) for name in COLOR_MATCHER}
    else:
        print("color-matcher is not installed, so its methods are left out; see requirements-bench.txt")
    return found


def fit(*, local=False):
    """The fit of a map of colors to the pair (`models.PairFitter`), as a method."""
    fitter = models.PairFitter(local=local)
    return lambda source, reference: fitter.fit([source], reference).translate(source)


def _scikit_image(source, reference):
    return np.uint8(np.round(skimage.exposure.match_histograms(source, reference, channel_axis=-1)))


def _match_yuv(source, reference):
    source, reference = (to_network(tf.constant(to_float(image)[None]), "yuv") for image in (source, reference))
    return to_uint8(to_rgb(match_histograms(source, soft_histogram(reference)), "yuv"))[0]


def _color_matcher(source, reference, method):
    from color_matcher import ColorMatcher  # not installed everywhere

    # Floats, and copies, since it writes 1/255 for 0 into its arguments.
    output = ColorMatcher().transfer(src=np.float64(source), ref=np.float64(reference), method=method)
    return np.uint8(np.round(np.clip(np.real(output), 0, 255)))
