"""Slice a bilateral grid: apply a grid of affine color transforms to an image at its full resolution.

A bilateral grid has cells in three dimensions: rows, columns and levels. A guide has one value in [0, 1] for each
pixel, its position along the levels. The transform of a pixel is interpolated from the cells around its position. It
thus changes at the edges of the guide (Gharbi et al. 2017, doi 10.1145/3072959.3073592, section 3.2).
"""

import functools

import tensorflow as tf
from tensorflow import keras

from models.networks.sizes import clip_size, sizes_of

GRID = (16, 16, 8)  # rows, columns and levels, as in Gharbi et al.
STRIP = 2**15  # pixels to process at once, so that their weights fit into a processor's cache


def bilateral_slice(grid: tf.Tensor, guide: tf.Tensor, image: tf.Tensor) -> tf.Tensor:
    """Apply a bilateral grid of affine color transforms to an image.

    With tent weights A(y, i) = max(1 - |clip((y + 1/2) h/H - 1/2, 0, h - 1) - i|, 0), the same B(x, j) for the columns,
    and w(y, x, k) = max(1 - |clip(d g(y, x) - 1/2, 0, d - 1) - k|, 0) for the guide g:

        M(y, x) = sum over i, j, k of A(y, i) B(x, j) w(y, x, k) grid(i, j, k)
        output(y, x) = M(y, x) [image(y, x); 1]

    Args:
        grid: ``[B, h, w, d, out, in + 1]``, in each cell a matrix, whose last column is the offset.
        guide: ``[B, H, W, 1]`` in [0, 1].
        image: ``[B, H, W, in]``.

    Returns:
        float32 ``[B, H, W, out]``, with gradients for all three inputs. M is not stored for the gradients.
    """
    grid, guide, image = (tf.cast(tensor, tf.float32) for tensor in (grid, guide, image))
    batch, height, width, _ = sizes_of(image)
    rows, columns, levels, out, inner = grid.shape[1:]
    cells = tf.reshape(tf.transpose(grid, [0, 1, 2, 4, 3, 5]), [-1, rows, columns * out * levels * inner])
    by_row = tf.matmul(_tents(height, rows), cells)  # [B,H,w out d in+1]
    by_row = tf.reshape(by_row, [batch * height, columns * out, levels * inner])
    tents = tf.transpose(_tents(width, columns))  # [w,W]
    strips = functools.partial(strips_of, size=clip_size(STRIP // width, 1, STRIP))
    inputs = strips(by_row), strips(tf.reshape(guide, [-1, width])), strips(tf.reshape(image, [-1, width, inner - 1]))
    made = tf.TensorSpec([inputs[0].shape[1], image.shape[2], out], tf.float32)
    output = tf.map_fn(
        lambda strip: _slice_strip(*strip, tents), inputs, parallel_iterations=1, fn_output_signature=made
    )
    flat = tf.reshape(output, [-1, width, out])[: batch * height]
    return tf.ensure_shape(tf.reshape(flat, [batch, height, width, out]), [*image.shape[:3], out])


def in_strips(function, images, channels) -> tf.Tensor:
    """Apply a function from pixels ``[N, C]`` to ``[N, channels]``, strip by strip, to images ``[B, H, W, C]``."""
    strips = strips_of(tf.reshape(images, [-1, images.shape[-1]]), STRIP)
    made = tf.TensorSpec([strips.shape[1], channels], images.dtype)
    batch, height, width, _ = sizes_of(images)
    pixels = tf.reshape(tf.map_fn(function, strips, fn_output_signature=made), [-1, channels])
    pixels = pixels[: batch * height * width]
    return tf.ensure_shape(tf.reshape(pixels, [batch, height, width, channels]), [*images.shape[:-1], channels])


def _tents(pixels, cells):
    """Compute the interpolation weights ``[pixels, cells]``. The positions are float64, which 8K images need."""
    places = (tf.range(tf.cast(pixels, tf.float64)) + 0.5) * (cells / tf.cast(pixels, tf.float64)) - 0.5
    return _tent(tf.clip_by_value(places, 0, cells - 1)[:, None] - tf.range(cells, dtype=tf.float64))


def _tent(distance):
    return tf.cast(tf.nn.relu(1 - tf.abs(distance)), tf.float32)  # its slope at the kinks is 0


def strips_of(rows, size) -> tf.Tensor:
    """Split ``[N, ...]`` into strips of at most ``size`` rows: ``[T, rows, ...]``. The last strip is zero-padded."""
    count, *shape = sizes_of(rows)
    size = clip_size(count, 1, size)  # an empty batch has no strips
    strips = -(-count // size)
    padded = tf.pad(rows, [[0, strips * size - count], *[[0, 0]] * len(shape)])
    return tf.reshape(padded, [strips, size, *shape])


@tf.custom_gradient
def _slice_strip(cells, guide, image, tents):
    """Call `_slice_rows`, and recompute it for the gradient instead of storing its tensors."""

    def gradient(upstream):
        # Without these copies, the gradient's loop would take the shapes from the first loop, where XLA loses them.
        inputs = [tf.identity(tensor) for tensor in (cells, guide, image)]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            output = _slice_rows(*inputs, tents)
        return *tape.gradient(output, inputs, upstream), tf.zeros_like(tents)

    return _slice_rows(cells, guide, image, tents), gradient


def _slice_rows(cells, guide, image, tents):
    """Slice N rows. Return ``[N,W,out]``.

    Shapes: cells ``[N, w out, d (in+1)]``, guide ``[N,W]``, image ``[N,W,in]``, tents ``[w,W]``.

    It sums over levels and inputs by one matrix product, then over the cells of a row. Pixels are the last axis until
    the end, so that the processor can vectorize.
    """
    inputs = tf.concat([tf.transpose(image, [0, 2, 1]), tf.ones_like(guide[:, None])], axis=1)  # [N,in+1,W]
    levels, columns = cells.shape[2] // inputs.shape[1], tents.shape[0]
    count, width = sizes_of(guide)
    place = tf.clip_by_value(levels * guide - 0.5, 0, levels - 1)
    weights = _tent(place[:, None] - tf.range(levels, dtype=tf.float32)[:, None])  # [N,d,W]
    features = tf.reshape(weights[:, :, None] * inputs[:, None], [count, cells.shape[2], width])
    by_column = tf.reshape(cells @ features, [count, columns, -1, width])  # [N,w,out,W]
    return tf.transpose(tf.reduce_sum(by_column * tents[:, None], axis=1), [0, 2, 1])


@keras.utils.register_keras_serializable(package="huenet")
class BilateralSlice(keras.layers.Layer):
    """`bilateral_slice` as a layer. Its inputs are ``[grid, guide, image]``. It uses float32 under any policy."""

    def __init__(self, dtype: str = "float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        return bilateral_slice(*inputs)

    def compute_output_shape(self, input_shape: list[tuple]) -> tuple:
        grid, _, image = input_shape
        return (*image[:3], grid[-2])
