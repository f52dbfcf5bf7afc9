"""What the page does when something is chosen, moved or dragged. It keeps each window's `Session`."""

import contextlib
import tempfile
from pathlib import Path

import gradio as gr
import numpy as np

from app.curve_editor import curves_value, edits_of
from app.session import Chosen, Made
from histogram_layers import joint_histogram
from utils import UserError
from utils.colors import to_network
from utils.images import shrink, to_float, with_depth

SCREEN = 896  # pixels of the longer side of what is shown
CHART = 256  # and of what its histograms are made of
JOINT_BINS = 64


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
        """Choose a method by its label. Returns which buttons can be seen, and whether what a reference needs can."""
        session.label = label
        seen = seen_with_reference(self._methods[label])
        return *self.start(session), *(gr.update(visible=seen) for _ in range(3))

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
        wanted = session.label, session.source, reference
        screens = [chosen.screen for chosen in wanted[1:]]
        if made is None or made.label != wanted[0] or made.source is not wanted[1] or made.reference is not wanted[2]:
            prepared = method.prepare(*screens, {}, on_progress=on_progress)
            made = Made(*wanted, method.histogram(shrink(screens[1], CHART)), prepared, prepared, {})
        elif made.edits is not edits:
            prepared = method.prepare(*screens, edits, on_progress=on_progress) if edits else made.unedited
            made = made._replace(prepared=prepared, edits=edits)
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


@contextlib.contextmanager
def shown_on_the_page():
    """Show a UserError inside the block as a sentence on the page."""
    try:
        yield
    except UserError as error:
        raise gr.Error(str(error), print_exception=False) from None


def seen_with_reference(method):
    """Whether a reference, its samples and the strength can be seen: gradio's ``visible``. Where they cannot, they stay
    on the page, since gradio forgets the words of what is not there."""
    return True if method.takes_reference else "hidden"


def _buttons(*seen):
    """Updates of the buttons Cancel and Start, of which these can be seen. gradio changes an update, and forgets the
    words of a button that is not seen: so all are made anew."""
    return tuple(gr.update(value=word, visible=word in seen) for word in ("Cancel", "Start"))


def _joint(source, output):
    """The joint histogram of the lightness of two images: ``[K, K]``."""
    lightness = (to_network(to_float(image)[None], "yuv", 1) for image in (source, output))
    return joint_histogram(*lightness, JOINT_BINS).numpy()[0, 0]
