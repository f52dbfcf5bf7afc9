"""The table of color spaces. This module does not import TensorFlow, so options can be checked without it.

The network's colors are the values of a color space, scaled and shifted: ``network = value * scale + shift``. They lie
in [-1, 1], except V of YUV, which reaches +-1.23.
"""

from typing import NamedTuple

LUMINANCE = (0.299, 0.587, 0.114)  # weights of R, G and B (BT.601)
LAB_UNITS = (50.0, 128.0, 128.0)  # Lab units per unit of the network's Lab


class ChannelText(NamedTuple):
    """The texts of a channel on a page: its name, the meanings of low and high values, and its curve's color."""

    name: str
    low: str
    high: str
    color: str


class ColorSpace(NamedTuple):
    """A color space.

    Attributes:
        channels: the names of the channels.
        texts: a `ChannelText` for each channel. A space that extends another has none, because it is not shown.
        lightness: index of the lightness channel, or None if there is none.
        scale, shift: convert values to the network's colors, with one number for each channel.
        cyclic: the names of the cyclic channels.
        from_rgb, to_rgb: ``"module:name"`` of the functions that convert RGB in [0, 1] to the space's values and
            back. None if the values are RGB.
        extends: name of the space whose channels are the first channels of this one, or None. A space that extends
            another is only for the histograms of the color loss and the generator. Images and the structure loss use
            another space. RGB outside [0, 1] is converted to it without clipping, because clipping has no gradient.
    """

    channels: tuple
    texts: tuple
    lightness: int | None
    scale: tuple
    shift: tuple
    cyclic: tuple = ()
    from_rgb: str | None = None
    to_rgb: str | None = None
    extends: str | None = None


_LIGHTNESS = ChannelText("Lightness", "dark", "light", "#8a8f98")

COLOR_SPACES = {
    "yuv": ColorSpace(  # BT.601
        channels=("y", "u", "v"),
        texts=(
            _LIGHTNESS,
            ChannelText("Yellow to blue", "yellow", "blue", "#2f6fde"),
            ChannelText("Green to red", "green", "red", "#d9363e"),
        ),
        lightness=0,
        scale=(2.0, 2.0, 2.0),
        shift=(-1.0, 0.0, 0.0),
        from_rgb="tensorflow:image.rgb_to_yuv",
        to_rgb="tensorflow:image.yuv_to_rgb",
    ),
    "rgb": ColorSpace(
        channels=("r", "g", "b"),
        texts=(
            ChannelText("Red", "dark", "bright", "#d9363e"),
            ChannelText("Green", "dark", "bright", "#2e9e4f"),
            ChannelText("Blue", "dark", "bright", "#2f6fde"),
        ),
        lightness=None,
        scale=(2.0, 2.0, 2.0),
        shift=(-1.0, -1.0, -1.0),
    ),
    "hsv": ColorSpace(
        channels=("h", "s", "v"),
        texts=(
            ChannelText("Hue", "red", "red again", "#a855c7"),
            ChannelText("Saturation", "gray", "vivid", "#d9363e"),
            ChannelText("Brightness", "dark", "bright", "#8a8f98"),
        ),
        lightness=2,
        cyclic=("h",),
        scale=(2.0, 2.0, 2.0),
        shift=(-1.0, -1.0, -1.0),
        from_rgb="utils.colors.hsv:rgb_to_hsv",
        to_rgb="utils.colors.hsv:hsv_to_rgb",
    ),
    "lab": ColorSpace(
        channels=("l", "a", "b"),
        texts=(
            _LIGHTNESS,
            ChannelText("Green to red", "green", "red", "#d9363e"),
            ChannelText("Blue to yellow", "blue", "yellow", "#c99a06"),
        ),
        lightness=0,
        scale=tuple(1 / unit for unit in LAB_UNITS),
        shift=(-1.0, 0.0, 0.0),
        from_rgb="utils.colors.lab:rgb_to_lab",
        to_rgb="utils.colors.lab:lab_to_rgb",
    ),
    "directions": ColorSpace(  # the axes, face diagonals and space diagonals of the RGB cube
        channels=("r", "g", "b", "r+g", "r-g", "r+b", "r-b", "g+b", "g-b", "r+g+b", "r+g-b", "r-g+b", "-r+g+b"),
        texts=(),
        lightness=None,
        scale=(1.0,) * 13,
        shift=(0.0,) * 13,
        from_rgb="utils.colors.conversion:rgb_to_directions",
        to_rgb="utils.colors.conversion:directions_to_rgb",
        extends="rgb",
    ),
}
IMAGE_SPACES = tuple(name for name, row in COLOR_SPACES.items() if not row.extends)


def channel_names(color_space, channels=3):
    """Return the names of the channels, such as ``("y", "u", "v")``. A single channel is luminance, ``("y",)``."""
    return COLOR_SPACES[color_space].channels if channels == 3 else ("y",)


def channel_texts(color_space, channels=3):
    """Return a `ChannelText` for each of the network's channels. A single channel is luminance."""
    return COLOR_SPACES[color_space].texts if channels == 3 else (_LIGHTNESS,)


def lightness_channel(color_space, channels=3):
    """Return the index of the lightness channel, or None if there is none. For a single channel it is 0."""
    return COLOR_SPACES[color_space].lightness if channels == 3 else 0


def boundaries(color_space, boundary, channels=3):
    """Choose the boundary rule of each channel's histogram: ``"cyclic"`` for cyclic channels, else ``boundary``.

    Returns:
        ``boundary`` itself if no channel is cyclic. Otherwise, a tuple with a rule for each channel.
    """
    names, cyclic = channel_names(color_space, channels), COLOR_SPACES[color_space].cyclic
    if not set(names) & set(cyclic):
        return boundary
    return tuple("cyclic" if name in cyclic else boundary for name in names)
