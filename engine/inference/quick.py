"""Predict color maps by the network that comes with the project."""

import functools

import numpy as np

import models
from engine.checkpoints import load_checkpoint
from utils.images import drawn_pixels, to_float

RUN = "looks"
SIDE = 256  # most rows and columns of the pixels that a prediction uses


class QuickFitter:
    """Predicts the color map of a pair in one pass. It has the method `fit` of `models.PairFitter`.

    The network is loaded for the first map.
    """

    steps = 1

    @functools.cached_property
    def _network(self):
        arrays, metadata = load_checkpoint(models.SHIPPED[RUN])
        histogram = metadata["settings"]["histogram"]  # not from `config.load`, whose checks take longer than the pass
        options = {
            "bins": histogram["bins"],
            "value_range": (histogram["min_value"], histogram["max_value"]),
            "histogram_space": histogram["color_space"],
        }
        return [np.float32(array) for array in arrays["generator"]], options

    def fit(self, sources, reference, *, on_step=None):
        """Return a `models.ColorMap` from the sources' colors to the reference's.

        Args:
            sources: a list of images, RGB uint8 or uint16 ``[h, w, 3]``, which share one map. A fourth channel, if
                there is one, is the weight of each pixel.
            reference: an image, RGB uint8 or uint16 ``[h', w', 3]`` or, with weights, ``[h', w', 4]``.
            on_step: a function that is called with 1 and None at the end.
        """
        wanted, *images = [to_float(drawn_pixels(image, SIDE)) for image in (reference, *sources)]
        weights, options = self._network
        color_map = models.predict_map(weights, images, wanted, **options)
        if on_step:
            on_step(1, None)
        return color_map
