"""Lists of images: their names, and how each is read."""

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
        names: the images' names, for messages and pages; unique in a data set.
        parts: which images of an item are used, and in which order: ``(0,)`` for a single image, ``(0, 1)`` for a pair,
            ``(1, 0)`` for a swapped pair.
        dtype: type of the images that are read: uint8, or uint16, to which 8-bit images are scaled.
    """

    items: list
    names: list
    parts: tuple = (0,)
    dtype: type = np.uint8

    def __len__(self):
        return len(self.items)

    @abstractmethod
    def read(self, index):
        """Image ``index``, RGB ``[h, w, 3]`` of the list's dtype: a tuple of one image, or of the two of a pair."""

    @abstractmethod
    def item_key(self, index):
        """A key that changes whenever the pixels of item ``index`` may have changed."""

    @abstractmethod
    def content(self, index):
        """The bytes that item ``index`` is read from."""

    def digest(self, index):
        """A digest of the data behind ``read(index)``. Unlike `cache_key`, it does not depend on the folder."""
        return hashlib.sha256(self.content(index) + str(self.parts).encode()).hexdigest()[:16]

    def cache_key(self, index):
        """A key that changes whenever the pixels that ``read(index)`` returns may have changed."""
        return f"{self.item_key(index)} {self.parts} {np.dtype(self.dtype)}"

    def part(self, number):
        """The list of the first images of all pairs (0) or of the second ones (1)."""
        return replace(self, parts=(self.parts[number],))

    def swapped(self):
        """The list of pairs with the two images of each pair swapped."""
        return replace(self, parts=self.parts[::-1])

    def take(self, indices):
        """The list of the images with these indices, in this order. An index may occur more than once."""
        return replace(
            self, items=[self.items[index] for index in indices], names=[self.names[index] for index in indices]
        )


@dataclass(frozen=True, eq=False)
class FileImages(ImageList):
    """Images in files. An item is a tuple of one path, or of the two paths of a pair.

    Attributes:
        halves: whether each file holds a pair, two halves side by side.
    """

    halves: bool = False

    def read(self, index):
        """As `ImageList.read`."""
        paths = self.items[index]
        if self.halves:
            both = split_halves(with_depth(decode(Path(paths[0]).read_bytes()), self.dtype))
            return tuple(both[part] for part in self.parts)
        return tuple(with_depth(decode(Path(paths[part]).read_bytes()), self.dtype) for part in self.parts)

    def item_key(self, index):
        """The paths, sizes and modification times of the item's files."""
        states = [(os.path.realpath(path), os.stat(path)) for path in self.items[index]]
        key = " ".join(f"{path} {state.st_size} {state.st_mtime_ns}" for path, state in states)
        return f"{key} halves" if self.halves else key

    def content(self, index):
        """The bytes of the item's files."""
        return b"".join(Path(path).read_bytes() for path in self.items[index])


@dataclass(frozen=True, eq=False)
class ArrayImages(ImageList):
    """Images in memory. An item is a tuple of one array ``[h, w, 3]``, uint8 or uint16, or of the two arrays of a pair.

    Attributes:
        origin: where the arrays come from. Arrays with the same origin and name are considered equal.
    """

    origin: str = ""

    def read(self, index):
        """As `ImageList.read`."""
        return tuple(with_depth(self.items[index][part], self.dtype) for part in self.parts)

    def item_key(self, index):
        """The item's origin and name."""
        return f"{self.origin} {self.names[index]}"

    def content(self, index):
        """The item's pixels."""
        return b"".join(array.tobytes() for array in self.items[index])


def file_images(items, folder, *, halves=False, dtype=np.uint8):
    """The list of these files. Their names are relative to a folder: ``cats/001.jpg``.

    Args:
        items: paths, or tuples of the two paths of a pair, which is named after the first.
        folder: the folder that names are relative to.
        halves: as in `FileImages`.
        dtype: as in `ImageList`.
    """
    paths = [item if isinstance(item, tuple) else (item,) for item in items]
    images_per_item = 2 if halves else max((len(item) for item in paths), default=1)
    names = [os.path.relpath(item[0], folder) for item in paths]
    return FileImages(items=paths, names=names, parts=tuple(range(images_per_item)), dtype=dtype, halves=halves)


def array_images(arrays, origin):
    """The list of these arrays: a dict of name to `ArrayImages`' items."""
    items = [*arrays.values()]
    return ArrayImages(items=items, names=[*arrays], parts=tuple(range(len(items[0]))), origin=origin)


def joined(lists):
    """Join lists of the same kind."""
    first, *others = lists
    items = [item for images in (first, *others) for item in images.items]
    names = [name for images in (first, *others) for name in images.names]
    return replace(first, items=items, names=names)


def split_halves(image):
    """Split an image ``[h, 2 w, 3]`` into its left and right half.

    Raises:
        ValueError: for an odd width.
    """
    left, right = np.split(image, 2, axis=1)
    return left, right
