"""Open the page: its methods, its samples and its temporary files."""

import os
import tempfile
from pathlib import Path

import datasets
from app.methods import MapMethod, RunMethod
from engine import QuickFitter, stopped_by_signals
from models import PairFitter
from utils import UserError, warn
from utils.images import as_mask, examine, to_photograph, write_photograph

MAX_MEGAPIXELS = 50  # of an image, in millions of pixels
SAMPLES = ("coffee", "rocket", "chelsea", "astronaut", "stereo_motorcycle", "hubble_deep_field")


def open_demo(runs, *, host, steps=None):
    """Open the page and serve it until Ctrl-C. Visitors' files are in a temporary folder, which is deleted at the end.

    Args:
        runs: a dict from a run's folder to its options. The page always offers a fit to the pair, and one pass of the
            network that comes with the project.
        host: the address to serve the page at.
        steps: the number of steps of a fit, or None for the default.

    Raises:
        UserError: if a run has no checkpoint, or if the address cannot be used.
    """
    methods = [
        MapMethod("fit to this pair", PairFitter(steps), takes_proportions=True),
        MapMethod("network, one pass", QuickFitter(), takes_proportions=False),
        *(RunMethod(options, run) for run, options in runs.items()),
    ]
    with tempfile.TemporaryDirectory(prefix="huenet-demo-") as folder, stopped_by_signals():
        os.environ["GRADIO_TEMP_DIR"] = f"{folder}/gradio"  # gradio reads it on import
        from app.page import serve

        photographs = datasets.sample_photographs()
        samples = {name: photographs[name] for name in SAMPLES}
        files = {"read": read_upload, "read_mask": read_mask, "write": write_photograph}
        serve(methods, samples, files, host=host, folder=Path(folder))


def read_upload(path, convert=to_photograph):
    """Read the image in a file that a visitor has chosen as a `Photograph`, with `utils.images.examine`.

    Raises:
        UserError: if the file cannot be read as an image, or has more than MAX_MEGAPIXELS.
    """
    try:
        image, notes = examine(Path(path).read_bytes(), MAX_MEGAPIXELS, convert=convert)
    except (ValueError, MemoryError) as error:
        raise UserError(f"{Path(path).name} cannot be used: {error}; choose another file") from None
    for note in notes:
        warn(f"{Path(path).name}: {note}")
    return image


def read_mask(path):
    """Read the mask in a file, ``[h, w, 1]``, as `read_upload` does. It must not be black everywhere."""
    mask = read_upload(path, as_mask)
    if not mask.any():
        raise UserError(f"{Path(path).name} is black everywhere, so that no pixel counts; choose another mask")
    return mask
