"""The color loss and the structure loss, which select functions of `histogram_layers`.

This module also exports these functions and losses under the same names: `histogram_layers.earth_movers_distance`,
`histogram_layers.cyclic_earth_movers_distance`, `histogram_layers.joint_entropy`,
`histogram_layers.mutual_information`, `histogram_layers.conditional_entropy`,
`histogram_layers.normalized_mi_distance`, and the Keras losses `histogram_layers.EarthMoversDistance` and
`histogram_layers.CyclicEarthMoversDistance`.
"""

import numpy as np
import tensorflow as tf

from histogram_layers import (
    Boundary,
    CyclicEarthMoversDistance,
    EarthMoversDistance,
    conditional_entropy,
    cyclic_earth_movers_distance,
    earth_movers_distance,
    joint_entropy,
    mutual_information,
    normalized_mi_distance,
)

__all__ = [
    "CyclicEarthMoversDistance",
    "EarthMoversDistance",
    "color_distance",
    "conditional_entropy",
    "cyclic_earth_movers_distance",
    "earth_movers_distance",
    "joint_entropy",
    "mutual_information",
    "normalized_mi_distance",
    "structure_loss",
]

_STRUCTURE_LOSSES = {
    "conditional_entropy": conditional_entropy,
    "normalized_mi_distance": normalized_mi_distance,
    "mutual_information": lambda J: -mutual_information(J),
}


def color_distance(
    h1: tf.Tensor | np.ndarray, h2: tf.Tensor | np.ndarray, order: int = 2, boundary: Boundary = "reflect"
) -> tf.Tensor:
    """Compute `cyclic_earth_movers_distance` for cyclic channels and `earth_movers_distance` for the others.

    Args:
        h1, h2: float ``[B, C, K]``, each channel summing to 1.
        order: l, 1 or 2.
        boundary: boundary rule of the histograms, or a sequence of rules, one per channel.

    Returns:
        float ``[B, C]``.

    Raises:
        ValueError: order is not 1 or 2, or the number of rules is not the number of channels.
    """
    channels = h1.shape[1]
    rules = [boundary] * channels if isinstance(boundary, str) else boundary
    if len(rules) != channels:
        raise ValueError(f"boundary must be one rule or {channels}, one per channel; received {boundary!r}")
    if "cyclic" not in rules:  # all channels at once
        return earth_movers_distance(h1, h2, order)
    distances = [
        (cyclic_earth_movers_distance if rule == "cyclic" else earth_movers_distance)(
            h1[:, channel], h2[:, channel], order
        )
        for channel, rule in enumerate(rules)
    ]
    return tf.stack(distances, axis=-1)


def structure_loss(
    J: tf.Tensor | np.ndarray, kind: str = "conditional_entropy", channel: int | None = None
) -> tf.Tensor:
    """Compute the structure loss of ``joint_histogram(content, output)``. It is smaller if they share more structure.

    | kind                     | loss                        | from                                   |
    |--------------------------|-----------------------------|----------------------------------------|
    | `conditional_entropy`    | H(content given the output) | the released code                      |
    | `normalized_mi_distance` | 1 - I/H                     | Hue-Net, arXiv 1912.06044              |
    | `mutual_information`     | -I                          | HueNet, doi 10.1109/TPAMI.2023.3278287 |

    Args:
        J: float ``[B, C, K, K]``.
        kind: a row of the table.
        channel: index of the channel to use, or None to use all channels.

    Returns:
        float ``[B, C]``, or ``[B, 1]`` if ``channel`` is given.

    Raises:
        ValueError: kind is not in the table.
    """
    if kind not in _STRUCTURE_LOSSES:
        raise ValueError(f"kind must be one of {', '.join(_STRUCTURE_LOSSES)}; received {kind!r}")
    return _STRUCTURE_LOSSES[kind](J if channel is None else J[:, channel : channel + 1])
