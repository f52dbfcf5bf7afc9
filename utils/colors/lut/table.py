"""Color lookup tables as arrays ``[n, n, n, 3]``: entry ``[r, g, b]`` replaces the color (r, g, b) / (n - 1)."""

import numpy as np

STRIP = 16384  # number of pixels to process at once, so that their arrays fit into a processor's cache


def identity_lut(size):
    """Make the table, float32 ``[size, size, size, 3]``, that does not change any color."""
    levels = np.linspace(0, 1, size, dtype=np.float32)
    return np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1)


def apply_lut(lut, images):
    """Look up the colors of images in a table, with trilinear interpolation between its entries.

    Args:
        lut: float ``[n, n, n, 3]``, n at least 2.
        images: float ``[..., 3]``, RGB. Values outside [0, 1] are clipped first.

    Returns:
        float32 ``[..., 3]``, in [0, 1] if the table is.
    """
    channels = np.ascontiguousarray(np.moveaxis(lut, -1, 0), np.float32)  # [3,n,n,n]
    pixels = np.asarray(images, np.float32).reshape(-1, 3)
    result = np.empty_like(pixels)
    for start in range(0, len(pixels), STRIP):
        strip = slice(start, start + STRIP)
        result[strip] = _interpolate(channels, pixels[strip])
    return result.reshape(np.shape(images))


def _interpolate(channels, pixels):
    """Interpolate pixels ``[P, 3]`` between the eight entries around each color, along one axis after another."""
    size = channels.shape[-1]
    place = np.clip(pixels.T, 0, 1) * np.float32(size - 1)  # [3,P]
    lower = np.minimum(place.astype(np.intp), size - 2)
    r, g, b = place - lower
    first = np.ravel_multi_index(lower, (size,) * 3)
    neighbors = [first + i * size**2 + j * size + k for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    result = np.empty_like(pixels)
    for channel, entries in enumerate(channels.reshape(3, -1)):
        values = np.stack([entries.take(index) for index in neighbors])  # [8,P]
        for part in (r, g, b):
            low, high = np.split(values, 2)
            values = low + part * (high - low)
        result[:, channel] = values[0]
    return result


def to_rows(lut):
    """Convert a table ``[n, n, n, 3]`` to the rows ``[n^3, 3]`` of a file: red changes fastest, blue slowest."""
    return np.transpose(lut, (2, 1, 0, 3)).reshape(-1, 3)


def from_rows(rows):
    """Convert the rows ``[n^3, 3]`` of a file to a table ``[n, n, n, 3]``, the inverse of `to_rows`."""
    size = round(len(rows) ** (1 / 3))
    return np.ascontiguousarray(np.transpose(np.reshape(rows, (size, size, size, 3)), (2, 1, 0, 3)))
