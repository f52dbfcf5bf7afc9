"""What the page does when something is chosen, moved or dragged. It keeps each window's `Session`."""

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
from utils.images import shrink, to_float, with_depth

SCREEN = 896  # pixels of the longer side of what is shown
CHART = 256  # and of what its histograms are made of
JOINT_BINS = 64
LOOK_SIZE = 33  # entries along each axis of a .cube


class _GivenUp(Exception):
    """The work was cancelled, or something else was asked for."""


class Events:
    """The page's functions.

    Args:
        methods: the ways to make an output, of `app.methods.Method`.
        samples: images to choose from.
        read: a function of a file's path to its image.
        write: a function of a path and an image, which writes it.
        folder: of the files that are downloaded.
    """

    def __init__(self, methods, samples, *, read, write, folder):
        self._methods = {method.label: method for method in methods}
        self._samples, self._read, self._write, self._folder = samples, read, write, folder

    def choose_file(self, name, session, path):
        """Choose an image file as the session's ``source`` or ``reference``; none where it cannot be read.
        Returns it as it is shown, and what else of the page changes."""
        try:
            image = self._read(path)
        except UserError as error:
            gr.Warning(str(error), title="")
            return None, *self.clear(name, session)
        return self._choose(name, session, image)

    def choose_sample(self, name, session, place):
        """The same of a sample."""
        return self._choose(name, session, self._samples[place])

    def _choose(self, name, session, image):
        chosen = Chosen(image, shrink(image, SCREEN))
        setattr(session, name, chosen)
        return with_depth(chosen.screen, np.uint8), gr.skip(), gr.skip(), *self.start(session)

    def clear(self, name, session):
        """Choose none. Nothing is shown any more."""
        setattr(session, name, None)
        session.made = None
        return None, None, *self.start(session)

    def choose_method(self, session, label):
        """Choose a method by its label.

        Returns which buttons can be seen, whether what concerns a reference can, and whether what concerns a fit can.
        """
        session.label, method = label, self._methods[label]
        return *self.start(session), *_visible(method.takes_reference, 3), *_visible(method.fits, 2)

    def choose_proportions(self, session, proportions):
        """Choose how much a fit keeps the reference's proportions, from 0 to 1."""
        session.proportions = proportions
        return self.start(session)

    def edit(self, session, curves):
        """Take the histograms that were edited in the curve editor, whose value ``curves`` is."""
        session.edits = edits_of(curves)
        return self.start(session)

    def start(self, session):
        """Ask for an output, if there is what it is made of. Returns which buttons can be seen."""
        takes_reference = self._methods[session.label].takes_reference
        session.ask(session.source is not None and (session.reference is not None or not takes_reference))
        return _buttons("Cancel") if session.wanted else _buttons()

    def cancel(self, session):
        """Give up what is at work, or waits for its turn."""
        session.ask(False)
        return _buttons("Start")

    def work(self, session, strength, progress):
        """Make what was asked for.

        Args:
            session: `Session`.
            strength: from 0 to 1.
            progress: a function of the share that is done.

        Returns:
            Source and output, the curve editor's value, and which buttons can be seen; nothing new where the work was
            given up.
        """
        nothing_new, turn = tuple(gr.skip() for _ in range(4)), session.turn
        if not session.wanted:
            return nothing_new

        def on_progress(share):
            if session.turn != turn:
                raise _GivenUp  # what is asked for now has its own call
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
        wanted = Made(session.label, session.source, reference, session.proportions if method.fits else 0.0)
        screens = wanted.source.screen, wanted.reference.screen
        prepare = partial(method.prepare, *screens, proportions=session.proportions, on_progress=on_progress)
        if made is None or not made.is_for(wanted):
            prepared = prepare({})
            made = wanted._replace(
                original=method.histogram(shrink(screens[1], CHART)), unedited=prepared, prepared=prepared, edits={}
            )
        elif made.edits is not edits:
            made = made._replace(prepared=prepare(edits) if edits else made.unedited, edits=edits)
        on_progress(1.0)
        session.made, session.edits = made, made.edits

    def show(self, session, strength):
        """Source and output, and the curve editor's value."""
        made = session.made
        if made is None:
            return gr.skip(), gr.skip()
        method, source = self._methods[made.label], made.source.screen
        shown = method.source(source), method.translate(made.prepared, source, strength)
        charted = {name: shrink(image, CHART) for name, image in zip(("source", "output"), shown, strict=True)}
        histograms = {name: method.histogram(image) for name, image in charted.items()}
        value = curves_value(
            histograms,
            original=made.original,
            edits=made.edits,
            joint=_joint(**charted),
            color_space=method.color_space,
            editable=method.takes_reference,
        )
        return tuple(with_depth(image, np.uint8) for image in shown), value

    def change_strength(self, session, strength):
        """`show`, for the page's slider."""
        with shown_on_the_page():
            return self.show(session, strength)

    def download(self, session, strength):
        """Write a PNG of the output, as large and as deep as the source. Yields its path: gradio copies it."""
        made = session.made
        if made is None:
            raise gr.Error("There is no output yet: choose a source and a reference", print_exception=False)
        with shown_on_the_page():
            output = self._methods[made.label].translate(made.prepared, made.source.whole, strength)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder, "output.png")
            self._write(path, output)
            yield str(path)

    def download_look(self, session, strength):
        """Write the fitted map as a .cube file. Yields its path: gradio copies it."""
        made = session.made
        if made is None or not self._methods[made.label].fits:
            raise gr.Error("There is no look yet: choose a source and a reference", print_exception=False)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder, "look.cube")
            write_cube(path, made.prepared.sample(LOOK_SIZE, strength), title="look")
            yield str(path)


@contextlib.contextmanager
def shown_on_the_page():
    """Show a UserError inside the block as a sentence on the page."""
    try:
        yield
    except UserError as error:
        raise gr.Error(str(error), print_exception=False) from None


def visibility(seen):
    """gradio's ``visible``. What cannot be seen stays on the page, since gradio forgets the words of what is not."""
    return True if seen else "hidden"


def _visible(seen, count):
    return (gr.update(visible=visibility(seen)) for _ in range(count))


def _buttons(*seen):
    """Updates of the buttons Cancel and Start, of which these can be seen. gradio changes an update, and forgets the
    words of a button that is not seen: so all are made anew."""
    return tuple(gr.update(value=word, visible=word in seen) for word in ("Cancel", "Start"))


def _joint(source, output):
    """The joint histogram of the lightness of two images: ``[K, K]``."""
    lightness = (to_network(to_float(image)[None], "yuv", 1) for image in (source, output))
    return joint_histogram(*lightness, JOINT_BINS).numpy()[0, 0]
