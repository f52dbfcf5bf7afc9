"""Histogram matching, as a part of a network and as a generator."""

import tensorflow as tf
from tensorflow import keras

from histogram_layers import Boundary, MatchHistogram
from models.convert_colors import ConvertColors
from utils.colors import COLOR_SPACES


def matching_generator(
    image_size: int | tuple[int, int] | None = None,
    channels: int = 3,
    out_channels: int = 3,
    bins: int = 256,
    value_range: tuple[float, float] = (-1.0, 1.0),
    boundary: Boundary = "reflect",
    *,
    kernel_width_ratio: float = 2.5,
    histogram_channels: int | None = None,
    color_space: str = "yuv",
    histogram_space: str | None = None,
) -> keras.Model:
    """Return classical histogram matching as a generator. It has no weights and takes images of any size.

    Args:
        image_size: ignored; the generator takes images of any size.
        channels: channels of the source, 3 or 1.
        out_channels: channels of the output; it must equal ``channels``.
        bins: K, the number of bins of the reference histogram.
        value_range, boundary, kernel_width_ratio: options of the histograms, as in `soft_histogram`.
        histogram_channels: C, the number of channels of the reference histogram, by default out_channels.
        color_space: the color space of the source and the output.
        histogram_space: the color space of the histograms, by default color_space.

    Returns:
        A `keras.Model` named ``generator``. Its inputs are ``[source [B,H,W,channels], reference_histogram [B,C,K]]``,
        and its output is the image ``[B,H,W,channels]``.

    Raises:
        ValueError: if out_channels differs from channels, or if the boundary is cyclic.
    """
    if channels != out_channels:
        raise ValueError(f"out_channels must equal channels ({channels}) for matching; received {out_channels}")
    source = keras.Input((None, None, channels), name="source")
    histogram = keras.Input((histogram_channels or out_channels, bins), name="reference_histogram")
    output = match_colors(
        source,
        histogram,
        color_space=color_space,
        histogram_space=histogram_space or color_space,
        value_range=value_range,
        kernel_width_ratio=kernel_width_ratio,
        boundary=boundary,
    )
    return keras.Model([source, histogram], output, name="generator")


def match_colors(
    source, histogram, *, color_space, histogram_space, value_range, kernel_width_ratio, boundary
) -> tf.Tensor:
    """Match the channels of a source to a reference's histogram (see `histogram_layers.match_histograms`).

    The colors are converted to the histogram's color space, matched there, and converted back. ``directions`` begins
    with the channels of RGB, so for it the matching is done in RGB.

    Args:
        source: symbolic ``[B, H, W, C]``, in color_space.
        histogram: symbolic ``[B, C', K]``, in histogram_space.
        value_range, kernel_width_ratio, boundary: options of the histogram, as in `soft_histogram`.

    Returns:
        ``[B, H, W, C]``, in color_space.
    """
    space = COLOR_SPACES[histogram_space].extends or histogram_space
    options = {"value_range": value_range, "kernel_width_ratio": kernel_width_ratio, "boundary": boundary}
    colors = ConvertColors(color_space, space, name="matching_colors")(source)
    matched = MatchHistogram(**options, name="matching")([colors, histogram[:, : source.shape[-1]]])
    return ConvertColors(space, color_space, name="matched")(matched)
