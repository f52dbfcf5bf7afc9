"""The pixels of an image file as it stores them, and their conversion to RGB."""

from typing import NamedTuple

import numpy as np

from utils.images.photographs import Metadata
from utils.images.profiles import WIDE, to_srgb

# For each EXIF orientation, the function that turns an image [H, W, C] upright.
_TURNS = {
    2: lambda image: image[:, ::-1],
    3: lambda image: image[::-1, ::-1],
    4: lambda image: image[::-1],
    5: lambda image: image.swapaxes(0, 1),
    6: lambda image: image[::-1].swapaxes(0, 1),
    7: lambda image: image[::-1, ::-1].swapaxes(0, 1),
    8: lambda image: image[:, ::-1].swapaxes(0, 1),
}


class Pixels(NamedTuple):
    """The pixels of an image file, and what the file says about them.

    Attributes:
        colors: uint8 or uint16 ``[H, W, C]``, in the range of its type.
        space: what the channels are: ``"GRAY"``, ``"RGB"``, ``"CMYK"`` (the largest value is full ink) or ``"LAB"``
            (as ICC encodes it: a and b start at 128).
        alpha: opacity ``[H, W, 1]`` of the same type, or None if all pixels are opaque.
        premultiplied: whether the colors were multiplied by their opacity.
        profile: the ICC profile of the colors, bytes; None for sRGB, and for CMYK and LAB without a profile.
        orientation: the EXIF orientation, 1 to 8.
        metadata: what else the file says about the image, as `photographs.Metadata`.
        notes: texts for the user about faults of the file, such as ``"its color profile is damaged and ignored"``.
    """

    colors: np.ndarray
    space: str
    alpha: np.ndarray | None = None
    premultiplied: bool = False
    profile: bytes | None = None
    orientation: int = 1
    metadata: Metadata = Metadata()
    notes: tuple = ()


class TooLargeError(ValueError):
    """An image has more pixels than the user allows. The file itself may be good."""


def check_megapixels(height, width, max_megapixels):
    """Raise a `TooLargeError` if an image of this size has more than ``max_megapixels`` million pixels."""
    if height * width > max_megapixels * 1e6:
        raise TooLargeError(f"it has {height * width / 1e6:.1f} megapixels, and the limit is {max_megapixels:g}")


def to_rgb(pixels):
    """Convert `Pixels` to upright sRGB ``[H, W, 3]`` of the same depth, composited on white."""
    rgb = to_srgb(without_alpha(pixels), pixels.space, pixels.profile)
    if pixels.alpha is not None:
        rgb = on_white(rgb, pixels.alpha)
    return turned(rgb, pixels.orientation)


def without_alpha(pixels):
    """Return the colors of `Pixels`, of which none is multiplied by its opacity."""
    return _divided(pixels.colors, pixels.alpha) if pixels.premultiplied else pixels.colors


def turned(image, orientation):
    """Turn an image ``[H, W, C]`` of this EXIF orientation upright."""
    turn = _TURNS.get(orientation)
    return np.ascontiguousarray(turn(image) if turn else image)


def on_white(rgb, alpha):
    """Lay RGB ``[H, W, 3]`` of opacity ``[H, W, 1]`` on white."""
    rgb, alpha, most = _widened(rgb, alpha)
    return ((rgb * alpha + most * (most - alpha) + most // 2) // most).astype(most.dtype)


def _divided(colors, alpha):
    """Undo the multiplication of colors by their opacity."""
    colors, alpha, most = _widened(colors, alpha)
    divided = (colors * most + alpha // 2) // np.maximum(alpha, 1)
    return np.minimum(divided, most).astype(most.dtype)


def _widened(colors, alpha):
    """Return both in a type that holds products of two values, and the largest value, in their own type."""
    most, wide = np.array(np.iinfo(colors.dtype).max, colors.dtype), WIDE[colors.itemsize]
    return colors.astype(wide), alpha.astype(wide), most
