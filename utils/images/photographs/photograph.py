"""An image with all that belongs to it, from the file that is read to the file that is written."""

from typing import NamedTuple

import numpy as np

from utils.images.arrays import with_depth
from utils.images.photographs.metadata import Metadata
from utils.images.photographs.weights import fill
from utils.images.pixels import on_white, to_rgb, turned, without_alpha
from utils.images.profiles import WIDE, convert_rgb, to_srgb
from utils.images.resize import resize, shrink


class Photograph(NamedTuple):
    """An image with all that belongs to it. All arrays are upright, and of one type, uint8 or uint16.

    Attributes:
        rgb: ``[H, W, 3]``. Transparent pixels have colors too.
        alpha: opacity ``[H, W, 1]``, or None if all pixels are opaque.
        mask: how much of each pixel is recolored, ``[H, W, 1]``, or None for all of it.
        profile: the ICC profile of the colors, bytes; None for sRGB.
        metadata: EXIF, XMP and the resolution, as `photographs.Metadata`.
    """

    rgb: np.ndarray
    alpha: np.ndarray | None = None
    mask: np.ndarray | None = None
    profile: bytes | None = None
    metadata: Metadata = Metadata()

    @property
    def weighted(self):
        """The pixels and how much each counts, ``[H, W, 4]``; or ``rgb`` itself if all count in full."""
        most, wide = np.iinfo(self.rgb.dtype).max, WIDE[self.rgb.itemsize]
        weights = [each.astype(wide) for each in (self.alpha, self.mask) if each is not None and each.min() < most]
        if not weights:
            return self.rgb
        product = weights[0] if len(weights) == 1 else (weights[0] * weights[1] + most - 1) // most
        return np.concatenate([self.rgb, product.astype(self.rgb.dtype)], axis=-1)

    @property
    def transparent(self):
        """Whether any pixel is not opaque."""
        return self.alpha is not None and bool(self.alpha.min() < np.iinfo(self.alpha.dtype).max)

    @property
    def filled(self):
        """The colors ``[H, W, 3]``; a transparent pixel has those of the nearest pixel that can be seen."""
        return fill(self._replace(mask=None).weighted)

    @property
    def on_white(self):
        """The image laid on white, ``[H, W, 3]``."""
        return self.rgb if self.alpha is None else on_white(self.rgb, self.alpha)

    @property
    def shown(self):
        """The image laid on white, sRGB ``[H, W, 3]``."""
        return self.converted(None).on_white

    def converted(self, profile):
        """Return the photograph in another RGB: that of an ICC profile, or sRGB for None."""
        return self._replace(rgb=convert_rgb(self.rgb, self.profile, profile), profile=profile)

    def with_depth(self, dtype):
        """Return the photograph with all arrays as ``dtype``, uint8 or uint16."""
        arrays = {"rgb": self.rgb, "alpha": self.alpha, "mask": self.mask}
        return self._replace(**{name: with_depth(each, dtype) for name, each in arrays.items() if each is not None})

    def recolored(self, output):
        """Return the photograph in the colors of ``output``, ``[H, W, 3]`` of the same type, as its mask allows.

        Black of the mask and transparent pixels stay as they are.
        """
        if self.mask is not None:
            most, wide = np.iinfo(self.rgb.dtype).max, WIDE[self.rgb.itemsize]
            share = self.mask.astype(wide)
            output = ((self.rgb * (most - share) + output * share + most // 2) // most).astype(self.rgb.dtype)
        return self._replace(rgb=output if self.alpha is None else np.where(self.alpha > 0, output, self.rgb))

    @property
    def counts(self):
        """Whether any pixel counts."""
        weighted = self.weighted
        return weighted.shape[-1] == 3 or bool(weighted[..., 3].any())

    def shrunk(self, side):
        """Return the photograph with its longer side at most ``side``; `utils.images.shrink` says how."""
        if self.alpha is None:
            small = self._replace(rgb=shrink(self.rgb, side))
        else:
            both = shrink(np.concatenate([self.rgb, self.alpha], axis=-1), side)
            small = self._replace(rgb=both[..., :3], alpha=both[..., 3:])
        return small.masked(self.mask)

    def masked(self, mask):
        """Return the photograph with a mask: ``[h, w, 1]`` of any size and depth, or None."""
        if mask is None:
            return self._replace(mask=None)
        scaled = resize(np.repeat(mask, 3, axis=-1), self.rgb.shape[:2], "bilinear")[..., :1]
        return self._replace(mask=with_depth(scaled, self.rgb.dtype))


def to_photograph(pixels, *, strip=False, keep_profile=False):
    """Make a `Photograph` of `pixels.Pixels`.

    Args:
        pixels: the pixels as their file stores them.
        strip: whether to leave out the metadata.
        keep_profile: whether the colors of an RGB image stay in its own RGB. Otherwise, they are converted to sRGB.
    """
    keeps = keep_profile and pixels.space == "RGB"
    rgb = without_alpha(pixels) if keeps else to_srgb(without_alpha(pixels), pixels.space, pixels.profile)
    return Photograph(
        turned(rgb, pixels.orientation),
        None if pixels.alpha is None else turned(pixels.alpha, pixels.orientation),
        profile=pixels.profile if keeps else None,
        metadata=Metadata() if strip else pixels.metadata,
    )


def as_mask(pixels):
    """Make a mask ``[H, W, 1]`` of `pixels.Pixels`: its gray, and black where it is transparent."""
    rgb = to_rgb(pixels._replace(alpha=None, colors=without_alpha(pixels), premultiplied=False))
    gray = np.round(rgb.mean(axis=-1, keepdims=True, dtype=np.float32))
    if pixels.alpha is not None:
        gray *= turned(pixels.alpha, pixels.orientation) / np.float32(np.iinfo(rgb.dtype).max)
    return np.round(gray).astype(rgb.dtype)
