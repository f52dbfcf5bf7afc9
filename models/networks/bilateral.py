"""Slicing a bilateral grid: a grid of affine color transforms, applied to an image at its full resolution.

A bilateral grid has cells in three dimensions: rows, columns and brightness. A guide, one value in [0, 1] per pixel,
gives a pixel's place in the third. The transform of a pixel is interpolated between the cells around it, so that it
follows edges of the guide (Gharbi et al. 2017, doi 10.1145/3072959.3073592, section 3.2).
"""

import functools

import tensorflow as tf
from tensorflow import keras

GRID = (16, 16, 8)  # rows, columns and levels, as in Gharbi et al.
STRIP = 2**15  # pixels that are processed at once: their weights fit into a processor's cache


def bilateral_slice(grid: tf.Tensor, guide: tf.Tensor, image: tf.Tensor) -> tf.Tensor:
    """Apply a bilateral grid of affine color transforms to an image.

    With tent weights A(y, i) = max(1 - |clip((y + 1/2) h/H - 1/2, 0, h - 1) - i|, 0), B(x, j) likewise for the columns,
    and w(y, x, k) = max(1 - |clip(d g(y, x) - 1/2, 0, d - 1) - k|, 0) for the guide g:

        M(y, x) = sum over i, j, k of A(y, i) B(x, j) w(y, x, k) grid(i, j, k)
        output(y, x) = M(y, x) [image(y, x); 1]

    Args:
        grid: ``[B, h, w, d, out, in + 1]``, in each cell a matrix and, in its last column, an offset.
        guide: ``[B, H, W, 1]`` in [0, 1].
        image: ``[B, H, W, in]``.

    Returns:
        float32 ``[B, H, W, out]``, with gradients for all three. Nothing of the size of M is kept for them.
    """
    grid, guide, image = (tf.cast(tensor, tf.float32) for tensor in (grid, guide, image))
    batch, height, width = tf.unstack(tf.shape(image)[:3])
    rows, columns, levels, out, inner = grid.shape[1:]
    cells = tf.reshape(tf.transpose(grid, [0, 1, 2, 4, 3, 5]), [-1, rows, columns * out * levels * inner])
    by_row = tf.matmul(_tents(height, rows), cells)  # [B,H,w out d in+1]
    by_row = tf.reshape(by_row, [batch * height, columns * out, levels * inner])
    tents = tf.transpose(_tents(width, columns))  # [w,W]
    strips = functools.partial(_strips, size=tf.maximum(STRIP // width, 1))
    inputs = strips(by_row), strips(tf.reshape(guide, [-1, width])), strips(tf.reshape(image, [-1, width, inner - 1]))
    output = tf.map_fn(
        lambda strip: _slice_strip(*strip, tents), inputs, parallel_iterations=1, fn_output_signature=tf.float32
    )
    flat = tf.reshape(output, [-1, width, out])[: batch * height]
    return tf.ensure_shape(tf.reshape(flat, [batch, height, width, out]), [*image.shape[:3], out])


def in_strips(function, images) -> tf.Tensor:
    """Apply a function of pixels ``[N, C]`` to ``[N, c]`` to images ``[B, H, W, C]``, one strip at a time."""
    strips = _strips(tf.reshape(images, [-1, images.shape[-1]]), STRIP)
    made = tf.map_fn(function, strips, fn_output_signature=images.dtype)
    size, channels = tf.shape(images)[:-1], made.shape[-1]
    pixels = tf.reshape(made, [-1, channels])[: tf.reduce_prod(size)]
    return tf.ensure_shape(tf.reshape(pixels, [*tf.unstack(size), channels]), [*images.shape[:-1], channels])


def _tents(pixels, cells):
    """Weights of ``cells`` cells at ``pixels`` pixels, ``[pixels, cells]``. In float64, as 8 K pixels need."""
    places = (tf.range(tf.cast(pixels, tf.float64)) + 0.5) * (cells / tf.cast(pixels, tf.float64)) - 0.5
    return _tent(tf.clip_by_value(places, 0, cells - 1)[:, None] - tf.range(cells, dtype=tf.float64))


def _tent(distance):
    return tf.cast(tf.nn.relu(1 - tf.abs(distance)), tf.float32)  # its slope at the kinks is 0


def _strips(rows, size):
    """``[N, ...]`` as strips of ``size`` rows, or N if it is smaller: ``[T, size, ...]``, the last zero-padded."""
    count = tf.shape(rows)[0]
    size = tf.clip_by_value(count, 1, size)  # of an empty batch, no strips
    strips = -(-count // size)
    padded = tf.pad(rows, [[0, strips * size - count], *[[0, 0]] * (rows.shape.rank - 1)])
    return tf.reshape(padded, tf.concat([[strips, size], tf.shape(rows)[1:]], axis=0))


@tf.custom_gradient
def _slice_strip(cells, guide, image, tents):
    """`_slice_rows`, recomputed for its gradient rather than stored."""

    def gradient(upstream):
        # Copies, as the gradient's loop would take the inputs' own shapes from the first loop, where XLA loses them.
        inputs = [tf.identity(tensor) for tensor in (cells, guide, image)]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            output = _slice_rows(*inputs, tents)
        return *tape.gradient(output, inputs, upstream), tf.zeros_like(tents)

    return _slice_rows(cells, guide, image, tents), gradient


def _slice_rows(cells, guide, image, tents):
    """Some rows: cells ``[N,w out,d (in+1)]``, guide ``[N,W]``, image ``[N,W,in]``, tents ``[w,W]`` to ``[N,W,out]``.

    First the sums over levels and inputs, one matrix product, then those over the columns' cells. Pixels are the last
    axis meanwhile, which vectorizes.
    """
    inputs = tf.concat([tf.transpose(image, [0, 2, 1]), tf.ones_like(guide[:, None])], axis=1)  # [N,in+1,W]
    levels, columns = cells.shape[2] // inputs.shape[1], tents.shape[0]
    count, width = tf.unstack(tf.shape(guide))
    place = tf.clip_by_value(levels * guide - 0.5, 0, levels - 1)
    weights = _tent(place[:, None] - tf.range(levels, dtype=tf.float32)[:, None])  # [N,d,W]
    features = tf.reshape(weights[:, :, None] * inputs[:, None], [count, cells.shape[2], width])
    by_column = tf.reshape(cells @ features, [count, columns, -1, width])  # [N,w,out,W]
    return tf.transpose(tf.reduce_sum(by_column * tents[:, None], axis=1), [0, 2, 1])


@keras.utils.register_keras_serializable(package="huenet")
class BilateralSlice(keras.layers.Layer):
    """`bilateral_slice` as a layer: ``[grid, guide, image]`` to the image. It computes in float32 under any policy."""

    def __init__(self, dtype: str = "float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)

    def call(self, inputs: list[tf.Tensor]) -> tf.Tensor:
        return bilateral_slice(*inputs)

    def compute_output_shape(self, input_shape: list[tuple]) -> tuple:
        grid, _, image = input_shape
        return (*image[:3], grid[-2])
