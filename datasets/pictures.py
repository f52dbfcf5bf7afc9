"""Pictures by number: their names, and a way to read one."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from datasets.decoding import decode


@dataclass(frozen=True)
class Pictures:
    """Numbered pictures, or pairs of them.

    Attributes:
        names: of each, for people.
        read: a function from an index to RGB uint8 ``[h, w, 3]``, a tuple of one, or of the two of a pair.
        identify: a function from an index to a text that is another one whenever the pixels may be others.
        parts: 1, or 2 for pairs.
    """

    names: list
    read: Callable
    identify: Callable
    parts: int = 1

    def __len__(self):
        return len(self.names)

    def part(self, number):
        """Of pairs, one picture each: 0 the first, 1 the second."""
        return Pictures(
            self.names, lambda index: (self.read(index)[number],), lambda index: f"{self.identify(index)} {number}"
        )

    def turned_round(self):
        """Of pairs, the second first."""
        return Pictures(self.names, lambda index: self.read(index)[::-1], lambda i: f"{self.identify(i)} -1", 2)


def file_pictures(items, halves=False):
    """Picture files: each item is a path, a path of two ``halves`` side by side, or a tuple of two paths."""
    together = [item if isinstance(item, tuple) else (item,) for item in items]

    def read(index):
        pictures = tuple(decode(Path(path).read_bytes()) for path in together[index])
        return halves_of(*pictures) if halves else pictures

    def identify(index):
        states = [(os.path.realpath(path), os.stat(path)) for path in together[index]]
        return " ".join(f"{path} {state.st_size} {state.st_mtime_ns}" for path, state in states) + " halves" * halves

    parts = 2 if halves else max((len(paths) for paths in together), default=1)
    return Pictures([Path(paths[0]).stem for paths in together], read, identify, parts)


def array_pictures(named, source):
    """Pictures in memory: pairs of a name and a tuple of uint8 arrays ``[h, w, 3]``; ``source`` says where from."""
    names = [name for name, _ in named]
    return Pictures(names, lambda index: named[index][1], lambda index: f"{source} {names[index]}", len(named[0][1]))


def halves_of(picture):
    """A picture ``[h, 2 w, 3]`` into its left and right half.

    Raises:
        ValueError: for an odd width.
    """
    left, right = np.split(picture, 2, axis=1)
    return left, right
