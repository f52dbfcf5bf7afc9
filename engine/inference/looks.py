"""Save a fitted color map as a file: a look that other programs can apply."""

from pathlib import Path

from utils import UserError, check_file
from utils.colors import write_cube, write_hald

SIZE = 33  # the number of entries along each axis of a .cube file
SUFFIXES = (".cube", ".png")


def check_look(path, *, size, pairs, local, **read):
    """Raise a UserError if `write_look` could not write the look. Call this before the map is fitted.

    Args:
        path: the path of the file to write.
        size: the number of entries along each axis of a .cube file, or None for the default.
        pairs: the number of pairs of a source and a reference.
        local: whether the color map depends on the position in the image.
        read: the files that are read, as in `utils.check_file`.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise UserError(f"--lut: got {path}, takes a file that ends in .cube, or in .png for a Hald image")
    if size and suffix != ".cube":
        raise UserError("--lut_size: a Hald image has 64 entries along each axis; leave it out, or give a .cube file")
    if pairs > 1:
        raise UserError(f"--lut: got {pairs} pairs, but a look is of one pair; give one source and one reference")
    if local:
        raise UserError(
            "--lut: a look has one output for each color, and --local has several; leave one of the two out"
        )
    check_file(path, "--lut", **read)


def write_look(path, color_map, *, size, strength):
    """Write a `models.ColorMap`, applied at ``strength``, as a .cube file or as a Hald image of level 8 (.png)."""
    path = Path(path)
    if path.suffix.lower() == ".cube":
        write_cube(path, color_map.sample(size or SIZE, strength), title=path.stem)
    else:
        write_hald(path, color_map.sample(64, strength))
