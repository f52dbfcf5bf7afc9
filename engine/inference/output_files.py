"""The image file of a translation: a single output, or a sheet of several. It is checked before any slow work."""

import os

import numpy as np
from PIL import Image, ImageOps

from utils import UserError, check_file
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


def check_sheet_size(out, sources, references, *, cell):
    """Raise a UserError if the result of `translation_sheet`, with the same arguments, is too large for its format."""
    height, width = cell
    heads = any(reference is not None for reference in references)
    sheet = (heads + len(sources)) * height, (1 + len(references)) * width
    check_size(out, sources[0].shape[:2] if len(sources) == len(references) == 1 else sheet)


def _to_cell(image, cell):
    return np.asarray(ImageOps.pad(Image.fromarray(with_depth(image, np.uint8)), cell[::-1], color="white"))
