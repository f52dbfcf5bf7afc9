"""The table of generators. It imports no TensorFlow, so that options can be checked without it.

A generator is one row: to add one, write its file in `models.networks`, whose `__init__` imports it, and its row.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

ENCODERS = ("embedding", "dense", "none")


class Generator(NamedTuple):
    """A generator: a function of ``image_size``, ``channels``, ``out_channels``, ``bins``, ``histogram_channels`` and
    the row's ``options`` to a `keras.Model`.

    Attributes:
        function: ``"module:name"``.
        help: its description in the help of ``model.generator``.
        encoders: the ways in which it can take the reference histogram, some of ENCODERS. The first is the default.
        options: the names of its further arguments: options of ``model``, and arguments of `models.augment`.
        matches: whether it matches histograms, so that their channels must not be circles.
        any_size: whether it takes images of any size. If not, they are resized to the size that it was built for.
        inner: names of layers whose outputs loss terms may need.
        weights: a dict of a loss term's name to its weight in place of the task's, unless an option says otherwise.
    """

    function: str
    help: str
    encoders: tuple = ENCODERS
    options: tuple = ()
    matches: bool = False
    any_size: bool = False
    inner: tuple = ()
    weights: Mapping = MappingProxyType({})


_OF_HISTOGRAMS = ("color_space", "histogram_space", "value_range", "kernel_width_ratio", "boundary")
GENERATORS = {
    "unet": Generator(
        "models.networks.unet:unet_generator", "pix2pix's U-Net, as released", options=("encoder", "filters")
    ),
    "resnet": Generator(
        "models.networks.resnet:resnet_generator", "CycleGAN's ResNet", options=("encoder", "filters", "blocks")
    ),
    "hdrnet": Generator(
        "models.networks.hdrnet:hdrnet_generator",
        "a bilateral grid of color transforms (Gharbi et al. 2017), sharp at any size",
        encoders=("dense", "none"),
        options=("encoder", "guide", "batch_norm", "matched", "source_histogram", *_OF_HISTOGRAMS),
        any_size=True,
        inner=("grid",),
        weights={"range": 1.0},  # its output is not bounded
    ),
    "matching": Generator(
        "models.networks.matching:matching_generator",
        "classical histogram matching, which has no weights",
        encoders=("none",),
        options=_OF_HISTOGRAMS,
        matches=True,
        any_size=True,
        weights={"adversarial": 0.0},  # nothing is trained
    ),
}
