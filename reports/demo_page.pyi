"""The demo's page: its layout, and which event calls what (demo_events.py)."""

from pathlib import Path

import gradio as gr

from reports.curve_editor import curve_editor
from reports.demo_events import SCREEN, Events, small
from utils import UserError, save_image

TITLE = "HueNet"
INTRODUCTION = "# Give a photograph the colors of another\nDrop two images, or choose from the samples."
SAMPLE_SIDE = 512  # pixels of a sample's longer side
KEPT = 600  # seconds that uploads and results lie in the temporary folder
LARGEST_FILE = "400mb"
# Two at once would share the cores, and a method's state.
ONE_AT_A_TIME = {"concurrency_limit": 1, "concurrency_id": "models"}
FONTS = ("system-ui", "sans-serif")  # none is fetched

from gradio.events import Dependency

class ImageFile(gr.Image):
    """An image that is dropped, as the file that it is: nothing is decoded before the project's own reader."""

    is_template = True  # for the browser, it is a gr.Image

    def preprocess(self, payload):
        return payload and payload.path
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component


def serve_demo(methods, samples, *, read, write, host, folder):
    """Serve the page until it is interrupted.

    Args:
        methods: the ways to make a result, of which the page offers a menu. engine/demo_methods.py says what they have.
        samples: a dict of names to images to choose from, uint8 ``[H, W, 3]``.
        read, write: of `Events`.
        host: the address to serve at.
        folder: for files, which all are temporary.

    Raises:
        UserError: for an address that cannot be had.
    """
    paths = {name: folder / "samples" / f"{name}.png" for name in samples}
    for name, path in paths.items():
        save_image(path, small(samples[name], SAMPLE_SIDE))
    events = Events(methods, read=read, write=write, folder=folder)
    page = build_page(methods, samples, paths=paths, events=events)
    try:
        page.launch(
            server_name=host,
            prevent_thread_lock=True,
            theme=gr.themes.Default(font=FONTS, font_mono=FONTS, radius_size="md"),
            css_paths=Path(__file__).parent / "demo_page.css",
            footer_links=[],
            max_file_size=LARGEST_FILE,
            quiet=True,
            run_history=False,
            ssr_mode=False,
            enable_monitoring=False,
        )
    except OSError as error:
        raise UserError(f"--host {host} cannot be had ({error}); leave it out, or give another address") from None
    print(f"the demo: {page.local_url}\nCtrl-C ends it", flush=True)
    try:
        page.block_thread()
    finally:
        page.close(verbose=False)


def build_page(methods, samples, *, paths, events):
    """The `gr.Blocks` of the page. ``paths`` are those of the samples' files."""
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(KEPT // 2, KEPT)) as page:
        states = {name: gr.State() for name in ("source", "reference", "made")}
        gr.Markdown(INTRODUCTION, elem_id="introduction")
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=280):
                inputs = {name: _image_input(name, paths) for name in ("source", "reference")}
                menu = gr.Dropdown(
                    [method.label for method in methods],
                    value=methods[0].label,
                    label="How",
                    visible=len(methods) > 1,
                    elem_id="menu",
                )
            with gr.Column(scale=5, min_width=300):
                shown = {
                    "compare": gr.ImageSlider(
                        label="Source and result: drag the divider",
                        type="numpy",
                        interactive=False,
                        buttons=["fullscreen"],
                        elem_id="compare",
                        max_height=SCREEN,
                    )
                }
                with gr.Row(elem_id="controls"):
                    strength = gr.Slider(0, 1, 1, step=0.01, label="Strength", elem_id="strength", scale=4)
                    cancel = gr.Button("Cancel", elem_id="cancel", scale=1, min_width=100)
                    download = gr.Button("Download", variant="primary", elem_id="download", scale=1, min_width=100)
                shown["curves"] = curve_editor()
                file = gr.DownloadButton(visible="hidden", elem_id="file")
        pair = [states["source"], states["reference"], strength]
        outputs = [states["made"], shown["compare"], shown["curves"]]

        def make(label, source, reference, strength, progress=gr.Progress()):  # noqa: B008 gradio wants it so
            yield from events.make(label, source, reference, strength, progress)

        def edit(made, source, reference, strength, curves, progress=gr.Progress()):  # noqa: B008
            yield from events.edit(made, source, reference, strength, curves, progress)

        work = {"show_progress_on": shown["compare"], **ONE_AT_A_TIME}
        made = menu.input(make, [menu, *pair], outputs, **work)
        edited = shown["curves"].input(edit, [states["made"], *pair, shown["curves"]], outputs, **work)
        running = [made, edited]
        for name, (image, choices) in inputs.items():
            chosen = [
                image.upload(events.choose_file, image, [states[name], image]),
                choices.click(
                    lambda place: events.choose([*samples.values()][place]), choices, [states[name], image]
                ),
            ]
            running += [each.success(make, [menu, *pair], outputs, **work) for each in chosen]
            image.clear(lambda: (None, None), None, [states[name], states["made"]])
        for name in inputs:
            pass
        cancel.click(None, cancels=running)
        strength.change(
            events.show,
            [states["made"], states["source"], strength, shown["curves"]],
            outputs[1:],
            show_progress="hidden",
            trigger_mode="always_last",
            concurrency_limit=1,
        )
        download.click(events.download, [states["made"], states["source"], strength], file, **ONE_AT_A_TIME).success(
            None, js="() => document.querySelector('#file').click()"
        )
    return page


def _image_input(name, paths):
    """A place to drop an image, and samples to choose from."""
    image = ImageFile(
        label=name.capitalize(),
        sources=["upload", "clipboard"],
        type="filepath",
        format="png",
        buttons=[],
        height=220,
        elem_id=name,
    )
    choices = gr.Dataset(
        components=[gr.Image(render=False)],
        samples=[[str(path)] for path in paths.values()],
        sample_labels=None,
        type="index",
        show_label=False,
        elem_id=f"{name}-samples",
    )
    return image, choices