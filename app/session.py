"""What was chosen and made in one window of the page."""

from typing import NamedTuple

import numpy as np

PROPORTIONS = 0.5  # of a fit, unless others are chosen


class Chosen(NamedTuple):
    """An image that was chosen: ``whole``, and a copy of the size of a ``screen``."""

    whole: np.ndarray
    screen: np.ndarray


class Made(NamedTuple):
    """What a method has prepared for a pair.

    Attributes:
        label, source, reference: the method's label, and the two `Chosen` images.
        proportions: those of the fit.
        original: the reference's histogram, before it was edited.
        unedited: what the method's ``translate`` needs, and ``prepared``, the same for the edited reference.
        edits: the reference's histograms that were edited (`edits_of`).
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
        """Whether it was made for the same method, images and proportions."""
        same = self.source is wanted.source and self.reference is wanted.reference
        return same and (self.label, self.proportions) == (wanted.label, wanted.proportions)


class Session:
    """What was chosen and made in one window.

    Attributes:
        label: the method's.
        source, reference: `Chosen`, or None.
        made: `Made`, or None.
        proportions: those that are wanted of a fit.
        edits: those that are wanted.
        wanted: whether there is something to do.
        turn: counts requests. Work for an earlier turn is given up.
    """

    def __init__(self, label):
        self.label, self.source, self.reference, self.made = label, None, None, None
        self.proportions, self.edits, self.wanted, self.turn = PROPORTIONS, {}, False, 0

    def forget(self):
        """Forget what was chosen and made, and give up what is at work."""
        self.source = self.reference = self.made = None
        self.ask(False)

    def ask(self, wanted):
        """Ask for work, or for none."""
        self.wanted = wanted
        self.turn += 1
