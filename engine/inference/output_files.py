"""The file of a result: an image, a sheet of several, or a film. It is checked before any slow work."""

import os
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from utils import UserError, check_file, check_folder
from utils.films import WRITTEN
from utils.images import SUFFIXES, Photograph, check_size, image_sheet, with_depth


def translation_sheet(sources, references, outputs, *, cell):
    """Return the output if there is only one. Otherwise return a `Photograph` of a uint8 sheet of all outputs.

    Args:
        sources: a list of images ``[h, w, 3]``, uint8 or uint16.
        references: a list of images ``[h, w, 3]``, with None for each reference that cannot be shown.
        outputs: for each source, a list of outputs, `Photograph`, one for each reference.
        cell: the size ``(H, W)`` of each cell of the sheet.
    """
    if len(sources) == len(references) == 1:
        return outputs[0][0]
    outputs = [[output.shown for output in row] for row in outputs]
    blank = np.full([*cell, 3], 255, np.uint8)
    heads = [blank if reference is None else reference for reference in references]
    rows = [[source, *row] for source, row in zip(sources, outputs, strict=True)]
    if any(reference is not None for reference in references):
        rows = [[blank, *heads], *rows]
    return Photograph(image_sheet([[_to_cell(image, cell) for image in row] for row in rows]))


def check_image_file(out, **read):
    """Raise a UserError unless the image file ``out`` can be written. ``read``: see `utils.check_file`."""
    if os.path.splitext(out)[1].lower() not in SUFFIXES:
        raise UserError(f"--out: got {out}, takes a file that ends in {', '.join(SUFFIXES)}")
    check_file(out, "--out", **read)


def check_film_file(out, **read):
    """Raise a UserError unless the film ``out`` can be written. ``read``: see `utils.check_file`."""
    if os.path.splitext(out)[1].lower() not in WRITTEN:
        raise UserError(f"--out: got {out}, takes for a film a file that ends in {', '.join(WRITTEN)}")
    check_file(out, "--out", **read)


def check_new_folder(out):
    """Raise a UserError unless ``out`` can be made as a folder of images, or is an empty folder."""
    suffix = os.path.splitext(out)[1].lower()
    if suffix in (*SUFFIXES, *WRITTEN) and not os.path.exists(out):
        raise UserError(f"--out: got {out}, and a folder of images gives a folder; give a name without {suffix}")
    check_folder(out, "--out")


def check_apart(out, option, folder):
    """Raise a UserError if the folder ``out`` is in ``folder``, which the user gave with ``option``, or holds it."""
    first, second = (Path(os.path.realpath(path)) for path in (out, folder))
    if first.is_relative_to(second) or second.is_relative_to(first):
        raise UserError(f"--out: {out} and {option} {folder} are one folder, or one is in the other; give another")


def check_sheet_size(out, sources, references, *, cell):
    """Raise a UserError if the result of `translation_sheet`, with the same arguments, is too large for its format."""
    height, width = cell
    heads = any(reference is not None for reference in references)
    sheet = (heads + len(sources)) * height, (1 + len(references)) * width
    check_size(out, sources[0].shape[:2] if len(sources) == len(references) == 1 else sheet)


def _to_cell(image, cell):
    return np.asarray(ImageOps.pad(Image.fromarray(with_depth(image, np.uint8)), cell[::-1], color="white"))
