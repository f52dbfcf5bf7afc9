"""The page: its layout, and the connection of its events to the functions of events.py."""

import threading
from functools import partial
from pathlib import Path
from typing import NamedTuple

import gradio as gr

from app.curve_editor import curve_editor
from app.events import Events, visibility
from app.session import PROPORTIONS, Session
from utils import UserError
from utils.images import save_image, shrink

TITLE = "HueNet"
INTRODUCTION = "# Give a photograph the colors of another\nDrop two images, or choose from the samples."
HEIGHT = 600  # maximum height of source and output in pixels
SAMPLE_SIDE = 256  # pixels of the longer side of a sample
KEPT = 600  # seconds that uploads and outputs are kept in the temporary folder
LARGEST_FILE = "400mb"
# Two calls at once would share the CPU cores and the state of a method.
ONE_AT_A_TIME = {"concurrency_limit": 1, "concurrency_id": "models"}
FONTS = ("system-ui", "sans-serif")  # no font is downloaded


def serve(methods, samples, files, *, host, folder):
    """Serve the page until it is interrupted.

    Args:
        methods: a list of `app.methods.Method` for the menu.
        samples: a dict from names to sample images, uint8 ``[H, W, 3]``.
        files: a dict of the functions ``read``, ``read_mask`` and ``write``, which `Events` takes.
        host: the address to serve the page at.
        folder: the folder for temporary files.

    Raises:
        UserError: if the address cannot be used.
    """
    events = Events(methods, [*samples.values()], **files, folder=folder)
    page = build_page(methods, _write_samples(samples, folder), events)
    try:
        page.launch(
            server_name=host,
            prevent_thread_lock=True,
            theme=gr.themes.Default(primary_hue="blue", font=FONTS, font_mono=FONTS),
            css_paths=Path(__file__).parent / "page.css",
            footer_links=[],
            max_file_size=LARGEST_FILE,
            quiet=True,
            run_history=False,
            ssr_mode=False,
            enable_monitoring=False,
        )
    except OSError as error:
        raise UserError(f"--host {host} cannot be used ({error}); leave it out, or give another address") from None
    print(f"the demo: {page.local_url} (Ctrl-C ends it)", flush=True)
    try:
        threading.Event().wait()
    finally:
        page.close(verbose=False)


def _write_samples(samples, folder):
    """Write a small copy of each sample and return the paths."""
    paths = [folder / "samples" / f"{name}.png" for name in samples]
    for path, image in zip(paths, samples.values(), strict=True):
        save_image(path, shrink(image, SAMPLE_SIDE))
    return paths


class Parts(NamedTuple):
    """The components of the page that events read or change.

    Attributes:
        inputs: a dict from ``"source"`` and ``"reference"`` to a pair of components: the image and its samples.
        mask: the source's mask.
        menu: the menu of methods.
        compare: source and output, one over the other.
        strength, proportions: sliders.
        cancel, start, download, look: buttons. ``look`` downloads the color map.
        curves: the curve editor.
        written: a hidden button that sends a written file to the browser.
    """

    inputs: dict
    mask: gr.Image
    menu: gr.Dropdown
    compare: gr.ImageSlider
    strength: gr.Slider
    proportions: gr.Slider
    cancel: gr.Button
    start: gr.Button
    download: gr.Button
    look: gr.Button
    curves: gr.HTML
    written: gr.DownloadButton


def build_page(methods, paths, events):
    """Build the page, a `gr.Blocks`.

    Args:
        methods: a list of `app.methods.Method`.
        paths: a list of the samples' files.
        events: the page's `Events`.
    """
    labels = [method.label for method in methods]
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(KEPT // 2, KEPT)) as page:
        session = gr.State(Session(labels[0]))  # each browser window gets its own copy
        gr.Markdown(INTRODUCTION, elem_id="introduction")
        parts = _lay_out(methods, paths)
        _connect(parts, session, events)

        def forget(request: gr.Request):
            # Without this, gradio keeps the images of a closed window for an hour.
            window = page.state_holder.session_data.pop(request.session_hash, None)
            if window:
                window[session._id].forget()

        page.unload(forget)
    return page


def _lay_out(methods, paths):
    """Place inputs on the left, outputs and controls on the right. The first method decides which are visible."""
    labels, first = [method.label for method in methods], methods[0]
    visible = visibility(first.takes_reference)
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=280):
            inputs = {"source": _image_input("source", paths)}
            with gr.Accordion("Mask of the source", open=False, elem_id="mask-part"):
                mask = _file_input("mask", "White is recolored, black stays", height=120)
            inputs["reference"] = _image_input("reference", paths, visible=visible)
            menu = gr.Dropdown(labels, label="Method", elem_id="menu")
        with gr.Column(scale=5, min_width=300):
            compare = _compare()
            with gr.Row(elem_id="controls", equal_height=True):
                strength = _slider("strength", 1, visible=visible)
                proportions = _slider("proportions", PROPORTIONS, visible=visibility(first.takes_proportions))
                cancel, start = (gr.Button(visible=False, elem_id=name, min_width=100) for name in ("cancel", "start"))
                makes_map = visibility(first.makes_map)
                look = gr.Button("Look (.cube)", elem_id="look", min_width=100, visible=makes_map)
                download = gr.Button("Download", variant="primary", elem_id="download", min_width=100)
            curves = curve_editor()
            written = gr.DownloadButton(visible="hidden", elem_id="written")
    return Parts(
        inputs=inputs,
        mask=mask,
        menu=menu,
        compare=compare,
        strength=strength,
        proportions=proportions,
        cancel=cancel,
        start=start,
        download=download,
        look=look,
        curves=curves,
        written=written,
    )


def _connect(parts, session, events):
    """Connect each event of the page to the function that it calls."""
    buttons = [parts.cancel, parts.start]
    shown = [parts.compare, parts.curves, *buttons]
    of_method = [*parts.inputs["reference"], parts.strength, parts.proportions, parts.look]

    def work(session, strength, progress=gr.Progress()):  # noqa: B008 gradio finds it here
        return events.work(session, strength, progress)

    asked = [
        parts.menu.input(events.choose_method, [session, parts.menu], [*buttons, *of_method]),
        parts.proportions.release(events.choose_proportions, [session, parts.proportions], buttons),
        parts.curves.input(events.edit, [session, parts.curves], buttons),
        parts.start.click(events.start, session, buttons),
    ]
    for name, (image, choices) in parts.inputs.items():
        file, sample, none = (partial(f, name) for f in (events.choose_file, events.choose_sample, events.clear))
        asked += [
            image.upload(file, [session, image], [image, *shown]),
            choices.click(sample, [session, choices], [image, *shown]),
            image.clear(none, session, shown),
        ]
    for event, given in ((parts.mask.upload, [session, parts.mask]), (parts.mask.clear, session)):
        asked.append(event(events.choose_mask, given, [parts.mask, *shown]))
    for event in asked:
        event.success(
            work,
            [session, parts.strength],
            shown,
            show_progress_on=parts.compare,
            trigger_mode="multiple",
            **ONE_AT_A_TIME,
        )
    parts.cancel.click(events.cancel, session, buttons)
    again = {"show_progress": "hidden", "trigger_mode": "always_last", "concurrency_limit": 1}
    parts.strength.change(events.change_strength, [session, parts.strength], [parts.compare, parts.curves], **again)
    for button, write in ((parts.download, events.download), (parts.look, events.download_look)):
        ready = button.click(write, [session, parts.strength], parts.written, **ONE_AT_A_TIME)
        ready.success(None, js="() => document.querySelector('#written').click()")


def _slider(name, value, *, visible):
    return gr.Slider(0, 1, value, step=0.01, label=name.capitalize(), elem_id=name, scale=3, visible=visible)


def _compare():
    return gr.ImageSlider(
        label="Source and output",
        type="numpy",
        interactive=False,
        buttons=["fullscreen"],
        elem_id="compare",
        max_height=HEIGHT,
    )


def _image_input(name, paths, visible=True):
    """Return two components: a place to drop an image, and samples to choose from."""
    image = _file_input(name, name.capitalize(), height=200, visible=visible)
    choices = gr.Dataset(
        components=[gr.Image(render=False)],
        samples=[[str(path)] for path in paths],
        type="index",
        show_label=False,
        visible=visible,
        elem_id=f"{name}-samples",
        elem_classes="samples",
    )
    return image, choices


def _file_input(name, label, *, height, visible=True):
    """Return a place to drop an image, of which events get the path."""
    image = gr.Image(
        label=label,
        sources=["upload"],
        type="filepath",
        format="png",
        buttons=[],
        height=height,
        visible=visible,
        elem_id=name,
    )
    # Pass on the path only, so that gradio does not decode the file before `Events` reads it.
    image.preprocess = lambda file: file and file.path
    return image
