"""Boundary rules: where a histogram puts the mass that lies, or spills, beyond the ends of its range.

All rules are one idea: build the histogram on a range some bins wider, then fold the outer bins in.

* ``reflect``: an end of the range is a mirror;
* ``cyclic``: the range is a circle (hue);
* ``none``: what is outside is dropped.
"""

import numpy as np
import tensorflow as tf

RULES = ("reflect", "cyclic", "none")


def rules_of(boundary):
    """The rules as a tuple: one rule for all channels, or one a channel.

    Raises:
        ValueError: naming a rule that does not exist.
    """
    rules = (boundary,) if isinstance(boundary, str) else tuple(boundary)
    for rule in rules or (boundary,):
        if rule not in RULES:
            raise ValueError(f"boundary must be one of {RULES}, or a sequence of them; received {boundary!r}")
    return rules


def fold_values(positions, length, rule):
    """Fold positions outside ``[0, length]`` in, however far out they are.

    Args:
        positions: float, of any shape.
        length: that of the range.
        rule: the boundary rule.

    Returns:
        The folded positions, in ``[0, length]`` unless the rule is ``none``, which leaves them; and their derivative by
        ``positions``, 1 or -1 (0 on the mirror at 0).
    """
    if rule == "reflect":
        # Mirrors at both ends: a pattern that repeats after two lengths and is symmetric about 0.
        turned = tf.math.floormod(positions + length, 2.0 * length) - length
        return tf.abs(turned), tf.sign(turned)
    if rule == "cyclic":
        return tf.math.floormod(positions, float(length)), 1.0
    return positions, 1.0


def fold_matrix(bins, margin, rule):
    """The matrix that folds ``margin`` bins at each end of a wider histogram into its ``bins`` inner ones.

    Returns:
        Float64 array ``[bins + 2 margin, bins]`` of zeros and ones: ``wide @ matrix`` is the folded histogram.
        With ``none`` it has a last column for what is dropped: ``[bins + 2 margin, bins + 1]``.
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
