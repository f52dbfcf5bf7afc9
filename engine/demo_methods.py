"""The two ways in which the demo makes an output: a fit to the pair, and a trained run. They have one interface.

A method has a ``label`` for its menu, and the ``color_space`` of the histograms that it shows and that can be edited.
``takes_reference`` says whether its outputs depend on a reference.

- ``prepare(source, reference, edits)`` is a generator. It yields the share of the work that is done, from 0 to 1, and
  returns what `translate` needs: an array. ``edits`` are the histograms of the reference that were edited by hand: a
  dict of a channel's number to its histogram, of any number of bins.
- ``translate(prepared, image, strength)`` gives the output, as large and as deep as the image.
- ``source(image)`` is what is translated of an image, such as its gray version.
- ``histogram(image)`` is its histogram ``[C,K]``.

Images are RGB uint8 or uint16 ``[h,w,3]``.
"""

import threading

import numpy as np
import tensorflow as tf

import datasets
import models
from engine.build import load_translator, make_translator, user_error_if_not_finite
from engine.devices import user_error_if_out_of_memory
from engine.pairs import COPY_SIDE
from histogram_layers import match_histograms, soft_histogram
from utils import COLOR_SPACES, UserError, to_float, to_integers, to_network, to_rgb

BINS = 64  # of the histograms of RGB
STEPS_AT_ONCE = 4  # of a fit, between which it can be cancelled


class FitMethod:
    """Fits a grid of color transforms to the pair (`models.PairFit`). Its histograms are those of R, G and B."""

    label = "fit to this pair"
    color_space, takes_reference = "rgb", True

    def __init__(self, steps=None):
        self._fit = models.PairFit(steps)
        self._lock = threading.Lock()  # a fit that was cancelled ends with its step, when the next may have begun

    def prepare(self, source, reference, edits):
        """The grid of the fit. The reference is first matched to the edited histograms. So its 13 histograms
        are those of one image."""
        reference = match_to_edits(datasets.shrink(reference, COPY_SIDE), edits)
        histogram = models.color_histogram(to_float(reference))
        with self._lock:
            for step, loss in enumerate(
                self._fit.fit(to_float(datasets.shrink(source, COPY_SIDE))[None], histogram), 1
            ):
                if not np.isfinite(loss):
                    raise UserError("the fit of this pair is not finite; choose another reference")
                if step % STEPS_AT_ONCE == 0:
                    yield step / self._fit.steps
            return self._fit.grid

    @user_error_if_out_of_memory("choose a smaller image")
    def translate(self, grid, image, strength):
        return models.translate_by_grid(grid, image, strength)

    def source(self, image):
        return image

    def histogram(self, image):
        return rgb_histogram(image)


class RunMethod:
    """Translates by the generator of a run, which takes the reference's histogram, or one that was edited.

    Histograms along directions of RGB cannot be edited one by one, since they depend on each other. So those of R, G
    and B are, and the reference is matched to them.
    """

    def __init__(self, options, run):
        self.label = str(run)
        self.takes_reference = options.takes_reference
        self._extended = COLOR_SPACES[options.histogram_space].extends
        self.color_space = self._extended or options.histogram_space
        self._model, translator, self._checkpoint, _ = load_translator(options, run)
        self._options, self._translators = options, {np.dtype(np.uint8): translator}

    def prepare(self, source, reference, edits):
        """The reference's histogram ``[1,C,K]``. Where none is taken, it is the source's, which has no effect."""
        yield 0.0
        image = reference if self.takes_reference else source
        if self._extended:
            image, edits = match_to_edits(image, edits), {}
        return with_edits(self._translator(image).histogram(image[None]).numpy(), edits)

    @user_error_if_out_of_memory("choose a smaller image")
    def translate(self, histogram, image, strength):
        translator = self._translator(image)
        own = translator.histogram(self.source(image)[None]).numpy()
        with user_error_if_not_finite(self._checkpoint):
            return translator.translate(image[None], strength * histogram + (1 - strength) * own).numpy()[0]

    def source(self, image):
        return self._translator(image).source(image[None]).numpy()[0]

    def histogram(self, image):
        if self._extended:
            return rgb_histogram(image)
        return self._translator(image).histogram(image[None]).numpy()[0]

    def _translator(self, image):
        """The translator of images of this one's depth."""
        if image.dtype not in self._translators:
            self._translators[image.dtype] = make_translator(self._model, self._options, dtype=image.dtype)
        return self._translators[image.dtype]


def rgb_histogram(image):
    """The soft histograms of R, G and B ``[3, BINS]``."""
    return soft_histogram(to_network(to_float(image)[None], "rgb"), BINS).numpy()[0]


def match_to_edits(image, edits):
    """An image whose R, G and B have the edited histograms. Other channels stay as they are."""
    if not edits:
        return image
    values = to_network(to_float(image)[None], "rgb")
    matched = match_histograms(values, with_edits(rgb_histogram(image)[None], edits))
    edited = [channel in edits for channel in range(3)]
    return to_integers(to_rgb(tf.where(edited, matched, values), "rgb")[0], image.dtype)


def with_edits(histogram, edits):
    """A histogram ``[1,C,K]`` with the edited channels, each resampled to K bins that sum to 1."""
    bins, histogram = histogram.shape[-1], histogram.copy()
    for channel, curve in edits.items():
        cdf = np.append(0, np.cumsum(curve)) / np.sum(curve)
        places = np.linspace(0, len(curve), bins + 1)
        histogram[0, channel] = np.diff(np.interp(places, np.arange(len(curve) + 1), cdf))
    return histogram
