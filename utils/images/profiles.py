"""Color profiles (ICC): what a profile does, and the conversion to sRGB."""

import struct
from functools import lru_cache

import imagecodecs
import numpy as np

D65 = (0.3127, 0.3290)  # x, y of the white point
BT709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)  # x, y of the primaries of sRGB
_LAB, _MADE = (imagecodecs.cms_profile(name) for name in ("lab4", "srgb"))
_DATE = slice(24, 36)  # of a profile's making, in its header
SRGB = _MADE[: _DATE.start] + struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + _MADE[_DATE.stop :]  # the same at all times
_SPACES = {"GRAY": ("gray", 1), "RGB": ("rgb", 3), "CMYK": ("cmyk", 4), "LAB": ("lab", 3)}  # names and channels
_LEVEL = 257  # of 8 bits, in values of 16 bits
WIDE = {1: np.uint16, 2: np.uint32}  # for values of so many bytes, the type of products of two


def to_srgb(colors, space, profile=None):
    """Convert colors to sRGB of the same depth.

    Args:
        colors: uint8 or uint16 ``[H, W, C]``.
        space: ``"GRAY"``, ``"RGB"``, ``"CMYK"`` or ``"LAB"``, as in `pixels.Pixels`.
        profile: an ICC profile, which `fitting` has returned, or None. CMYK without a profile is converted as
            (1 - C)(1 - K). Gray and RGB without a profile are sRGB.

    Returns:
        ``[H, W, 3]`` of the same type.
    """
    if space == "GRAY":
        return _gray_to_srgb(colors, profile)
    if profile or space == "LAB":
        return _transform(colors, space, profile or _LAB)
    return _without_ink(colors) if space == "CMYK" else colors


def convert_rgb(colors, own, wanted):
    """Convert uint8 or uint16 ``[H, W, 3]`` from one RGB to another. Each is an ICC profile, or None for sRGB."""
    return colors if own == wanted else _transform(colors, "RGB", own or SRGB, wanted=wanted or SRGB)


def fitting(profile, space):
    """Judge a file's ICC profile.

    Returns:
        The profile if `to_srgb` should apply it, or None if it does nothing or cannot be applied; and a tuple of notes.
        As in browsers, a profile that is damaged or for another kind of image is ignored.
    """
    if not profile or space == "LAB":
        return None, ()
    kind, changes = _effect(bytes(profile))
    if not kind:
        return None, ("its color profile is damaged and ignored",)
    if not changes:
        return None, ()
    if kind != space:
        return None, (f"its color profile is ignored: the profile is for {kind}, and the image is {space}",)
    return bytes(profile), ()


@lru_cache(maxsize=64)
def make_profile(space, *, white=D65, primaries=BT709, curve=None):
    """Make the ICC profile of gray or RGB values.

    Args:
        space: ``"GRAY"`` or ``"RGB"``.
        white: x, y of the white point.
        primaries: x, y of red, green and blue.
        curve: a function from values in [0, 1] to light in [0, 1], an exponent, or None for the curve of sRGB.

    Raises:
        imagecodecs.CmsError: if there are no such colors.
    """
    given = {"whitepoint": (*white, 1.0)} | ({"primaries": primaries} if space == "RGB" else {})
    if isinstance(curve, float):
        return imagecodecs.cms_profile(_SPACES[space][0], **given, gamma=curve)
    samples = (curve or _srgb_curve)(np.linspace(0, 1, 4096)).astype(np.float32)
    return imagecodecs.cms_profile(_SPACES[space][0], **given, transferfunction=samples)


@lru_cache(maxsize=64)
def _effect(profile):
    """Return the kind of a profile's colors, such as ``"RGB"``, or None if it is damaged; and whether it changes them.

    What a profile does counts, not its name: it changes no colors if it converts none by more than one level of 8 bits.
    """
    kind = profile[16:20].decode("ascii", "replace").strip().upper()
    if profile[36:40] != b"acsp":  # as each profile has there
        return None, False
    if kind not in ("GRAY", "RGB", "CMYK"):
        return kind, True
    colors = _samples(_SPACES[kind][1])
    try:
        srgb = to_srgb(colors, kind, profile)
    except imagecodecs.CmsError:
        return None, False
    return kind, kind == "CMYK" or bool((np.abs(srgb.astype(int) - colors) > _LEVEL).any())


def _samples(channels):
    """Return colors, uint16 ``[1, N, channels]``: all levels of gray, and a grid of colors."""
    grays = np.repeat(np.arange(256)[:, None], channels, axis=-1)
    grid = np.stack(np.meshgrid(*[np.linspace(0, 255, 6).astype(int)] * channels), axis=-1).reshape(-1, channels)
    return (np.concatenate([grays, grid])[None] * _LEVEL).astype(np.uint16)


def _transform(colors, space, profile, *, wanted=SRGB):
    """Convert colors with lcms, to the RGB of the profile ``wanted``.

    lcms converts 8-bit RGB ten times as fast with its shortcuts, without an error. But those for gray are wrong by up
    to 10 of 255, and those for 16 bits by up to 20.
    """
    flags = None if colors.dtype == np.uint8 and space != "GRAY" else imagecodecs.CMS.FLAGS.NOOPTIMIZE
    return imagecodecs.cms_transform(
        np.ascontiguousarray(colors), profile, wanted, colorspace=_SPACES[space][0], outcolorspace="rgb", flags=flags
    )


def _gray_to_srgb(gray, profile):
    if profile is None:
        return np.repeat(gray, 3, axis=-1)
    levels = np.arange(np.iinfo(gray.dtype).max + 1).astype(gray.dtype)
    return _transform(levels[None], "GRAY", profile)[0][gray[..., 0]]


def _without_ink(cmyk):
    most = np.iinfo(cmyk.dtype).max
    paper = (most - cmyk).astype(WIDE[cmyk.itemsize])
    return ((paper[..., :3] * paper[..., 3:] + most // 2) // most).astype(cmyk.dtype)


def _srgb_curve(values):
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
