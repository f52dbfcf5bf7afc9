"""Lists of images: their names, and how each is read."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from datasets.sources.decoding import decode


@dataclass(frozen=True, eq=False)
class ImageList:
    """A list of images, or of pairs of images.

    Attributes:
        items: what is read: paths, arrays, numbers.
        names: the images' names, for people.
        read_item: a function from an item to RGB uint8 ``[h, w, 3]``: a tuple of one image, or of the two of a pair.
        item_key: a function from an item to a text that changes whenever the pixels may have changed.
        parts: which of the read images are used, in their order: ``(0,)``, ``(0, 1)`` of pairs, ``(1, 0)`` of swapped
            pairs.
    """

    items: list
    names: list
    read_item: Callable
    item_key: Callable
    parts: tuple = (0,)

    def __len__(self):
        return len(self.items)

    def read(self, index):
        """Image ``index``, RGB uint8 ``[h, w, 3]``: a tuple of one image, or of the two of a pair."""
        return self.select(self.read_item(self.items[index]))

    def select(self, images):
        """Those of the read images that the list is of."""
        return tuple(images[part] for part in self.parts)

    def cache_key(self, index):
        """A text that changes whenever the pixels of image ``index`` may have changed."""
        return f"{self.item_key(self.items[index])} {self.parts}"

    def part(self, number):
        """Of pairs, one image each: 0 is the first, 1 the second."""
        return replace(self, parts=(self.parts[number],))

    def swapped(self):
        """Of pairs, the second first."""
        return replace(self, parts=self.parts[::-1])


def joined(lists):
    """Lists of one source as one list."""
    first, *others = lists
    items = [item for images in (first, *others) for item in images.items]
    names = [name for images in (first, *others) for name in images.names]
    return replace(first, items=items, names=names)


def file_images(items, halves=False):
    """A list of files: each item is a path, a path of two ``halves`` side by side, or a tuple of two paths."""
    paths = [item if isinstance(item, tuple) else (item,) for item in items]
    count = 2 if halves else max((len(item) for item in paths), default=1)
    return ImageList(
        items=paths,
        names=[Path(item[0]).stem for item in paths],
        read_item=_read_halves if halves else _read_files,
        item_key=_halves_key if halves else _files_key,
        parts=tuple(range(count)),
    )


def array_images(named, source):
    """A list of arrays in memory: pairs of a name and a tuple of uint8 ``[h, w, 3]``. ``source`` says where from."""
    return ImageList(
        items=named,
        names=[name for name, _ in named],
        read_item=lambda item: item[1],
        item_key=lambda item: f"{source} {item[0]}",
        parts=tuple(range(len(named[0][1]))),
    )


def split_halves(image):
    """An image ``[h, 2 w, 3]`` into its left and right half.

    Raises:
        ValueError: for an odd width.
    """
    left, right = np.split(image, 2, axis=1)
    return left, right


def _read_files(paths):
    return tuple(decode(Path(path).read_bytes()) for path in paths)


def _read_halves(paths):
    return split_halves(decode(Path(paths[0]).read_bytes()))


def _files_key(paths):
    states = [(os.path.realpath(path), os.stat(path)) for path in paths]
    return " ".join(f"{path} {state.st_size} {state.st_mtime_ns}" for path, state in states)


def _halves_key(paths):
    return f"{_files_key(paths)} halves"
