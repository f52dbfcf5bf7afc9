"""Cases of color transfer whose right answer is known: a source, a reference with a look, and the source with it."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from utils.images import to_float, to_uint8


class Case(NamedTuple):
    """One case. Images are uint8 ``[h, w, 3]``.

    Attributes:
        name: the photograph and the look.
        source: A.
        reference: L(B), a look L on another image B.
        target: L(A), the right answer.
    """

    name: str
    source: np.ndarray
    reference: np.ndarray
    target: np.ndarray


def load_photograph(path, size):
    """A photograph, cropped and scaled to ``size`` x ``size``: uint8."""
    with Image.open(path) as image:
        return np.asarray(ImageOps.fit(image.convert("RGB"), (size, size), Image.Resampling.LANCZOS))


def halves(photographs):
    """A and B are the left and right halves of one photograph."""
    return {name: np.split(image, 2, axis=1) for name, image in photographs.items()}


def like_photographs(photographs):
    """A and B are two photographs of one folder, each with the next."""
    names = list(photographs)
    following = names[1:] + names[:1]
    return {name: (photographs[name], photographs[after]) for name, after in zip(names, following, strict=True)}


def make_cases(pairs, looks):
    """One case per pair: the pairs take turns through the looks.

    Args:
        pairs: ``{name: (A, B)}``.
        looks: ``{name: function}``.
    """
    names = list(looks)
    chosen = [names[number % len(names)] for number in range(len(pairs))]
    return [
        Case(f"{name}, {look}", first, _apply(looks[look], second), _apply(looks[look], first))
        for (name, (first, second)), look in zip(pairs.items(), chosen, strict=True)
    ]


def _apply(look, image):
    return to_uint8(look(np.float64(to_float(image))))
