"""Looks: random maps of colors, such as photographers use for grading.

A photograph and two looks make a sample of color transfer with a known answer. Source and target are one half of the
photograph, each with its own look. The reference is the other half, with the look of the target. So a network can learn
from any photographs to take the look of a reference.

A look is a chain of steps. Each step takes part with its own probability, so there are many kinds of looks:

| step          | probability | range                                                                            |
|---------------|-------------|----------------------------------------------------------------------------------|
| gains         | 0.7         | exposure e^-0.4 to e^0.4; white balance e^-0.3 to e^0.3 per channel              |
| gamma         | 0.7         | e^-0.7 to e^0.7, times e^-0.2 to e^0.2 per channel                               |
| curves        | 0.6         | two sines, which bend all channels by up to 0.11 and each by up to 0.05 more     |
| channel mix   | 0.3         | a random matrix, up to 0.33 from the identity; grays stay                        |
| saturation    | 0.7         | 0 (gray) to 1.7                                                                  |
| split tone    | 0.5         | up to 0.16 per channel, added to the shadows, and another color to the highlights |
| duotone       | 0.15        | 0.2 to 1 of a gradient from a dark color (0 to 0.4) to a light one (0.6 to 1)    |
| lattice       | 0.3         | up to 0.1 per channel, at 4 x 4 x 4 colors, interpolated                         |
| fade          | 0.6         | black up to 0.15, plus up to 0.1 per channel; white likewise below 1             |
| opacity       | 1           | 0.4 to 1 of the look, and the rest of the image                                  |

Three sources in four and one target in sixteen have no look (the identity).
"""

import math

import tensorflow as tf

from utils.colors import LUMINANCE, interpolate_lattices, tent_weights

DRAWS = 256  # random numbers of a look, more than its steps take
WITHOUT_LOOK = (0.75, 1 / 16)  # probabilities for sources, and for targets with their references
NODES = 4  # of the lattice, along each axis


def draw_looks(key):
    """Draw the random numbers of the looks of a source and of its target: float32 ``[2, DRAWS]`` in [0, 1).

    Args:
        key: a stateless key, int64 ``[2]``.
    """
    return tf.random.stateless_uniform([2, DRAWS], key)


def give_looks(batch, *, to_reference=True):
    """Give looks to a batch of halves.

    Args:
        batch: a dict with ``source`` and ``reference``, RGB ``[B, H, W, 3]`` in [0, 1], and ``looks``, the numbers
            ``[B, 2, DRAWS]`` from `draw_looks`. Other entries stay as they are.
        to_reference: whether to give the target's look to the reference as well.

    Returns:
        A dict with ``source``, ``reference`` and ``target`` instead.
    """
    batch = dict(batch)
    numbers = tf.unstack(batch.pop("looks"), axis=1)
    of_source, of_target = (_Look(*pair) for pair in zip(numbers, WITHOUT_LOOK, strict=True))
    photograph = batch["source"]
    batch["source"], batch["target"] = of_source(photograph), of_target(photograph)
    if to_reference:
        batch["reference"] = of_target(batch["reference"])
    return batch


class _Look:
    """One look for each image of a batch.

    Args:
        numbers: random numbers in [0, 1), ``[B, DRAWS]``.
        without: probability of the identity.
    """

    def __init__(self, numbers, without):
        draw = _Draws(numbers)
        self._amount = draw.between(0.4, 1) * draw.chance(1 - without)
        self._gains = tf.exp(draw.chance(0.7) * (draw.between(-0.4, 0.4) + draw.between(-0.3, 0.3, 3)))
        self._gamma = tf.exp(draw.chance(0.7) * (draw.between(-0.7, 0.7) + draw.between(-0.2, 0.2, 3)))
        curved = draw.chance(0.6)
        self._bends = [curved * (draw.between(-0.35, 0.35) + draw.between(-0.15, 0.15, 3)) for _ in range(2)]
        self._matrix = _matrix(draw)
        toned = draw.chance(0.5)
        self._shadows, self._highlights = (toned * draw.between(-0.16, 0.16, 3) for _ in range(2))
        self._duotone = draw.chance(0.15) * draw.between(0.2, 1)
        self._dark, self._light = draw.between(0, 0.4, 3), draw.between(0.6, 1, 3)
        shifts = draw.chance(0.3) * draw.between(-0.1, 0.1, NODES**3 * 3)
        self._lattice = tf.reshape(shifts, [-1, NODES, NODES, NODES, 3])
        faded = draw.chance(0.6)
        self._black, missing = (faded * (draw.between(0, 0.15) + draw.between(0, 0.1, 3)) for _ in range(2))
        self._white = 1 - missing

    def __call__(self, images):
        """Map images, RGB ``[B, H, W, 3]`` in [0, 1], to images in the same range."""
        rgb = tf.clip_by_value(images * self._gains, 0.0, 1.0) ** self._gamma
        for number, bend in enumerate(self._bends, 1):  # monotone, because the slopes are at least 0
            rgb += bend * tf.sin(number * math.pi * rgb) / (number * math.pi)
        rgb = tf.einsum("bhwc,bdc->bhwd", rgb, self._matrix)
        gray = _luminance(rgb)
        rgb += self._shadows * tf.square(1 - gray) + self._highlights * tf.square(gray)
        gray = _luminance(rgb)
        rgb += self._duotone * (self._dark + (self._light - self._dark) * gray - rgb)
        rgb += _shifts(self._lattice, rgb)
        rgb = self._black + (self._white - self._black) * rgb
        return tf.clip_by_value(images + self._amount * (rgb - images), 0.0, 1.0)


class _Draws:
    """Hands out the random numbers of a look, ``[B, 1, 1, count]`` each time, so that they broadcast to images."""

    def __init__(self, numbers):
        self._numbers, self._taken = numbers[:, None, None], 0

    def between(self, low, high, count=1):
        self._taken += count
        return low + (high - low) * self._numbers[..., self._taken - count : self._taken]

    def chance(self, probability):
        """Return 1 with this probability, else 0."""
        return tf.cast(self.between(0, 1) < probability, tf.float32)


def _matrix(draw):
    """Return the channel mix and the saturation as one matrix, ``[B, 3, 3]``."""
    mix = tf.reshape(draw.chance(0.3) * draw.between(-0.25, 0.25, 9), [-1, 3, 3])
    mix += tf.eye(3) - tf.reduce_mean(mix, axis=-1, keepdims=True)  # a row sums to 1, so that grays stay
    factor = 1 + draw.chance(0.7) * (draw.between(0, 1.7) - 1)
    factor = factor[:, 0]  # [B,1,1]
    return (factor * tf.eye(3) + (1 - factor) * tf.constant([LUMINANCE] * 3)) @ mix


def _luminance(rgb):
    return tf.tensordot(rgb, tf.constant(LUMINANCE), 1)[..., None]


def _shifts(lattice, images):
    height, width = tf.unstack(tf.shape(images)[1:3])
    weights = tent_weights(tf.reshape(images, [-1, height * width, 3]), NODES)
    shifts = interpolate_lattices(lattice, weights)
    return tf.reshape(shifts, [-1, height, width, 3])
