"""The methods that the page offers: their common protocol, a color map for the pair, and a trained run."""

from collections.abc import Callable
from typing import Protocol

import numpy as np

import engine
from histogram_layers import match_channels, replace_channels, soft_histogram
from utils.colors import COLOR_SPACES, to_network, to_rgb
from utils.images import drawn_pixels, to_float, to_integers

BINS = 64  # number of bins of RGB histograms
DRAWN = 1024  # most rows and columns of the pixels that a run's histogram counts


class Method(Protocol):
    """A method that makes an output from a source and a reference. Images are RGB uint8 or uint16 ``[h, w, 3]``.

    Those that `prepare` takes may have a fourth channel, the weight of each pixel.

    Attributes:
        label: the method's entry in the menu.
        color_space: the color space of the histograms that the page shows and the user can edit.
        takes_reference: whether the output depends on a reference.
        makes_map: whether the method makes a color map, which can be saved as a look.
        takes_proportions: whether the output depends on ``proportions``.
    """

    label: str
    color_space: str
    takes_reference: bool
    makes_map: bool
    takes_proportions: bool

    def prepare(self, source, reference, edits: dict, *, proportions: float, on_progress: Callable[[float], None]):
        """Return the object that `translate` needs for a pair.

        Args:
            source, reference: the images.
            edits: the reference's histograms that the user edited: a dict from a channel's index to its histogram,
                with any number of bins.
            proportions: a number from 0 (use the reference as a palette) to 1 (also match its amount of each color).
                It has no effect unless the method takes proportions.
            on_progress: a function that is called with the finished fraction of the work, from 0 to 1. If it raises an
                exception, the work ends.
        """

    def translate(self, prepared, image, strength: float) -> np.ndarray:
        """Return the output, with the image's size and depth. ``strength`` is from 0 to 1."""

    def source(self, image) -> np.ndarray:
        """Return the image that the method actually translates, such as a gray version of ``image``."""

    def histogram(self, image) -> np.ndarray:
        """Return the histograms of an image that the page shows, ``[C, K]``."""


class MapMethod:
    """A method that makes a color map for the pair. It shows the histograms of R, G and B.

    Args:
        label: the method's entry in the menu.
        fitter: the object that makes the map, a `models.PairFitter` or an `engine.QuickFitter`.
        takes_proportions: whether the fitter takes proportions.
    """

    color_space, takes_reference, makes_map = "rgb", True, True

    def __init__(self, label, fitter, *, takes_proportions):
        self.label, self._fitter, self.takes_proportions = label, fitter, takes_proportions

    def prepare(self, source, reference, edits, *, proportions, on_progress):
        """Return the map. The reference is first matched to the edited histograms, so that the fitter gets the 13
        histograms of a real image."""
        return self._fitter.fit(
            [source],
            _match_to_edits(reference, edits),
            **({"proportions": proportions} if self.takes_proportions else {}),
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
    """A method that translates with a run's generator, which takes the reference's histogram, edited or not.

    Histograms along directions of RGB depend on each other and cannot be edited one by one. Instead, the user edits the
    histograms of R, G and B, and the reference is matched to them.
    """

    makes_map = takes_proportions = False

    def __init__(self, options, run):
        self.label = str(run)
        self.takes_reference = options.takes_reference
        self._extended = COLOR_SPACES[options.histogram_space].extends
        self.color_space = self._extended or options.histogram_space
        self._model, translator, self._checkpoint, _ = engine.load_translator(options, run)
        self._options, self._translators = options, {np.dtype(np.uint8): translator}

    def prepare(self, source, reference, edits, *, proportions, on_progress):
        """Return the reference's histogram ``[1,C,K]``. If the run takes no reference, return the source's histogram,
        which has no effect."""
        image = drawn_pixels(reference if self.takes_reference else source, DRAWN)
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
        """Return the translator for images with the dtype of ``image``."""
        if image.dtype not in self._translators:
            self._translators[image.dtype] = engine.make_translator(
                self._model, self._options, dtype=image.dtype, label=str(self._checkpoint)
            )
        return self._translators[image.dtype]


def _rgb_histogram(image):
    """Compute the soft histograms of R, G and B, ``[3, BINS]``."""
    return soft_histogram(to_network(to_float(image)[None], "rgb"), BINS).numpy()[0]


def _match_to_edits(image, edits):
    """Match the edited channels of an image to their edited histograms. Other channels do not change."""
    if not edits:
        return image
    matched = match_channels(to_network(to_float(image[..., :3])[None], "rgb"), edits, bins=BINS)
    return np.dstack([to_integers(to_rgb(matched, "rgb")[0], image.dtype), image[..., 3:]])
