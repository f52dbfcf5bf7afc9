"""Lists of images, which know the images' names and how to read them."""

import hashlib
import os
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from utils.images import decode, with_depth


@dataclass(frozen=True, eq=False)
class ImageList(ABC):
    """A list of images, or of pairs of images. Subclasses define how an image is read.

    Attributes:
        items: one for each image or pair. Subclasses define what an item is.
        names: the names of the images in messages and on pages. They are unique in a data set.
        parts: which images of an item to use, and in which order: ``(0,)`` for a single image, ``(0, 1)`` for a pair,
            ``(1, 0)`` for a swapped pair.
        dtype: type of the images that `read` returns: uint8 or uint16. 8-bit images are scaled to uint16.
    """

    items: list
    names: list
    parts: tuple = (0,)
    dtype: type = np.uint8

    def __len__(self):
        return len(self.items)

    @abstractmethod
    def read(self, index):
        """Read item ``index``: a tuple of one or two images, RGB ``[h, w, 3]`` of the list's dtype."""

    @abstractmethod
    def item_key(self, index):
        """Return a key that changes whenever the pixels of item ``index`` may have changed."""

    @abstractmethod
    def content(self, index):
        """Return the stored bytes of item ``index``, before they are decoded."""

    def digest(self, index):
        """Compute a digest of `content` and `parts`. Unlike `cache_key`, it does not depend on the folder."""
        return hashlib.sha256(self.content(index) + str(self.parts).encode()).hexdigest()[:16]

    def cache_key(self, index):
        """Return a key that changes whenever ``read(index)`` may return other pixels."""
        return f"{self.item_key(index)} {self.parts} {np.dtype(self.dtype)}"

    def part(self, number):
        """Return the list of the first images of all pairs (``number`` 0) or of the second images (1)."""
        return replace(self, parts=(self.parts[number],))

    def swapped(self):
        """Return the list with the two images of each pair swapped."""
        return replace(self, parts=self.parts[::-1])

    def take(self, indices):
        """Return the list of the images with these indices, in this order. An index may occur more than once."""
        return replace(
            self, items=[self.items[index] for index in indices], names=[self.names[index] for index in indices]
        )


@dataclass(frozen=True, eq=False)
class FileImages(ImageList):
    """Images in files. An item is a tuple of one path, or of two paths for a pair in two files.

    Attributes:
        halves: whether each file holds a pair, two halves side by side.
    """

    halves: bool = False

    def read(self, index):
        """See `ImageList.read`."""
        paths = self.items[index]
        if self.halves:
            both = split_halves(with_depth(decode(Path(paths[0]).read_bytes()), self.dtype))
            return tuple(both[part] for part in self.parts)
        return tuple(with_depth(decode(Path(paths[part]).read_bytes()), self.dtype) for part in self.parts)

    def item_key(self, index):
        """Return the paths, sizes and modification times of the item's files."""
        states = [(os.path.realpath(path), os.stat(path)) for path in self.items[index]]
        key = " ".join(f"{path} {state.st_size} {state.st_mtime_ns}" for path, state in states)
        return f"{key} halves" if self.halves else key

    def content(self, index):
        """Return the bytes of the item's files."""
        return b"".join(Path(path).read_bytes() for path in self.items[index])


@dataclass(frozen=True, eq=False)
class ArrayImages(ImageList):
    """Images in memory. An item is a tuple of one array, or two for a pair, uint8 or uint16 ``[h, w, 3]``.

    Attributes:
        origin: a text that says where the arrays come from. Arrays with the same origin and name count as equal.
    """

    origin: str = ""

    def read(self, index):
        """See `ImageList.read`."""
        return tuple(with_depth(self.items[index][part], self.dtype) for part in self.parts)

    def item_key(self, index):
        """Return the item's origin and name."""
        return f"{self.origin} {self.names[index]}"

    def content(self, index):
        """Return the bytes of the item's pixels."""
        return b"".join(array.tobytes() for array in self.items[index])


def file_images(items, folder, *, halves=False, dtype=np.uint8):
    """Make a list of image files. Their names are paths relative to ``folder``, such as ``cats/001.jpg``.

    Args:
        items: paths, or tuples of two paths for pairs. A pair is named after its first file.
        folder: the folder that the names are relative to.
        halves: as in `FileImages`.
        dtype: as in `ImageList`.
    """
    paths = [item if isinstance(item, tuple) else (item,) for item in items]
    images_per_item = 2 if halves else max((len(item) for item in paths), default=1)
    names = [os.path.relpath(item[0], folder) for item in paths]
    return FileImages(items=paths, names=names, parts=tuple(range(images_per_item)), dtype=dtype, halves=halves)


def array_images(arrays, origin):
    """Make a list of arrays. ``arrays`` is a dict from each name to an item of `ArrayImages`."""
    items = [*arrays.values()]
    return ArrayImages(items=items, names=[*arrays], parts=tuple(range(len(items[0]))), origin=origin)


def joined(lists):
    """Join lists of the same kind."""
    first, *others = lists
    items = [item for images in (first, *others) for item in images.items]
    names = [name for images in (first, *others) for name in images.names]
    return replace(first, items=items, names=names)


def split_halves(image):
    """Split an image ``[h, 2 w, 3]`` into its left and right halves.

    Raises:
        ValueError: if the width is odd.
    """
    left, right = np.split(image, 2, axis=1)
    return left, right
