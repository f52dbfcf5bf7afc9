"""What was chosen and made in one window of the page."""

from typing import NamedTuple

import numpy as np


class Chosen(NamedTuple):
    """An image that was chosen: ``whole``, and a copy of the size of a ``screen``."""

    whole: np.ndarray
    screen: np.ndarray


class Made(NamedTuple):
    """What a method has prepared for a pair.

    Attributes:
        label, source, reference: the method's label, and the two `Chosen` images.
        original: the reference's histogram, before it was edited.
        unedited: what the method's ``translate`` needs, and ``prepared``, the same of the edited reference.
        edits: the reference's histograms that were edited, of `edits_of`.
    """

    label: str
    source: Chosen
    reference: Chosen
    original: np.ndarray
    unedited: np.ndarray
    prepared: np.ndarray
    edits: dict


class Session:
    """What was chosen and made in one window.

    Attributes:
        label: the method's.
        source, reference: `Chosen`, or None.
        made: `Made`, or None.
        edits: those that are wanted.
        wanted: whether there is something to do.
        turn: counts what was asked for. Work that was begun for an earlier turn is given up.
    """

    def __init__(self, label):
        self.label, self.source, self.reference, self.made = label, None, None, None
        self.edits, self.wanted, self.turn = {}, False, 0

    def forget(self):
        """Forget what was chosen and made, and give up what is at work."""
        self.source = self.reference = self.made = None
        self.ask(False)

    def ask(self, wanted):
        """Ask for work, or for none."""
        self.wanted = wanted
        self.turn += 1
