"""A fitted map of colors as a file: a look for other programs."""

import os
from pathlib import Path

from utils import UserError
from utils.colors import write_cube, write_hald

SIZE = 33  # entries along each axis of a .cube
SUFFIXES = (".cube", ".png")


def check_look(path, *, size, pairs, local):
    """Raise a UserError, before any work, where `write_look` cannot write the map of these pairs.

    Args:
        path: the file's path.
        size: entries along each axis of a .cube, or None.
        pairs: the number of pairs of a source and a reference.
        local: whether the map depends on the place in the image.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise UserError(f"--lut: got {path}, takes a file that ends in .cube, or in .png for a Hald image")
    if size and suffix != ".cube":
        raise UserError("--lut_size: a Hald image has 64 entries along each axis; leave it out, or give a .cube file")
    if pairs > 1:
        raise UserError(f"--lut: got {pairs} pairs, writes the look of one; give one source and one reference")
    if local:
        raise UserError(
            "--lut: a table has one output for each color, and --local has several; leave one of the two out"
        )
    if not os.path.isdir(Path(path).absolute().parent):
        raise UserError(f"--lut: there is no folder {Path(path).absolute().parent}; make it, or give another path")


def write_look(path, color_map, *, size, strength):
    """Write a `models.ColorMap` at a strength as a .cube file or, by the suffix .png, as a Hald image of level 8."""
    path = Path(path)
    if path.suffix.lower() == ".cube":
        write_cube(path, color_map.sample(size or SIZE, strength), title=path.stem)
    else:
        write_hald(path, color_map.sample(64, strength))
