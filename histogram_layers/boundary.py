"""Boundary rules: how a histogram treats mass beyond the ends of its range.

All rules first build the histogram on a range that is a few bins wider. Then they treat the outer bins as follows:

* ``reflect``: mirror them at the ends of the range;
* ``cyclic``: wrap them around to the other end, as for hue;
* ``none``: drop them.
"""

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import tensorflow as tf

Rule = Literal["reflect", "cyclic", "none"]
RULES = get_args(Rule)
Boundary = Rule | Sequence[Rule]
"""A boundary rule (``"reflect"``, ``"cyclic"`` or ``"none"``), or a sequence of rules, one per channel."""


def rules_of(boundary: Boundary) -> tuple[Rule, ...]:
    """Return the rules as a tuple: one rule for all channels, or one rule per channel.

    Raises:
        ValueError: a rule is unknown.
    """
    rules = (boundary,) if isinstance(boundary, str) else tuple(boundary)
    for rule in rules or (boundary,):
        if rule not in RULES:
            raise ValueError(f"boundary must be one of {RULES}, or a sequence of them; received {boundary!r}")
    return rules


def fold_values(positions, length, rule) -> tuple:
    """Fold positions at any distance into ``[0, length]``.

    Args:
        positions: float, any shape.
        length: length of the range.
        rule: boundary rule.

    Returns:
        The folded positions (unchanged if the rule is ``none``), and their derivative with respect to ``positions``:
        1 or -1, or 0 if ``reflect`` folds the position to exactly 0.
    """
    if rule == "reflect":
        # Two mirrors produce a pattern that is symmetric about 0 and has a period of two lengths.
        turned = tf.math.floormod(positions + length, 2.0 * length) - length
        return tf.abs(turned), tf.sign(turned)
    if rule == "cyclic":
        return tf.math.floormod(positions, float(length)), 1.0
    return positions, 1.0


def fold_matrix(bins, margin, rule) -> np.ndarray:
    """Return the matrix that folds ``margin`` bins at each end of a wider histogram into its ``bins`` inner bins.

    Returns:
        Float64 array ``[bins + 2 * margin, bins]`` of zeros and ones, so that ``wide @ matrix`` is the folded
        histogram. With ``none``, another column collects the dropped mass: ``[bins + 2 * margin, bins + 1]``.
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
