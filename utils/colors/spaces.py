"""The table of color spaces. It imports no TensorFlow, so that options can be checked without it.

The network's colors are a space's values, scaled and shifted: ``network = value * scale + shift``. They lie in [-1, 1],
except V of YUV, which reaches +-1.23.
"""

from typing import NamedTuple


class ChannelText(NamedTuple):
    """How a page labels a channel: its name, the meanings of its low and high ends, and the color of its curve."""

    name: str
    low: str
    high: str
    color: str


class ColorSpace(NamedTuple):
    """A color space.

    Attributes:
        channels: their names.
        texts: a `ChannelText` for each. A space that extends another has none, since it is not shown.
        lightness: the number of the channel that holds no color, or None.
        scale, shift: from values to the network's colors, one number for each channel.
        cyclic: the names of the cyclic channels.
        from_rgb, to_rgb: functions of RGB in [0, 1] to the space's values and back, as ``"module:name"``; None where
            the values are RGB.
        extends: the space whose channels come first in this one. A space that extends another is only for the
            histograms of the color loss and the generator; images and the structure loss use another space. RGB
            outside [0, 1] is converted without clipping, since a clip would have no gradient.
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
        scale=(1 / 50, 1 / 128, 1 / 128),
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
    """The names of the network's channels: ``("y", "u", "v")``. One channel alone is luminance, ``("y",)``."""
    return COLOR_SPACES[color_space].channels if channels == 3 else ("y",)


def channel_texts(color_space, channels=3):
    """How a page labels the network's channels: a `ChannelText` for each. One channel alone is luminance."""
    return COLOR_SPACES[color_space].texts if channels == 3 else (_LIGHTNESS,)


def lightness_channel(color_space, channels=3):
    """The number of the channel that holds no color, or None. One channel alone is channel 0."""
    return COLOR_SPACES[color_space].lightness if channels == 3 else 0


def boundaries(color_space, boundary, channels=3):
    """The boundary rule of each channel's histogram: ``cyclic`` for cyclic channels, ``boundary`` for the others.

    Returns:
        ``boundary`` itself if no channel is cyclic, else a tuple with a rule for each channel.
    """
    names, cyclic = channel_names(color_space, channels), COLOR_SPACES[color_space].cyclic
    if not set(names) & set(cyclic):
        return boundary
    return tuple("cyclic" if name in cyclic else boundary for name in names)
