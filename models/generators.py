"""The table of generators. It imports no TensorFlow, so that options can be checked without it.

A generator is one row: to add one, write its file in `models.networks` and its row.
"""

from typing import NamedTuple

ENCODERS = ("embedding", "dense", "none")


class Generator(NamedTuple):
    """A generator: a function ``(image_size, channels, out_channels, bins, encoder, ...)`` to a `keras.Model`.

    Attributes:
        function: ``"module:name"``.
        encoder: how the reference histogram enters unless an option says otherwise, one of ENCODERS.
        help: what the option ``model.generator`` says of it.
        options: the options of ``model`` that it takes as further arguments, by their names.
    """

    function: str
    encoder: str
    help: str
    options: tuple = ()


GENERATORS = {
    "unet": Generator(
        "models.networks.unet:unet_generator", encoder="embedding", help="pix2pix's, as released", options=("filters",)
    ),
    "resnet": Generator(
        "models.networks.resnet:resnet_generator", encoder="embedding", help="CycleGAN's", options=("filters", "blocks")
    ),
}
