"""The demo: a page in a browser that gives photographs the colors of others."""

import contextlib
import os
import signal
import tempfile
from pathlib import Path

import datasets
import reports
from engine.demo_methods import FitMethod, RunMethod
from engine.results import save
from utils import UserError

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
    methods = [*(RunMethod(options, run) for run, options in runs.items()), FitMethod(steps)]
    with tempfile.TemporaryDirectory(prefix="huenet-demo-") as folder, _stopped_by_signals():
        os.environ["GRADIO_TEMP_DIR"] = f"{folder}/gradio"  # which gradio reads when it is imported
        photographs = datasets.sample_photographs()
        samples = {name: photographs[name] for name in SAMPLES}
        reports.serve_demo(methods, samples, read=read_upload, write=save, host=host, folder=Path(folder))


def read_upload(path):
    """The image in a file that a visitor has chosen, as `datasets.load_image`.

    Raises:
        UserError: for a file that cannot be read, and more than MOST_PIXELS pixels.
    """
    try:
        return datasets.examine(Path(path).read_bytes(), MOST_PIXELS)
    except ValueError as error:
        raise UserError(f"{Path(path).name} cannot be used: {error}; choose another file") from None


@contextlib.contextmanager
def _stopped_by_signals():
    """Let Ctrl-C, SIGTERM and a closed terminal end the block quietly, so that the temporary folder is removed."""

    def stop(number, frame):
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
