"""The curve editor: the histograms of source, output and reference, with reference curves that can be dragged.

It is a gradio component that curve_editor.js draws. Its value is a JSON object, or None before there is an output:

- ``channels``: a list with an object ``{name, low, high, color}`` for each channel;
- ``source``, ``output``, ``reference``: the curves ``[C][K]``;
- ``original``: the curves of the reference before it was edited, ``[C][K]``;
- ``editable``: whether the reference is drawn and can be dragged;
- ``joint``: the joint histogram of source and output, as the data URL of an image.
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
    """Create the component. Its event ``input`` fires when a curve is released after dragging, or is reset."""
    folder = Path(__file__).parent
    return gr.HTML(
        html_template='<div class="panels"></div>',
        css_template=(folder / "curve_editor.css").read_text(),
        js_on_load=(folder / "curve_editor.js").read_text(),
        apply_default_css=False,
        elem_id="curves",
    )


def curves_value(histograms, *, original, edits, joint, color_space, editable):
    """Return the component's value.

    Args:
        histograms: a dict from ``"source"`` and ``"output"`` to their histograms ``[C, K]``.
        original: the reference's histograms before they were edited, ``[C, K]``.
        edits: the reference's edited histograms, as `edits_of` returns them.
        joint: the joint histogram of the lightness of source and output, ``[K, K]``.
        color_space: the color space of the histograms.
        editable: whether the output depends on the reference. If not, the reference is not drawn.
    """
    before = _to_lists(original)
    return {
        "channels": [text._asdict() for text in channel_texts(color_space, len(original))],
        **{name: _to_lists(histogram) for name, histogram in histograms.items()},
        "original": before,
        "reference": [edits[place].tolist() if place in edits else curve for place, curve in enumerate(before)],
        "editable": editable,
        "joint": _to_address(joint_heat_map(joint.T[None])[::-1]),  # output values increase from bottom to top
    }


def edits_of(value):
    """Return the edited histograms in the component's value: a dict from a channel's index to its histogram ``[K]``."""
    pairs = zip(value["reference"], value["original"], strict=True)
    return {place: np.float64(curve) for place, (curve, before) in enumerate(pairs) if curve != before}


def _to_lists(histogram):
    return np.round(reduced(np.float64(histogram)), _DIGITS).tolist()


def _to_address(image):
    """Encode an image as the data URL of a PNG."""
    with BytesIO() as file:
        Image.fromarray(image).save(file, "png")
        return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"
