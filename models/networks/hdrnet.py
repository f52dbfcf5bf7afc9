"""HDRNet: a small network that predicts a bilateral grid of affine color transforms (doi 10.1145/3072959.3073592).

source ─┬─ small copy ─ features ─┬─ global path ─ code ─┬─ grid of transforms ─┐
        │                         └─ local path ─────────┘                      slice ─ output
        └─ guide ───────────────────────────────────────────────────────────────┘

A reference histogram, if there is one, is an input of the global and the local path. The transforms are predicted from
the small copy and applied to the source at its own resolution, so the output is as sharp as the source.
"""

import functools
import math

import numpy as np
import tensorflow as tf
from tensorflow import keras

from histogram_layers import Boundary, SoftHistogram
from models.convert_colors import ConvertColors
from models.networks.averaging import AveragedCopy
from models.networks.bilateral import GRID, BilateralSlice
from models.networks.blocks import BATCH_NORM_MOMENTUM, ReflectionPadding, initializer, size_pair
from models.networks.encoders import broadcast, encode, join
from models.networks.guides import make_guide
from models.networks.matching import match_colors
from utils.colors import to_network

SIDES = (256, 128, 64)  # possible sides of the small copy
GLOBAL_SIDE = 4  # side of the map that the global path flattens
CODE = 256  # length of the reference histogram's code
LOCAL_CODE = 8  # channels of the code in the local path


def hdrnet_generator(
    image_size: int | tuple[int, int] | None = None,
    channels: int = 3,
    out_channels: int = 3,
    bins: int = 256,
    encoder: str | None = "dense",
    *,
    histogram_channels: int | None = None,
    grid: tuple[int, int, int] = GRID,
    guide: str = "curves",
    identity: bool = False,
    batch_norm: bool = False,
    matched: bool = False,
    source_histogram: bool = False,
    color_space: str = "yuv",
    histogram_space: str | None = None,
    value_range: tuple[float, float] = (-1.0, 1.0),
    kernel_width_ratio: float = 2.5,
    boundary: Boundary = "reflect",
) -> keras.Model:
    """Return HDRNet, with or without a reference histogram. It takes images of any size, one size per batch.

    Without an encoder it is the network of Gharbi et al. 2017 as in their code. It has 482,080 parameters with a
    small copy of 256 px and the guide ``"curves"``. With an encoder the grid starts near the identity, and convolutions
    pad by mirroring: with zeros, the network would detect the right and lower borders and tint them.

    Args:
        image_size: H = W, or ``(H, W)``, of the training images. It sets the side of the small copy: the largest of
            256, 128 and 64 that is not above the shorter side of the images, else 64. None gives 256.
        channels: channels of the source, 3 or 1. A single channel is repeated three times.
        out_channels: channels of the output.
        bins: K, the number of bins of the reference histogram.
        encoder: ``"dense"``, or None for a network without a reference.
        histogram_channels: C, the number of channels of the reference histogram, by default out_channels.
        grid: rows, columns and levels of the grid. Rows and columns are the same power of 2, from 4 to the side of the
            small copy.
        guide: ``"curves"`` or ``"network"`` (see `models.networks.guides`).
        identity: whether the grid starts exactly at the identity. If not, the initial transforms are random, as in
            their code, or with an encoder the identity and a little noise.
        batch_norm: whether the inner layers are batch-normalized.
        matched: whether a second image is an input of the network and the transforms: the source with its channels
            matched to the reference histogram. The initial output is then the mean of both images.
        source_histogram: whether the histogram of the source's small copy is an input too (Lee et al. 2020, Deep Color
            Transfer using Histogram Analogy).
        color_space: the color space of the source and the output.
        histogram_space: the color space of the histograms, by default color_space.
        value_range, kernel_width_ratio, boundary: options of the histograms, as in `soft_histogram`.

    Returns:
        A `keras.Model` named ``generator``. Its inputs are ``[source [B,H,W,channels], reference_histogram [B,C,K]]``,
        or ``source`` alone if there is no encoder. Its output is the image ``[B,H,W,out_channels]``, which is not
        bounded.

    Raises:
        ValueError: if the encoder, guide or grid is not allowed, or if matched or source_histogram is given without an
            encoder.
    """
    if encoder not in ("dense", None):
        raise ValueError(f"encoder must be 'dense' or None for HDRNet; received {encoder!r}")
    if encoder is None and (matched or source_histogram):
        raise ValueError("matched and source_histogram need the encoder 'dense'; received None")
    side = _copy_side(image_size)
    _check_grid(grid, side)
    options = {"value_range": value_range, "kernel_width_ratio": kernel_width_ratio, "boundary": boundary}
    spaces = {"color_space": color_space, "histogram_space": histogram_space or color_space}
    source = keras.Input((None, None, channels), name="source")
    histogram = keras.Input((histogram_channels or out_channels, bins), name="reference_histogram")

    image = keras.layers.Concatenate(name="repeat")([source] * 3) if channels == 1 else source
    unit = keras.layers.Rescaling(0.5, offset=0.5, name="unit_range")(image)
    if matched:
        image = keras.layers.Concatenate(name="both")([image, match_colors(source, histogram, **spaces, **options)])
    copy = AveragedCopy(side, name="copy")(image)

    code = None
    if encoder is not None:
        histograms = histogram
        if source_histogram:
            colors = ConvertColors(*spaces.values(), name="source_colors")(copy[:, :, :, :channels])
            own = SoftHistogram(bins, **options, name="source_histogram")(colors)
            histograms = keras.layers.Concatenate(axis=1, name="histograms")([histogram, own])
        code = encode(histograms, encoder, size=CODE, pixels=side**2, cumulative=True)

    transform = np.zeros([out_channels, image.shape[-1] + 1])
    if identity or code is not None:
        transform = _identity(*transform.shape, channels, matched=matched, color_space=color_space)
    start = "zeros" if identity else "he_normal" if code is None else initializer()
    cells = _predict_grid(copy, code, grid, transform=transform, kernel=start, batch_norm=batch_norm)
    output = BilateralSlice(name="image")([cells, make_guide(unit, guide), image])
    return keras.Model([source, histogram] if code is not None else source, output, name="generator")


def _copy_side(image_size):
    if image_size is None:
        return SIDES[0]
    return next((side for side in SIDES if side <= min(size_pair(image_size))), SIDES[-1])


def _check_grid(grid, side):
    rows, columns, levels = grid
    if rows != columns or rows not in [GLOBAL_SIDE * 2**n for n in range(8)] or rows > side or levels < 1:
        raise ValueError(f"grid must be (n, n, levels), n a power of 2 from {GLOBAL_SIDE} to {side}; received {grid}")


def _identity(out_channels, inner, channels, *, matched, color_space):
    """Return the transform ``[out_channels, inner]`` that gives the source, or the mean of its copies.

    A source of one channel (luminance) becomes a gray image. In every color space, the grays lie on a line.
    """
    transform = np.zeros([out_channels, inner])
    if channels < out_channels:
        black, white = np.asarray(to_network(tf.constant([[0.0] * 3, [1.0] * 3]), color_space))
        transform[:, 0], transform[:, -1] = (white - black) / 2, (white + black) / 2
        return transform
    copies = (0, 3) if matched else (0,)  # the first channels of the source and of the matched source
    for channel in range(out_channels):
        transform[channel, [start + channel for start in copies]] = 1 / len(copies)
    return transform


def _predict_grid(copy, code, grid, *, transform, kernel, batch_norm):
    """Predict the grid from a small copy and the code of a reference.

    Args:
        copy: symbolic ``[B, side, side, 3]``, or with six channels if the matched source is an input too.
        code: symbolic ``[B, N]``, or None.
        grid: ``(h, w, d)``.
        transform: ``[out, in + 1]``, the initial transform of every cell. It is the initial bias of the last layer.
        kernel: the initializer of the last layer's kernel.
        batch_norm: as in `hdrnet_generator`.

    Returns:
        ``[B, h, w, d, out, in + 1]``.
    """
    rows, _, levels = grid
    filters = 8 * levels
    convolution = functools.partial(_convolution, mirrored=code is not None)
    x = copy
    for number in range(round(math.log2(copy.shape[1] / rows))):
        normalize = batch_norm and number > 0
        x = _layer(convolution(levels * 2**number, strides=2, bias=not normalize), x, f"splat_{number}", normalize)

    local = x
    if code is not None:
        local = join(x, keras.layers.Dense(LOCAL_CODE, activation="relu", name="local_code")(code), name="local")
    local = _layer(convolution(filters, bias=not batch_norm), local, "local_0", batch_norm)
    local = convolution(filters, bias=False)("local_1")(local)

    for number in range(round(math.log2(rows / GLOBAL_SIDE))):
        x = _layer(convolution(filters, strides=2, bias=not batch_norm), x, f"global_{number}", batch_norm)
    x = keras.layers.Flatten(name="global_flatten")(x)
    if code is not None:
        x = keras.layers.Concatenate(name="global_join")([x, code])
    x = _layer(_dense(4 * filters, bias=not batch_norm), x, "global_dense_0", batch_norm)
    x = _layer(_dense(2 * filters, bias=not batch_norm), x, "global_dense_1", batch_norm)
    x = _dense(filters)("global_dense_2")(x)

    fused = keras.layers.Add(name="fuse")([local, broadcast(x, rows, rows, name="global")])
    fused = keras.layers.ReLU(name="fuse_relu")(fused)
    flat = keras.layers.Conv2D(
        levels * transform.size,
        1,
        kernel_initializer=kernel,
        bias_initializer=keras.initializers.Constant(np.tile(np.ravel(transform), levels).tolist()),
        name="grid_conv",
        dtype="float32",  # under any policy: bfloat16 resolves 1.0 only to 1/100
    )(fused)
    return keras.layers.Reshape((rows, rows, levels, *transform.shape), name="grid", dtype="float32")(flat)


def _layer(make, x, name, normalize):
    """Apply the layer ``make(name)``, batch norm if ``normalize``, and ReLU."""
    x = make(name)(x)
    if normalize:
        x = keras.layers.BatchNormalization(momentum=BATCH_NORM_MOMENTUM, scale=False, name=f"{name}_norm")(x)
    return keras.layers.ReLU(name=f"{name}_relu")(x)


def _convolution(filters, *, mirrored, strides=1, bias=True):
    def make(name):
        convolve = keras.layers.Conv2D(
            filters,
            3,
            strides=strides,
            padding="valid" if mirrored else "same",
            use_bias=bias,
            kernel_initializer="he_normal",
            name=name,
        )
        return (lambda x: convolve(ReflectionPadding(name=f"{name}_pad")(x))) if mirrored else convolve

    return make


def _dense(units, *, bias=True):
    return lambda name: keras.layers.Dense(units, use_bias=bias, kernel_initializer="he_normal", name=name)
