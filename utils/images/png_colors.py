"""What a PNG says about its colors, as an ICC profile. AVIF and HEIC have the codes of cICP, too.

The chunk cICP comes before iCCP, then sRGB, then gAMA and cHRM (PNG specification, third edition).
"""

import imagecodecs
import numpy as np

from utils.images.profiles import BT709, make_profile

_GAMMA, _TOLERANCE = 1 / 2.2, 0.05  # as in libpng, a gamma so close means the curve of sRGB
_DAMAGED = b"damaged"  # in place of a profile


def _bt709_curve(values):
    return np.where(values < 0.081, values / 4.5, ((values + 0.099) / 1.099) ** (1 / 0.45))


# The codes of cICP (ITU-T H.273).
_PRIMARIES = {
    1: BT709,
    5: (0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    9: (0.708, 0.292, 0.17, 0.797, 0.131, 0.046),
    12: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
}
_CURVES = dict.fromkeys((1, 6, 14, 15), _bt709_curve) | {4: 2.2, 5: 2.8, 8: 1.0, 13: None}
_HDR = {16: "PQ", 18: "HLG"}


def png_profile(info, cicp, space):
    """Return the ICC profile of a PNG's values, bytes. It is empty for sRGB, and None if the PNG does not say.

    Args:
        info: the ``info`` of the image that Pillow has opened.
        cicp: the content of the chunk cICP, empty if there is none.
        space: ``"GRAY"`` or ``"RGB"``.

    Raises:
        ValueError: if the values are HDR.
    """
    try:
        if cicp:
            primaries, curve, *rest = cicp.ljust(2)
            profile = coded_profile(primaries, curve, space)
            return profile if rest == [0, 1] else _DAMAGED  # not RGB, or not in full range
        if "icc_profile" in info:
            return info["icc_profile"] or _DAMAGED
        if "srgb" in info:
            return b""
        return _calibrated(info, space) if {"gamma", "chromaticity"} & info.keys() else None
    except imagecodecs.CmsError:
        return _DAMAGED


def coded_profile(primaries, curve, space):
    """Return the ICC profile of these codes of H.273, or bytes that are no profile for unknown codes.

    Raises:
        ValueError: if the values are HDR.
    """
    if curve in _HDR:
        raise ValueError(f"HDR values ({_HDR[curve]}), and only SDR values are read")
    if primaries not in _PRIMARIES or curve not in _CURVES:
        return _DAMAGED
    return make_profile(space, primaries=_PRIMARIES[primaries], curve=_CURVES[curve])


def _calibrated(info, space):
    gamma = info.get("gamma") or _GAMMA
    curve = None if abs(gamma / _GAMMA - 1) < _TOLERANCE else 1 / gamma
    if space == "GRAY" or "chromaticity" not in info:
        return make_profile(space, curve=curve)
    white, primaries = info["chromaticity"][:2], info["chromaticity"][2:]
    return make_profile(space, white=white, primaries=primaries, curve=curve) if len(primaries) == 6 else _DAMAGED
