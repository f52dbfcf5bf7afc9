"""Maps of colors as polynomials of R, G and B, as functions and as a layer."""

import itertools

import numpy as np
import tensorflow as tf
from tensorflow import keras

from models.networks.bilateral import strips_of

STRIP = 2**18  # pixels to process at once, because each has TERMS products
DEGREE = 3  # highest degree: 3 is within 0.5 of known looks (mean CIEDE2000), 1 only within 2.3
EXPONENTS = [powers for powers in itertools.product(range(DEGREE + 1), repeat=3) if sum(powers) <= DEGREE]
TERMS = len(EXPONENTS)  # 20


@tf.autograph.experimental.do_not_convert  # AutoGraph would take a second and has nothing to convert
def polynomial_terms(colors) -> tf.Tensor:
    """Compute the products ``T_i(R) T_j(G) T_k(B)`` with ``i + j + k <= DEGREE``: ``[..., 3]`` to ``[..., TERMS]``.

    T_n is the Chebyshev polynomial of degree n. Its argument, a channel scaled from [0, 1] to [-1, 1], is clipped, so
    that all products stay in [-1, 1].
    """
    scaled = tf.clip_by_value(2 * colors - 1, -1.0, 1.0)
    powers = [tf.ones_like(scaled), scaled]
    while len(powers) <= DEGREE:
        powers.append(2 * scaled * powers[-1] - powers[-2])
    red, green, blue = zip(*(tf.unstack(power, axis=-1) for power in powers), strict=True)
    return tf.stack([red[i] * green[j] * blue[k] for i, j, k in EXPONENTS], axis=-1)


def add_polynomials(coefficients, images) -> tf.Tensor:
    """Add polynomials of an image's colors to the image: ``x + sum over t of polynomial_terms(x)_t c_t``.

    Args:
        coefficients: c, ``[B, TERMS, 3]``.
        images: x, ``[B, H, W, 3]``, RGB in [0, 1].
    """
    return images + tf.einsum("bhwt,btc->bhwc", polynomial_terms(images), coefficients)


def affine_coefficients(affine) -> tf.Tensor:
    """Return the coefficients ``[B, TERMS, 3]`` of the affine maps ``[B, 3, 4]`` (A and b) of RGB in [0, 1]."""
    terms = np.zeros([TERMS, 4], np.float32)  # x = (1 + T_1(x)) / 2
    for channel in range(3):
        terms[EXPONENTS.index(tuple(np.eye(3, dtype=int)[channel])), channel] = 0.5
        terms[EXPONENTS.index((0, 0, 0)), channel] = 0.5
    terms[EXPONENTS.index((0, 0, 0)), 3] = 1.0
    return tf.einsum("tc,bdc->btd", terms, affine)


@keras.utils.register_keras_serializable(package="huenet")
class AddPolynomials(keras.layers.Layer):
    """`add_polynomials` as a layer, strip by strip. Its inputs are ``[coefficients, images]``.

    It uses float32 under any policy.
    """

    def __init__(self, dtype="float32", **kwargs):
        super().__init__(dtype=dtype, **kwargs)

    def call(self, inputs) -> tf.Tensor:
        coefficients, images = inputs
        count, height, width = tf.unstack(tf.shape(images)[:3])
        rows = tf.transpose(images, [1, 0, 2, 3])
        strips = strips_of(rows, tf.maximum(STRIP // tf.maximum(count * width, 1), 1))

        @tf.autograph.experimental.do_not_convert
        def add(strip):  # [h,B,W,3]
            return strip + tf.einsum("hbwt,btc->hbwc", polynomial_terms(strip), coefficients)

        mapped = tf.reshape(tf.map_fn(add, strips, parallel_iterations=1), [-1, count, width, 3])[:height]
        return tf.ensure_shape(tf.transpose(mapped, [1, 0, 2, 3]), images.shape)

    def compute_output_shape(self, input_shape) -> tuple:
        return input_shape[1]
