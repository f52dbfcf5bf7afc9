"""Cases of color transfer with a known answer: a source, a reference with a look, and the source with that look."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

import datasets
from utils.images import to_float, to_uint8


class Case(NamedTuple):
    """One case. Images are uint8 ``[h, w, 3]``.

    Attributes:
        name: names of the photograph and of the look.
        source: the image A.
        reference: L(B), another image B with the look L.
        target: L(A), the source with the look: the right answer.
    """

    name: str
    source: np.ndarray
    reference: np.ndarray
    target: np.ndarray


def load_photographs(folders, *, count, size):
    """Load photographs, cropped and scaled to uint8 ``[size, size, 3]``.

    Args:
        folders: folders of photographs.
        count: how many to take from each folder, evenly spread, or all if it has fewer.
        size: their size.

    Returns:
        ``{path: photograph}``.
    """
    paths = [path for folder in folders for path in _chosen(folder, count)]
    return {str(path): _load(path, size) for path in paths}


def _chosen(folder, count):
    paths = datasets.image_files(folder)
    return [paths[number] for number in np.linspace(0, len(paths) - 1, min(count, len(paths))).astype(int)]


def _load(path, size):
    with Image.open(path) as image:
        return np.asarray(ImageOps.fit(image.convert("RGB"), (size, size), Image.Resampling.LANCZOS))


def halves(photographs):
    """Return ``{name: (A, B)}``: the left and the right half of each photograph."""
    return {name: np.split(image, 2, axis=1) for name, image in photographs.items()}


def like_photographs(photographs):
    """Return ``{name: (A, B)}``: each photograph with the next one, and the last with the first."""
    names = list(photographs)
    following = names[1:] + names[:1]
    return {name: (photographs[name], photographs[after]) for name, after in zip(names, following, strict=True)}


def make_cases(pairs, looks):
    """Make one case per pair. The looks are used in turn, and again from the first if there are more pairs.

    Args:
        pairs: ``{name: (A, B)}``.
        looks: ``{name: function of an image}``.
    """
    names = list(looks)
    chosen = [names[number % len(names)] for number in range(len(pairs))]
    return [
        Case(f"{name}, {look}", first, _apply(looks[look], second), _apply(looks[look], first))
        for (name, (first, second)), look in zip(pairs.items(), chosen, strict=True)
    ]


def _apply(look, image):
    return to_uint8(look(np.float64(to_float(image))))
