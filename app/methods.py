"""The ways in which the page makes an output: what they have in common, a fit to the pair, and a trained run."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

import engine
from histogram_layers import match_channels, replace_channels, soft_histogram
from models import PairFitter
from utils.colors import COLOR_SPACES, to_network, to_rgb
from utils.images import to_float, to_integers

BINS = 64  # of the histograms of RGB


class Method(Protocol):
    """A way to make an output of a source and a reference. Images are RGB uint8 or uint16 ``[h, w, 3]``.

    Attributes:
        label: its entry in the menu.
        color_space: the color space of the histograms that are shown and can be edited.
        takes_reference: whether the output depends on a reference.
        fits: whether a map of colors is fitted, which depends on ``proportions`` and can be saved as a look.
    """

    label: str
    color_space: str
    takes_reference: bool
    fits: bool

    def prepare(self, source, reference, edits: dict, *, proportions: float, on_progress: Callable[[float], None]):
        """What `translate` needs for a pair.

        Args:
            source, reference: the images.
            edits: the reference's histograms that were edited by hand: a dict of a channel's number to its histogram,
                of any number of bins.
            proportions: from 0, where the reference is a palette, to 1. Only a fit depends on it.
            on_progress: a function that is called with the share of the work that is done, from 0 to 1. An exception
                that it raises ends the work.
        """

    def translate(self, prepared, image, strength: float) -> np.ndarray:
        """The output, of the image's size and depth. ``strength``: from 0 to 1."""

    def source(self, image) -> np.ndarray:
        """What is translated of an image, such as its gray version."""

    def histogram(self, image) -> np.ndarray:
        """The histograms ``[C, K]`` of an image, to show."""


class FitMethod:
    """Fits a map of colors to the pair (`models.PairFitter`). Its histograms are those of R, G and B."""

    label = "fit to this pair"
    color_space, takes_reference, fits = "rgb", True, True

    def __init__(self, steps=None):
        self._fitter = PairFitter(steps)

    def prepare(self, source, reference, edits, *, proportions, on_progress):
        """The fitted map. The reference is first matched to the edited histograms, so that its 13 histograms are those
        of one image."""
        return self._fitter.fit(
            [source],
            _match_to_edits(reference, edits),
            proportions=proportions,
            on_step=lambda step, _: on_progress(step / self._fitter.steps),
        )

    @engine.user_error_if_out_of_memory("choose a smaller image")
    def translate(self, prepared, image, strength):
        return prepared.translate(image, strength)

    def source(self, image):
        return image

    def histogram(self, image):
        return _rgb_histogram(image)


class RunMethod:
    """Translates by the generator of a run, which takes the reference's histogram, or one that was edited.

    Histograms along directions of RGB cannot be edited one by one, since they depend on each other. So those of R, G
    and B are, and the reference is matched to them.
    """

    fits = False

    def __init__(self, options, run):
        self.label = str(run)
        self.takes_reference = options.takes_reference
        self._extended = COLOR_SPACES[options.histogram_space].extends
        self.color_space = self._extended or options.histogram_space
        self._model, translator, self._checkpoint, _ = engine.load_translator(options, run)
        self._options, self._translators = options, {np.dtype(np.uint8): translator}

    def prepare(self, source, reference, edits, *, proportions, on_progress):
        """The reference's histogram ``[1,C,K]``. Where none is taken, it is the source's, which has no effect."""
        image = reference if self.takes_reference else source
        if self._extended:
            image, edits = _match_to_edits(image, edits), {}
        return replace_channels(self._translator(image).histogram(image[None]).numpy(), edits)

    @engine.user_error_if_out_of_memory("choose a smaller image")
    def translate(self, prepared, image, strength):
        return self._translator(image).outputs(image[None], prepared, strength)[0]

    def source(self, image):
        return self._translator(image).source(image[None]).numpy()[0]

    def histogram(self, image):
        if self._extended:
            return _rgb_histogram(image)
        return self._translator(image).histogram(image[None]).numpy()[0]

    def _translator(self, image):
        """The translator of images of this one's depth."""
        if image.dtype not in self._translators:
            self._translators[image.dtype] = engine.make_translator(
                self._model, self._options, dtype=image.dtype, label=str(self._checkpoint)
            )
        return self._translators[image.dtype]


def _rgb_histogram(image):
    """The soft histograms of R, G and B ``[3, BINS]``."""
    return soft_histogram(to_network(to_float(image)[None], "rgb"), BINS).numpy()[0]


def _match_to_edits(image, edits):
    """An image whose R, G and B have the edited histograms. Other channels stay as they are."""
    if not edits:
        return image
    matched = match_channels(to_network(to_float(image)[None], "rgb"), edits, bins=BINS)
    return to_integers(to_rgb(matched, "rgb")[0], image.dtype)
