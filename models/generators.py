"""The table of generators. It imports no TensorFlow, so that options can be checked without it.

Each generator is one row. To add a generator, write its file in `models.networks`, import it in `__init__` there, and
add a row here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

ENCODERS = ("embedding", "dense", "none")


class Generator(NamedTuple):
    """A row of the table of generators.

    Attributes:
        function: ``"module:name"`` of a function that returns a `keras.Model`. Its arguments are ``image_size``,
            ``channels``, ``out_channels``, ``bins``, ``histogram_channels`` and the row's ``options``.
        help: its description in the help of ``model.generator``.
        encoders: the encoders of the reference histogram that it supports, from ENCODERS. The first is the default.
        options: the names of its further arguments, which are options of ``model`` or arguments of `models.augment`.
        matches: whether it matches histograms. If so, the histogram's channels must not be cyclic.
        luminance: whether it takes and makes images of luminance alone.
        any_size: whether it takes images of any size. If not, images are resized to the size that it was built for.
        inner: names of layers whose outputs loss terms may need.
        weights: ``{loss term: weight}``. These replace the task's weights, unless an option sets the weight.
    """

    function: str
    help: str
    encoders: tuple = ENCODERS
    options: tuple = ()
    matches: bool = False
    luminance: bool = True
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
        options=("encoder", "guide", "identity", "batch_norm", "matched", "source_histogram", *_OF_HISTOGRAMS),
        any_size=True,
        inner=("grid",),
        weights={"range": 1.0},  # its output is not bounded
    ),
    "lut": Generator(
        "models.networks.lut:lut_generator",
        "one map of colors for the whole image, as a lookup table holds it, predicted from histograms",
        encoders=("dense", "none"),
        options=("encoder", "color_space", "histogram_space", "value_range"),
        luminance=False,
        any_size=True,
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
