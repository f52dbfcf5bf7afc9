"""The table of generators. It imports no TensorFlow, so that options can be checked without it.

A generator is one row: to add one, write its file in `models.networks` and its row.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

ENCODERS = ("embedding", "dense", "none")


class Generator(NamedTuple):
    """A generator: a function ``(image_size, channels, out_channels, bins, encoder, ...)`` to a `keras.Model`.

    Attributes:
        function: ``"module:name"``.
        help: what the option ``model.generator`` says of it.
        encoders: the ways in which it can take the reference histogram, a part of ENCODERS. The first is the default.
        options: the options of ``model`` that it takes as further arguments, by their names.
        any_size: whether it takes images of any size. If not, they are resized to the size that it was made for.
        weights: loss terms that it needs: a dict of a term's name to its weight unless an option says otherwise.
    """

    function: str
    help: str
    encoders: tuple = ENCODERS
    options: tuple = ()
    any_size: bool = False
    weights: Mapping = MappingProxyType({})


GENERATORS = {
    "unet": Generator("models.networks.unet:unet_generator", "pix2pix's, as released", options=("filters",)),
    "resnet": Generator("models.networks.resnet:resnet_generator", "CycleGAN's", options=("filters", "blocks")),
    "hdrnet": Generator(
        "models.networks.hdrnet:hdrnet_generator",
        "a bilateral grid of color transforms (Gharbi et al. 2017), sharp at any size",
        encoders=("dense", "none"),
        options=("guide", "batch_norm"),
        any_size=True,
        weights={"range": 1.0},  # its output is not bounded
    ),
}
