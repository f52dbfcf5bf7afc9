"""Predict color maps by the network that comes with the project."""

import numpy as np

import config
from engine.factory import load_translator, network_images
from models import MapPredictor
from utils.images import to_float

RUN = "looks"
SIDE = 512  # most rows and columns of the pixels that a prediction uses


class QuickFitter:
    """Predicts the color map of a pair in one pass. It has the method `fit` of `models.PairFitter`."""

    steps = 1

    def __init__(self):
        options = config.load_run(RUN)
        self._network_images = network_images(options)
        self._model, *_ = load_translator(options, RUN)
        self._predictor = MapPredictor(self._model)

    def fit(self, sources, reference, *, on_step=None):
        """Return a `models.ColorMap` from the sources' colors to the reference's.

        Args:
            sources: a list of images, RGB uint8 or uint16 ``[h, w, 3]``, which share one map.
            reference: an image, RGB uint8 or uint16 ``[h', w', 3]``.
            on_step: a function that is called with 1 and None at the end.
        """
        wanted = self._network_images({"reference": to_float(_spaced(reference))[None]})["reference"]
        images = [self._network_images({"source": to_float(_spaced(source))})["source"] for source in sources]
        color_map = self._predictor.predict(images, self._model.reference_histogram(wanted))
        if on_step:
            on_step(1, None)
        return color_map


def _spaced(image):
    """Return at most SIDE evenly spaced rows and columns of an image. They have the same distribution of colors."""
    rows, columns = (np.linspace(0, size - 1, min(size, SIDE)).astype(int) for size in image.shape[:2])
    return image[rows][:, columns]
