"""Boundary rules: what a histogram does with mass beyond the ends of its range.

All rules share one idea: build the histogram on a range a few bins wider, then fold the outer bins in.

* ``reflect``: each end of the range is a mirror;
* ``cyclic``: the range is a circle (hue);
* ``none``: mass outside the range is dropped.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import tensorflow as tf

Rule = Literal["reflect", "cyclic", "none"]
RULES = get_args(Rule)
Boundary = Rule | Sequence[Rule]
"""A boundary rule, or a sequence of them, one per channel: ``"reflect"``, ``"cyclic"`` or ``"none"``."""


def rules_of(boundary: Boundary) -> tuple[Rule, ...]:
    """The rules as a tuple: one rule for all channels, or one per channel.

    Raises:
        ValueError: there is no such rule.
    """
    rules = (boundary,) if isinstance(boundary, str) else tuple(boundary)
    for rule in rules or (boundary,):
        if rule not in RULES:
            raise ValueError(f"boundary must be one of {RULES}, or a sequence of them; received {boundary!r}")
    return rules


def fold_values(positions, length, rule) -> tuple:
    """Fold positions into ``[0, length]``, however far outside they are.

    Args:
        positions: float, any shape.
        length: length of the range.
        rule: boundary rule.

    Returns:
        The folded positions (with ``none``, the positions themselves), and their derivative by ``positions``: 1 or -1,
        and 0 on the mirror at 0.
    """
    if rule == "reflect":
        # Two mirrors make a pattern with a period of two lengths, symmetric about 0.
        turned = tf.math.floormod(positions + length, 2.0 * length) - length
        return tf.abs(turned), tf.sign(turned)
    if rule == "cyclic":
        return tf.math.floormod(positions, float(length)), 1.0
    return positions, 1.0


def fold_matrix(bins, margin, rule) -> np.ndarray:
    """The matrix that folds ``margin`` bins at each end of a wider histogram into its ``bins`` inner bins.

    Returns:
        Float64 array ``[bins + 2 margin, bins]`` of zeros and ones: ``wide @ matrix`` is the folded histogram.
        With ``none`` there is one more column, for the mass that is dropped: ``[bins + 2 margin, bins + 1]``.
    """
    outer = np.arange(-margin, bins + margin)
    if rule == "cyclic":
        inner = outer % bins
    elif rule == "reflect":
        period = outer % (2 * bins)
        inner = np.minimum(period, 2 * bins - 1 - period)
    else:
        inner = np.where((outer >= 0) & (outer < bins), outer, bins)
    columns = np.arange(bins + 1 if rule == "none" else bins)
    return (inner[:, None] == columns).astype(np.float64)
