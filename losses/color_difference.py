"""A perceptual difference of colors, as a loss."""

import tensorflow as tf

from utils.colors import LAB_UNITS, to_network, to_rgb

_TINY = 1e-4  # keeps the gradients of square roots finite at 0


def color_difference(real: tf.Tensor, image: tf.Tensor, *, color_space: str = "rgb") -> tf.Tensor:
    """Compute the color difference CIE94 of two images at each pixel, divided by 100.

        dE = sqrt(dL^2 + (dC / (1 + 0.045 C))^2 + dH^2 / (1 + 0.015 C)^2)

    C is the chroma of the real color, dL and dC the differences of lightness and chroma, and
    dH^2 = da^2 + db^2 - dC^2. Unlike CIEDE2000, it is smooth. Colors outside sRGB are clipped first.

    Args:
        real, image: float ``[B, H, W, C]``, in the network's colors. One channel is luminance.
        color_space: the color space of the images.

    Returns:
        float ``[B, H, W]``.
    """
    real, image = (to_network(to_rgb(x, color_space), "lab") * LAB_UNITS for x in (real, image))
    squares = tf.square(image - real)
    chroma, other_chroma = (tf.sqrt(tf.reduce_sum(tf.square(x[..., 1:]), axis=-1) + _TINY) for x in (real, image))
    chroma_squared = tf.square(other_chroma - chroma)
    hue_squared = tf.nn.relu(squares[..., 1] + squares[..., 2] - chroma_squared)
    scaled = chroma_squared / tf.square(1 + 0.045 * chroma) + hue_squared / tf.square(1 + 0.015 * chroma)
    return tf.sqrt(squares[..., 0] + scaled + _TINY) / 100
