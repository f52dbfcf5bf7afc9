"""Checks of images and curves. A mistake should be an error, not a plausible histogram."""

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

NORMALIZED = 2.0  # length of the longest range of normalized images, [-1, 1]


def as_images(images: ArrayLike, value_range: tuple[float, float] | None = None, name: str = "images") -> tf.Tensor:
    """Return images as a tensor ``[B, H, W, C]``.

    Args:
        images: any numeric type.
        value_range: range ``(v0, v1)`` that the images should lie in, or None if their values do not matter.
        name: name of the argument in error messages.

    Raises:
        ValueError: the images have the wrong rank, no pixels or masked pixels, or they are integers and the range is
            that of normalized images.
    """
    refuse_masked(images, name)
    images = tf.convert_to_tensor(images)
    shape = images.shape
    if shape.rank not in (None, 4):
        hint = f"; give {name}[None], which has an axis for the batch" if shape.rank == 3 else ""
        raise ValueError(f"{name} must be [B, H, W, C]; received the shape {tuple(shape)}{hint}")
    if shape.rank and 0 in shape[1:3]:
        raise ValueError(f"{name} must have pixels; received the shape {tuple(shape)}")
    if value_range:
        refuse_integers(images.dtype, value_range, name)
    return images if shape.rank else tf.ensure_shape(images, [None] * 4)  # in a graph, the rank may not be known


def refuse_masked(images: ArrayLike, name: str) -> None:
    """Raise a ValueError if an array has masked pixels. A tensor has no mask, so they would count as others do."""
    if isinstance(images, np.ma.MaskedArray) and np.ma.is_masked(images):
        count = np.ma.count_masked(images)
        raise ValueError(f"{name} must not have masked values; received {count}: fill them, or crop them off")


def refuse_integers(dtype: tf.DType, value_range: tuple[float, float], name: str) -> None:
    """Raise a ValueError if images are integers, such as 0 to 255, but the range is normalized, such as [-1, 1]."""
    low, high = value_range
    if not dtype.is_integer or high - low > NORMALIZED:
        return
    largest = tf.uint16.max if dtype == tf.uint16 else tf.uint8.max
    offset = f" and {'add' if low > 0 else 'subtract'} {abs(low):g}" if low else ""
    raise ValueError(
        f"{name} must be float for the value_range {tuple(value_range)}; received {dtype.name}: divide them by "
        f"{largest / (high - low):g}{offset}, or give value_range=(0, {largest})"
    )


def refuse_non_histogram(values: np.ndarray, name: str) -> None:
    """Raise a ValueError unless an array holds a curve that can be a histogram: bins from 0 on, not all of them 0."""
    if values.ndim != 1 or not (np.all(values >= 0) and 0 < values.sum() < np.inf):
        raise ValueError(f"{name} must be [K], with bins that are finite, not negative and not all 0")
