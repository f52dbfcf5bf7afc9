"""The state of one browser window: the images and settings that the user chose, and the result."""

from typing import NamedTuple

import numpy as np

from utils.images import Photograph

PROPORTIONS = 0.5  # default for a fit


class Chosen(NamedTuple):
    """A chosen image: ``whole``, and ``screen``, a copy reduced to screen size."""

    whole: Photograph
    screen: Photograph


class Made(NamedTuple):
    """The result of a method's ``prepare`` for a pair.

    Attributes:
        label, source, reference: the method's label and the two `Chosen` images.
        proportions: the chosen proportions, or 0 if the method does not take them.
        original: the reference's histograms before they were edited.
        unedited: the result of ``prepare`` without edits.
        prepared: the result of ``prepare`` with the edits. ``translate`` takes it.
        edits: the reference's edited histograms, as `edits_of` returns them.
    """

    label: str
    source: Chosen
    reference: Chosen
    proportions: float
    original: np.ndarray | None = None
    unedited: object = None
    prepared: object = None
    edits: dict | None = None

    def is_for(self, wanted):
        """Return whether ``wanted`` has the same method, images and proportions."""
        same = self.source is wanted.source and self.reference is wanted.reference
        return same and (self.label, self.proportions) == (wanted.label, wanted.proportions)


class Session:
    """The state of one browser window.

    Attributes:
        label: the label of the chosen method.
        source, reference: the `Chosen` images, or None.
        mask: the source's mask, ``[h, w, 1]`` of any size, or None.
        made: the latest `Made`, or None.
        proportions: the chosen proportions for a fit.
        edits: the histograms that the user edited.
        wanted: whether an output is requested.
        turn: the number of requests so far. Work for an earlier request stops.
    """

    def __init__(self, label):
        self.label, self.source, self.reference, self.mask, self.made = label, None, None, None, None
        self.proportions, self.edits, self.wanted, self.turn = PROPORTIONS, {}, False, 0

    def forget(self):
        """Drop the images and the result, and stop the work in progress."""
        self.source = self.reference = self.mask = self.made = None
        self.ask(False)

    def ask(self, wanted):
        """Request an output if ``wanted``. In any case, stop the work in progress."""
        self.wanted = wanted
        self.turn += 1
