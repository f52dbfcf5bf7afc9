"""The functions that the page's events call. They update the `Session` of the window."""

import contextlib
import tempfile
from functools import partial
from pathlib import Path

import gradio as gr
import numpy as np

from app.curve_editor import curves_value, edits_of
from app.session import Chosen, Made
from histogram_layers import joint_histogram
from utils import UserError
from utils.colors import to_network, write_cube
from utils.images import Photograph, drawn_pixels, shrink, to_float, with_depth

SCREEN = 896  # pixels of the longer side of the images that the page shows
CHART = 256  # pixels of the longer side of the images whose histograms it shows
JOINT_BINS = 64
LOOK_SIZE = 33  # entries along each axis of a .cube


class _GivenUp(Exception):
    """The work was cancelled, or a newer request replaced it."""


class Events:
    """The page's functions.

    Args:
        methods: a list of `app.methods.Method`.
        samples: a list of sample images, RGB.
        read: a function that takes a file's path and returns its `utils.images.Photograph`.
        read_mask: a function that takes a file's path and returns its mask, ``[h, w, 1]``.
        write: a function that takes a path and a photograph, and writes it.
        folder: the folder for files to download.
    """

    def __init__(self, methods, samples, *, read, read_mask, write, folder):
        self._methods = {method.label: method for method in methods}
        self._samples, self._read, self._read_mask = samples, read, read_mask
        self._write, self._folder = write, folder

    def choose_file(self, name, session, path):
        """Choose an image file as the session's ``source`` or ``reference``, as ``name`` says. Clear it if the file
        cannot be read. Return the image to show and the updates of the page."""
        try:
            image = self._read(path)
        except UserError as error:
            gr.Warning(str(error), title="")
            return None, *self.clear(name, session)
        return self._choose(name, session, image)

    def choose_sample(self, name, session, place):
        """Choose sample number ``place``; otherwise as `choose_file`."""
        return self._choose(name, session, Photograph(self._samples[place]))

    def choose_mask(self, session, path=None):
        """Choose the source's mask, or remove it without a path. Return its image and the updates of the page."""
        try:
            session.mask = path and self._read_mask(path)
        except UserError as error:
            gr.Warning(str(error), title="")
            session.mask = None
        if session.source:
            session.source = _chosen(session.source.whole.masked(session.mask))
        shown = None if session.mask is None else with_depth(session.mask[..., 0], np.uint8)
        return shown, gr.skip(), gr.skip(), *self.start(session)

    def _choose(self, name, session, photograph):
        chosen = _chosen(photograph.masked(session.mask) if name == "source" else photograph)
        setattr(session, name, chosen)
        return with_depth(chosen.screen.on_white, np.uint8), gr.skip(), gr.skip(), *self.start(session)

    def clear(self, name, session):
        """Clear the source or the reference, and remove the output from the page. Return the updates of the page."""
        setattr(session, name, None)
        session.made = None
        return None, None, *self.start(session)

    def choose_method(self, session, label):
        """Choose a method by its label.

        Return the updates of the buttons, of the components for a reference, of the proportions, and of the button for
        a look.
        """
        session.label, method = label, self._methods[label]
        seen = (*[method.takes_reference] * 3, method.takes_proportions, method.makes_map)
        return *self.start(session), *(gr.update(visible=visibility(each)) for each in seen)

    def choose_proportions(self, session, proportions):
        """Choose how closely a fit matches the reference's proportions of colors, from 0 to 1."""
        session.proportions = proportions
        return self.start(session)

    def edit(self, session, curves):
        """Take the edited histograms from ``curves``, the value of the curve editor."""
        session.edits = edits_of(curves)
        return self.start(session)

    def start(self, session):
        """Request an output if all images that it needs are chosen. Return the updates of the buttons."""
        takes_reference = self._methods[session.label].takes_reference
        session.ask(session.source is not None and (session.reference is not None or not takes_reference))
        return _buttons("Cancel") if session.wanted else _buttons()

    def cancel(self, session):
        """Stop the work in progress, or drop the waiting request. Return the updates of the buttons."""
        session.ask(False)
        return _buttons("Start")

    def work(self, session, strength, progress):
        """Make the requested output.

        Args:
            session: the window's `Session`.
            strength: a number from 0 to 1.
            progress: a function that is called with the finished fraction of the work.

        Returns:
            The pair of source and output, the curve editor's value, and the updates of the two buttons. If the work was
            stopped, nothing on the page changes.
        """
        nothing_new, turn = tuple(gr.skip() for _ in range(4)), session.turn
        if not session.wanted:
            return nothing_new

        def on_progress(share):
            if session.turn != turn:
                raise _GivenUp  # the newer request has its own call
            progress(share, desc="Fitting the colors")

        try:
            self._make(session, on_progress)
            shown = self.show(session, strength)
            on_progress(1.0)
            return *shown, *_buttons()
        except _GivenUp:
            return nothing_new
        except UserError as error:
            gr.Warning(str(error), title="")
            return *nothing_new[:2], *_buttons()

    def _make(self, session, on_progress):
        """Bring ``session.made`` up to date."""
        method, made, edits = self._methods[session.label], session.made, session.edits
        reference = session.reference if method.takes_reference else session.source
        proportions = session.proportions if method.takes_proportions else 0.0
        wanted = Made(session.label, session.source, reference, proportions)
        screens = [chosen.screen.weighted for chosen in (wanted.source, wanted.reference)]
        if not (wanted.source.screen.counts and wanted.reference.screen.counts):
            raise UserError("No pixel counts: all are transparent, or the mask is black where they are not.")
        prepare = partial(method.prepare, *screens, proportions=session.proportions, on_progress=on_progress)
        if made is None or not made.is_for(wanted):
            prepared = prepare({})
            made = wanted._replace(
                original=method.histogram(_charted(wanted.reference.screen)),
                unedited=prepared,
                prepared=prepared,
                edits={},
            )
        elif made.edits is not edits:
            made = made._replace(prepared=prepare(edits) if edits else made.unedited, edits=edits)
        on_progress(1.0)
        session.made, session.edits = made, made.edits

    def show(self, session, strength):
        """Return the pair of source and output, and the curve editor's value."""
        made = session.made
        if made is None:
            return gr.skip(), gr.skip()
        method, source = self._methods[made.label], made.source.screen
        output = source.recolored(method.translate(made.prepared, source.filled, strength))
        shown = {"source": source._replace(rgb=method.source(source.filled)), "output": output}
        charted = {name: _charted(photograph) for name, photograph in shown.items()}
        histograms = {name: method.histogram(image) for name, image in charted.items()}
        value = curves_value(
            histograms,
            original=made.original,
            edits=made.edits,
            joint=_joint(**charted),
            color_space=method.color_space,
            editable=method.takes_reference,
        )
        return tuple(with_depth(photograph.on_white, np.uint8) for photograph in shown.values()), value

    def change_strength(self, session, strength):
        """Call `show` after the strength slider moved. Show a UserError on the page."""
        with shown_on_the_page():
            return self.show(session, strength)

    def download(self, session, strength):
        """Write the output as a PNG with the source's size and depth. Yield its path, for gradio to copy the file."""
        made = session.made
        if made is None:
            raise gr.Error("There is no output yet: choose a source and a reference", print_exception=False)
        with shown_on_the_page():
            whole = made.source.whole
            output = whole.recolored(self._methods[made.label].translate(made.prepared, whole.filled, strength))
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder, "output.png")
            self._write(path, output)
            yield str(path)

    def download_look(self, session, strength):
        """Write the color map as a .cube file. Yield its path, for gradio to copy the file."""
        made = session.made
        if made is None or not self._methods[made.label].makes_map:
            raise gr.Error("There is no look yet: choose a source and a reference", print_exception=False)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder, "look.cube")
            write_cube(path, made.prepared.sample(LOOK_SIZE, strength), title="look")
            yield str(path)


@contextlib.contextmanager
def shown_on_the_page():
    """Show the message of a UserError inside the block on the page."""
    try:
        yield
    except UserError as error:
        raise gr.Error(str(error), print_exception=False) from None


def _chosen(photograph):
    return Chosen(photograph, photograph.shrunk(SCREEN))


def _charted(photograph):
    """Return the image ``[h, w, 3]`` whose histograms the page shows: a small copy, or pixels drawn by weight."""
    return drawn_pixels(shrink(photograph.weighted, CHART), CHART)


def visibility(seen):
    """Return the value for gradio's ``visible``. A hidden component stays on the page, because gradio forgets the text
    of one that is removed."""
    return True if seen else "hidden"


def _buttons(*seen):
    """Return the updates of the buttons Cancel and Start. Only the buttons in ``seen`` are visible. Each update is new
    and sets the text, because gradio changes updates and forgets the text of a removed button."""
    return tuple(gr.update(value=word, visible=word in seen) for word in ("Cancel", "Start"))


def _joint(source, output):
    """Compute the joint histogram of the lightness of two images, ``[K, K]``."""
    lightness = (to_network(to_float(image)[None], "yuv", 1) for image in (source, output))
    return joint_histogram(*lightness, JOINT_BINS).numpy()[0, 0]
