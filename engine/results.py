"""What translating gives, in a file: one output, a sheet of several, or a histogram."""

import os

import numpy as np
from PIL import Image, ImageOps

import datasets
from utils import UserError, atomic_write, image_sheet, with_depth

JPEG_QUALITY = 95


def translation_sheet(sources, references, outputs, *, cell):
    """The one output, or a sheet of all outputs, which is uint8.

    Args:
        sources: a list of images ``[h, w, 3]``, uint8 or uint16.
        references: a list of images ``[h, w, 3]``, or histograms, which are not shown.
        outputs: for each source, a list of the outputs for all references.
        cell: ``(H, W)`` of the sheet's cells.
    """
    if len(sources) == len(references) == 1:
        return outputs[0][0]
    blank = np.full([*cell, 3], 255, np.uint8)
    heads = [blank if reference.ndim == 2 else reference for reference in references]
    rows = [[source, *row] for source, row in zip(sources, outputs, strict=True)]
    if any(reference.ndim == 3 for reference in references):
        rows = [[blank, *heads], *rows]
    return image_sheet([[_to_cell(image, cell) for image in row] for row in rows])


def check_image_name(out):
    """Raise a UserError unless ``out`` ends as the name of an image."""
    if os.path.splitext(out)[1].lower() not in datasets.SUFFIXES:
        raise UserError(f"--out: got {out}, takes a file that ends in {', '.join(datasets.SUFFIXES)}")


def save(path, result):
    """Write an image ``[H, W, 3]``, or a histogram ``[C, K]`` as an .npy file.

    An image of 16 bits keeps them in PNG and TIFF, and loses 8 in other formats.
    """
    suffix = os.path.splitext(path)[1].lower()
    try:
        with atomic_write(path) as temporary:
            if result.ndim == 2:
                np.save(temporary, result)
            elif result.dtype == np.uint16 and suffix in datasets.SIXTEEN_BIT_SUFFIXES:
                temporary.write_bytes(datasets.encode_sixteen_bits(result, suffix))
            else:
                Image.fromarray(with_depth(result, np.uint8)).save(temporary, quality=JPEG_QUALITY)
    except OSError as error:
        raise UserError(f"--out {path} cannot be written: {error.strerror or error}") from None


def _to_cell(image, cell):
    return np.asarray(ImageOps.pad(Image.fromarray(with_depth(image, np.uint8)), cell[::-1], color="white"))
