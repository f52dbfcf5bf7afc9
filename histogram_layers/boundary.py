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
    """The rules as a tuple: of one rule for all channels, or of one rule a channel.

    Raises:
        ValueError: naming a rule that does not exist.
    """
    rules = (boundary,) if isinstance(boundary, str) else tuple(boundary)
    for rule in rules or (boundary,):
        if rule not in RULES:
            raise ValueError(f"boundary must be one of {RULES}, or a sequence of them; received {boundary!r}")
    return rules


def fold_values(positions, length, boundary):
    """Fold positions outside ``[0, length]`` in, however far out they are.

    Args:
        positions: float ``[..., C]``.
        length: of the range.
        boundary: a rule, or a sequence of them, one a channel.

    Returns:
        As ``positions``, in ``[0, length]`` but for the channels whose rule is ``none``.
    """
    rules = rules_of(boundary)
    if len(rules) > 1 and positions.shape[-1] not in (None, len(rules)):
        raise ValueError(
            f"boundary must be one rule or one a channel; received {boundary!r} for {positions.shape[-1]} channels"
        )
    if len(rules) == 1:
        return _fold_values(positions, length, rules[0])
    channels = tf.unstack(positions, num=len(rules), axis=-1)
    return tf.stack([_fold_values(u, length, rule) for u, rule in zip(channels, rules, strict=True)], axis=-1)


def _fold_values(positions, length, rule):
    if rule == "reflect":
        period = 2.0 * length
        return length - tf.abs(length - (positions - period * tf.floor(positions / period)))
    if rule == "cyclic":
        return positions - length * tf.floor(positions / length)
    return positions


def fold_matrix(bins, margin, boundary):
    """The matrix that folds ``margin`` bins at each end of a wider histogram into its ``bins`` inner ones.

    Returns:
        Float64 array ``[1 or C, bins + 2 margin, bins]`` of zeros and ones: ``wide @ matrix`` is the folded histogram.
        Where a rule drops something, one bin more at the end takes it: ``[..., bins + 1]``.
    """
    rules = rules_of(boundary)
    outer = np.arange(-margin, bins + margin)
    columns = np.arange(bins + 1 if "none" in rules else bins)
    matrices = []
    for rule in rules:
        if rule == "cyclic":
            inner = outer % bins
        elif rule == "reflect":
            period = outer % (2 * bins)
            inner = np.minimum(period, 2 * bins - 1 - period)
        else:
            inner = np.where((outer >= 0) & (outer < bins), outer, bins)
        matrices.append(inner[:, None] == columns)
    return np.stack(matrices).astype(np.float64)
