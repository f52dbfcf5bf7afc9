"""Pictures of the user's own: painted in the colours of references, one or a grid of them."""

import numpy as np
from PIL import Image, ImageOps

from utils.aside import written_aside
from utils.errors import UserError
from utils.images import sheet


def load_histogram(path, shape):
    """A reference histogram ``[C, K]`` from an .npy file.

    Raises:
        UserError: for a file that is none, or a histogram of another shape or that does not sum to 1.
    """
    try:
        histogram = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(f"--reference {path} is not a histogram: {error}") from None
    if histogram.shape != shape:
        raise UserError(f"--reference {path} has the shape {list(histogram.shape)}, and the run takes {list(shape)}")
    if not (np.all(histogram >= 0) and np.allclose(histogram.sum(-1), 1, atol=1e-4)):
        raise UserError(f"--reference {path} is not a histogram: it takes no negative bins, and channels that sum to 1")
    return histogram.astype(np.float32)


def grid(painter, sources, references, strength, cell):
    """Paint every source in the colours of every reference.

    Args:
        painter: `models.Painter`.
        sources: a list of uint8 ``[h, w, 3]``.
        references: a list of uint8 ``[h, w, 3]`` or histograms ``[C, K]``.
        strength: of the reference's histogram; the rest to 1 is the source's own.
        cell: ``(H, W)`` of a grid's cells.

    Returns:
        Of one source and one reference the output at the source's size; of more a sheet, sources from top to bottom
        and references from left to right, with what they are at its head and left.
    """
    wanted = [given[None] if given.ndim == 2 else painter.histogram(given[None]).numpy() for given in references]
    own = [painter.histogram(source[None]).numpy() for source in sources]
    outputs = [
        [painter.paint(source[None], strength * want + (1 - strength) * has).numpy()[0] for want in wanted]
        for source, has in zip(sources, own, strict=True)
    ]
    if len(sources) == len(references) == 1:
        return outputs[0][0]
    blank = np.full([*cell, 3], 255, np.uint8)
    heads = [blank if reference.ndim == 2 else reference for reference in references]
    rows = [[blank, *heads], *([source, *row] for source, row in zip(sources, outputs, strict=True))]
    return sheet([[_in_cell(picture, cell) for picture in row] for row in rows])


def save(path, result):
    """Write a picture, or a histogram to an .npy file."""
    try:
        with written_aside(path) as aside:
            if result.ndim == 2:
                np.save(aside, result)
            else:
                Image.fromarray(result).save(aside)
    except OSError as error:
        raise UserError(f"--out {path} cannot be written: {error.strerror or error}") from None


def _in_cell(picture, cell):
    return np.asarray(ImageOps.pad(Image.fromarray(picture), cell[::-1], color="white"))
