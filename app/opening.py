"""Open the page: its methods, its samples and its temporary files."""

import os
import tempfile
from pathlib import Path

import datasets
from app.methods import FitMethod, RunMethod
from engine import stopped_by_signals
from utils import UserError
from utils.images import examine, write_image

MOST_PIXELS = 50_000_000  # of an image
SAMPLES = ("coffee", "rocket", "chelsea", "astronaut", "stereo_motorcycle", "hubble_deep_field")


def open_demo(runs, *, host, steps=None):
    """Open the page, and serve it until Ctrl-C. Files of its visitors lie in a temporary folder, which goes with it.

    Args:
        runs: a dict of runs' folders to their options. Beside them, the page offers a fit to the pair.
        host: the address that the page is served at.
        steps: of a fit, or None.

    Raises:
        UserError: for a run without a checkpoint, and an address that cannot be had.
    """
    methods = [FitMethod(steps), *(RunMethod(options, run) for run, options in runs.items())]
    with tempfile.TemporaryDirectory(prefix="huenet-demo-") as folder, stopped_by_signals():
        os.environ["GRADIO_TEMP_DIR"] = f"{folder}/gradio"  # which gradio reads when it is imported
        from app.page import serve

        photographs = datasets.sample_photographs()
        samples = {name: photographs[name] for name in SAMPLES}
        serve(methods, samples, read=read_upload, write=write_image, host=host, folder=Path(folder))


def read_upload(path):
    """The image in a file that a visitor has chosen, as `utils.images.examine`.

    Raises:
        UserError: for a file that cannot be read, and more than MOST_PIXELS pixels.
    """
    try:
        return examine(Path(path).read_bytes(), MOST_PIXELS)
    except ValueError as error:
        raise UserError(f"{Path(path).name} cannot be used: {error}; choose another file") from None
