"""The demo's histograms: of source, output and reference over each other. The reference's curves can be dragged.

A gradio component, drawn by curve_editor.js. Its value is a dict of JSON, or None before there is an output:
``channels`` (a dict of ``name``, ``low``, ``high``, ``color`` for each); their curves ``source``, ``output`` and
``reference`` ``[C][K]``; ``original``, the reference's before it was edited; ``editable``, whether there is one, which
can be dragged; and ``joint``, the joint histogram of source and output as the address of an image.
"""

import base64
from io import BytesIO
from pathlib import Path

import gradio as gr
import numpy as np
from PIL import Image

from reports import joint_heat_map, reduced
from utils.colors import channel_texts

_DIGITS = 7


def curve_editor():
    """The component. Its event ``input`` says that a curve was dragged and let go, or reset."""
    folder = Path(__file__).parent
    return gr.HTML(
        html_template='<div class="panels"></div>',
        css_template=(folder / "curve_editor.css").read_text(),
        js_on_load=(folder / "curve_editor.js").read_text(),
        apply_default_css=False,
        elem_id="curves",
    )


def curves_value(histograms, *, original, edits, joint, color_space, editable):
    """The component's value.

    Args:
        histograms: a dict of ``source`` and ``output`` to ``[C, K]``.
        original: the reference's before it was edited, ``[C, K]``.
        edits: the reference's that were edited, of `edits_of`.
        joint: of the lightness of source and output, ``[K, K]``.
        color_space: of the histograms.
        editable: whether the output depends on the reference's. If not, it is not drawn.
    """
    before = _to_lists(original)
    return {
        "channels": [text._asdict() for text in channel_texts(color_space, len(original))],
        **{name: _to_lists(histogram) for name, histogram in histograms.items()},
        "original": before,
        "reference": [edits[place].tolist() if place in edits else curve for place, curve in enumerate(before)],
        "editable": editable,
        "joint": _to_address(joint_heat_map(joint.T[None])[::-1]),  # the output from bottom to top
    }


def edits_of(value):
    """The histograms that were edited: a dict of the channel's number to the histogram ``[K]``."""
    pairs = zip(value["reference"], value["original"], strict=True)
    return {place: np.float64(curve) for place, (curve, before) in enumerate(pairs) if curve != before}


def _to_lists(histogram):
    return np.round(reduced(np.float64(histogram)), _DIGITS).tolist()


def _to_address(image):
    """An image as the address of a PNG, which is part of the page."""
    with BytesIO() as file:
        Image.fromarray(image).save(file, "png")
        return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
