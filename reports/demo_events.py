"""What the demo's page does when something is chosen, moved or dragged. It keeps nothing between two calls."""

import contextlib
import tempfile
from pathlib import Path
from typing import NamedTuple

import gradio as gr
import numpy as np

import datasets
from histogram_layers import joint_histogram
from reports.curve_editor import curves_value, edits_of
from utils import UserError, to_float, to_network, with_depth

SCREEN = 896  # pixels of the longer side of what is shown
CHART = 256  # and of what its histograms are made of
JOINT_BINS = 64

# Which of the buttons Cancel and Start can be seen.
_SEEN, _HIDDEN = gr.update(visible=True), gr.update(visible=False)
BUSY, IDLE, CANCELLED = (_SEEN, _HIDDEN), (_HIDDEN, _HIDDEN), (_HIDDEN, _SEEN)
NOTHING_NEW = (gr.skip(), gr.skip(), gr.skip())


class Chosen(NamedTuple):
    """An image that was chosen: ``whole``, and a copy of the size of a ``screen``."""

    whole: np.ndarray
    screen: np.ndarray


class Made(NamedTuple):
    """What a method has prepared for a pair.

    Attributes:
        label, source, reference: the method's label and the two `Chosen` images.
        original: the reference's histogram, before it was edited.
        unedited: what the method's ``translate`` needs, and ``prepared``, the same of the edited reference.
    """

    label: str
    source: Chosen
    reference: Chosen
    original: np.ndarray
    unedited: np.ndarray
    prepared: np.ndarray


class Events:
    """The page's functions.

    Args:
        methods: the ways to make a result (engine/demo_methods.py says what they have).
        samples: images to choose from.
        read: a function of a file's path to its image.
        write: a function of a path and an image, which writes it.
        folder: of the files that are downloaded.
    """

    def __init__(self, methods, samples, *, read, write, folder):
        self._methods = {method.label: method for method in methods}
        self._samples = samples
        self._read, self._write, self._folder = read, write, folder

    def choose_file(self, path):
        """An image file's `Chosen`, and the image to show."""
        with shown_on_the_page():
            return _choose(self._read(path))

    def choose_sample(self, place):
        """The same of a sample."""
        return _choose(self._samples[place])

    def update(self, *request, made, strength, curves, progress):
        """Prepare and show what was chosen, or edited by hand.

        Args:
            request: the method's label, the source and the reference, each a `Chosen` or None.
            made: what was made before, `Made` or None.
            strength: from 0 to 1.
            curves: the value of the curve editor, or None.
            progress: gradio's; called with the share that is done.

        Yields:
            `Made`, source and output, the curve editor's value, and which buttons can be seen. While it is at work, only
            the last are new.
        """
        label, source, reference = request
        method = self._methods[label]
        if source is None or (reference is None and method.takes_reference):
            return
        edits = {}
        try:
            if made and made.label == label and made.source is source and made.reference is reference:
                edits = edits_of(curves)
            else:
                made, curves = (yield from self._begin(method, request, progress)), None
            prepared = made.unedited
            if edits:
                prepared = yield from _prepare(method, request, edits, progress=progress)
            made = made._replace(prepared=prepared)
            yield made, *self.show(made, strength, curves), *IDLE
        except UserError as error:
            gr.Warning(str(error), title="")
            yield *NOTHING_NEW, *IDLE

    def _begin(self, method, request, progress):
        prepared = yield from _prepare(method, request, {}, progress=progress)
        reference = request[2] or request[1]
        return Made(*request, method.histogram(small(reference.screen, CHART)), prepared, prepared)

    def show(self, made, strength, curves):
        """Source and output, and their histograms. ``curves`` are those that are shown now, or None."""
        if made is None:
            return gr.skip(), gr.skip()
        method, source = self._methods[made.label], made.source.screen
        shown = method.source(source), method.translate(made.prepared, source, strength)
        charted = {name: small(image, CHART) for name, image in zip(("source", "output"), shown, strict=True)}
        histograms = {name: method.histogram(image) for name, image in charted.items()}
        value = curves_value(
            histograms | {"reference": made.original},
            original=made.original,
            joint=_joint(**charted),
            color_space=method.color_space,
            editable=method.takes_reference,
        )
        if curves:
            value["reference"] = curves["reference"]
        return tuple(with_depth(image, np.uint8) for image in shown), value

    def download(self, made, strength):
        """The path of a PNG of the output at the source's own size and depth. gradio copies the file, which then goes."""
        if made is None:
            raise gr.Error("There is no result yet: choose a source and a reference", title="", print_exception=False)
        with shown_on_the_page():
            output = self._methods[made.label].translate(made.prepared, made.source.whole, strength)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder, "result.png")
            self._write(path, output)
            yield str(path)


def _choose(image):
    chosen = Chosen(image, small(image, SCREEN))
    return chosen, with_depth(chosen.screen, np.uint8)


def _prepare(method, request, edits, *, progress):
    _, source, reference = request
    work = method.prepare(source.screen, (reference or source).screen, edits)
    while True:
        try:
            share = next(work)
        except StopIteration as done:
            return done.value
        progress(share, desc="Fitting the colors")
        yield *NOTHING_NEW, *BUSY  # where a cancel ends it


@contextlib.contextmanager
def shown_on_the_page():
    """Show a UserError inside the block as a sentence on the page."""
    try:
        yield
    except UserError as error:
        raise gr.Error(str(error), title="", print_exception=False) from None


def small(image, side):
    """A copy of an image whose longer side is at most ``side``."""
    side = min(side, max(image.shape[:2]))
    return datasets.resize(image, datasets.scaled_size(image.shape[:2], (side, side), "pad"), "area")


def _joint(source, output):
    lightness = (to_network(to_float(image)[None], "yuv", 1) for image in (source, output))
    return joint_histogram(*lightness, JOINT_BINS).numpy()[0, 0]
