"""Methods of color transfer. Each takes a source and a reference, uint8 ``[H, W, 3]``.

color-matcher is not a dependency of the project, because its license is the GPL. Its methods are included if it is
installed (requirements-bench.txt).
"""

import functools
import importlib.util

import numpy as np
import skimage.exposure
import tensorflow as tf

import config
import engine
import models
from benchmarks.pairs.classical import filtered_distribution_transfer, iterative_distribution_transfer
from histogram_layers import match_histograms, match_histograms_lut, soft_histogram
from utils.colors import to_network, to_rgb
from utils.images import to_float, to_uint8

COLOR_MATCHER = ("reinhard", "mkl", "hm", "mvgd", "hm-mvgd-hm", "hm-mkl-hm")


def classical_methods():
    """Return ``{name: function}``. If color-matcher is not installed, print that its methods are left out."""
    found = {
        "matching in RGB, 8 bits": match_histograms_lut,
        "matching in RGB, scikit-image": _scikit_image,
        "matching in YUV": _match_yuv,
        "IDT": on_integers(iterative_distribution_transfer),
        "IDT, guided filter": on_integers(filtered_distribution_transfer),
    }
    if importlib.util.find_spec("color_matcher"):
        found |= {f"{name}, color-matcher": functools.partial(_color_matcher, method=name) for name in COLOR_MATCHER}
    else:
        print("color-matcher is not installed, so its methods are left out; see requirements-bench.txt")
    return found


def fit(*, proportions=0.5, **options):
    """Return a method that fits a map of colors to each pair. ``options``: those of `models.PairFitter`."""
    fitter = models.PairFitter(**options)
    return lambda source, reference: fitter.fit([source], reference, proportions=proportions).translate(source)


def trained(run):
    """Return a run's network as a method. ``run``: the path of the run's folder."""
    _, translator, _, _ = engine.load_translator(config.load_run(run), run)
    return lambda source, reference: translator(source[None], reference[None]).numpy()[0]


def on_integers(method):
    """Make a method of RGB floats, such as those of `classical`, a method of uint8 images."""
    return lambda *images: to_uint8(method(*(np.float64(to_float(image)) for image in images)))


def _scikit_image(source, reference):
    return np.uint8(np.round(skimage.exposure.match_histograms(source, reference, channel_axis=-1)))


def _match_yuv(source, reference):
    source, reference = (to_network(tf.constant(to_float(image)[None]), "yuv") for image in (source, reference))
    return to_uint8(to_rgb(match_histograms(source, soft_histogram(reference)), "yuv"))[0]


def _color_matcher(source, reference, method):
    from color_matcher import ColorMatcher  # an optional dependency

    # np.float64 makes copies, because color-matcher overwrites zeros in its arguments by 1/255.
    output = ColorMatcher().transfer(src=np.float64(source), ref=np.float64(reference), method=method)
    return np.uint8(np.round(np.clip(np.real(output), 0, 255)))
