"""Predict color maps by the network that comes with the project."""

import functools

import config
import engine  # by its front door, so that the factory is imported only for the first map
import models
from utils.images import drawn_pixels, to_float

RUN = "looks"
SIDE = 512  # most rows and columns of the pixels that a prediction uses


class QuickFitter:
    """Predicts the color map of a pair in one pass. It has the method `fit` of `models.PairFitter`.

    The network is loaded for the first map, which takes seconds.
    """

    steps = 1

    @functools.cached_property
    def _loaded(self):
        options = config.load(config=models.SHIPPED[RUN])
        generator = engine.build_generator(options)
        arrays, _ = engine.load_checkpoint(models.SHIPPED[RUN])
        generator.set_weights(arrays["generator"])
        return engine.network_images(options), models.MapPredictor(generator)

    def fit(self, sources, reference, *, on_step=None):
        """Return a `models.ColorMap` from the sources' colors to the reference's.

        Args:
            sources: a list of images, RGB uint8 or uint16 ``[h, w, 3]``, which share one map. A fourth channel, if
                there is one, is the weight of each pixel.
            reference: an image, RGB uint8 or uint16 ``[h', w', 3]`` or, with weights, ``[h', w', 4]``.
            on_step: a function that is called with 1 and None at the end.
        """
        to_network_images, predictor = self._loaded
        wanted, *images = [to_float(drawn_pixels(image, SIDE)) for image in (reference, *sources)]
        wanted = to_network_images({"reference": wanted})["reference"]
        color_map = predictor.predict([to_network_images({"source": image})["source"] for image in images], wanted)
        if on_step:
            on_step(1, None)
        return color_map
