"""Resize images of any size for the network, with pure functions of uint8 or uint16 arrays ``[h, w, 3]``.

| preprocess | effect on an image                                                                               |
|------------|--------------------------------------------------------------------------------------------------|
| resize     | stretches the image to the size, as the released code and pix2pix do                             |
| crop       | scales it until it covers the size; the pipeline then crops it                                   |
| pad        | scales it until it fits into the size, and fills the rest with its mirror image, which adds no   |
|            | new colors                                                                                       |
| window     | keeps its resolution, but enlarges an image that does not cover the size; the pipeline then      |
|            | crops it or uses the whole image                                                                 |
"""

import numpy as np
from PIL import Image

INTERPOLATIONS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
}

MAX_STRETCH = 4  # with "crop", a side is at most this many times H or W; longer strips could take gigabytes


def resize_and_crop(images, size, *, preprocess="resize", interpolation="bicubic"):
    """Resize one image, or the two images of a pair to the same size, and crop or pad the result.

    Args:
        images: n arrays, uint8 or uint16 ``[h, w, 3]``. The shape of the first one determines the scale.
        size: ``(H, W)``.
        preprocess: ``"resize"``, ``"crop"``, ``"pad"`` or ``"window"``.
        interpolation: a key of INTERPOLATIONS. Every method except ``"nearest"`` averages pixels when it shrinks an
            image.

    Returns:
        uint8 or uint16 ``[H, W, 3 n]``, the images concatenated along the channels. With ``"crop"``, one side may be
        up to MAX_STRETCH times as long as H or W. With ``"window"``, the sides are at least H and W.

    Raises:
        ValueError: if ``preprocess`` is ``"window"`` and the two images of a pair have different sizes.
    """
    sizes = {image.shape[:2] for image in images}
    if preprocess == "window" and len(sizes) > 1:
        raise ValueError(f"the two images of a pair must have one size; received {sorted(sizes)}")
    if preprocess == "crop":
        images = [_crop_strip(image, size) for image in images]
    scaled = scaled_size(images[0].shape[:2], size, preprocess)
    resized = np.concatenate([resize(image, scaled, interpolation) for image in images], axis=-1)
    if preprocess != "pad":
        return resized
    margins = [wanted - side for wanted, side in zip(size, scaled, strict=True)]
    return np.pad(resized, [*((margin // 2, margin - margin // 2) for margin in margins), (0, 0)], mode="symmetric")


def resized_size(shape, size, preprocess):
    """Return the size ``(h, w)`` of the image that `resize_and_crop` makes of an image of ``shape``."""
    if preprocess == "pad":
        return tuple(size)
    return scaled_size(_strip_size(shape, size) if preprocess == "crop" else shape, size, preprocess)


def _strip_size(shape, size):
    """Return ``shape``, with its longer side cut so that no scaled side exceeds MAX_STRETCH times H or W."""
    height, width = shape
    height = min(height, max(1, round(MAX_STRETCH * size[0] * width / size[1])))
    return height, min(width, max(1, round(MAX_STRETCH * size[1] * height / size[0])))


def _crop_strip(image, size):
    height, width = _strip_size(image.shape[:2], size)
    top, left = ((side - kept) // 2 for side, kept in zip(image.shape[:2], (height, width), strict=True))
    return image[top : top + height, left : left + width]


def scaled_size(shape, size, preprocess):
    """Return the size ``(h, w)`` that an image of ``shape`` is scaled to."""
    if preprocess == "resize":
        return tuple(size)
    ratios = [wanted / side for wanted, side in zip(size, shape, strict=True)]
    if preprocess == "window" and max(ratios) <= 1:
        return tuple(shape)
    if preprocess != "pad":
        scale, bound = max(ratios), max
    else:
        scale, bound = min(ratios), min
    return tuple(bound(wanted, max(1, round(side * scale))) for wanted, side in zip(size, shape, strict=True))


def resize(image, size, interpolation="bicubic"):
    """Resize uint8 or uint16 ``[h, w, 3]`` to ``[H, W, 3]``.

    In ``[h, w, 4]``, the fourth channel is the weight of each pixel. The result, ``[H, W, 4]``, has weighted means.
    """
    if image.shape[:2] == tuple(size):
        return image
    if image.shape[-1] == 4:
        return _resize_weighted(image, size, interpolation)
    if image.dtype == np.uint8:
        return np.asarray(Image.fromarray(image).resize(size[::-1], INTERPOLATIONS[interpolation]))
    # Pillow can resize 8-bit color images and float images of one channel, but not 16-bit color images.
    channels = [_resize_channel(image[..., channel], size, interpolation) for channel in range(3)]
    return np.round(np.stack(channels, axis=-1).clip(0, np.iinfo(image.dtype).max)).astype(image.dtype)


def _resize_channel(values, size, interpolation):
    image = Image.fromarray(values.astype(np.float32))
    return np.asarray(image.resize(size[::-1], INTERPOLATIONS[interpolation]))


def _resize_weighted(image, size, interpolation):
    """Resize weights, rounded up so that no part is lost, and weighted means of the colors: 0 where nothing counts."""
    most = np.iinfo(image.dtype).max
    weights = image[..., 3] / np.float32(most)
    small = _resize_channel(weights, size, interpolation).clip(0, 1)
    sums = [_resize_channel(weights * image[..., channel], size, interpolation) for channel in range(3)]
    means = np.round(np.stack(sums, axis=-1) / np.where(small > 0, small, 1)[..., None]).clip(0, most)
    return np.concatenate([means, np.ceil(small * most)[..., None]], axis=-1).astype(image.dtype)


def shrink(image, side):
    """Shrink an image, as `resize` takes it, if needed, so that its longer side is at most ``side``."""
    return resize(image, shrunk_size(image.shape[:2], side), "area")


def shrunk_size(shape, side):
    """Return the size ``(h, w)`` of the image that `shrink` makes of an image of ``shape``."""
    return scaled_size(shape, [min(side, max(shape))] * 2, "pad")
