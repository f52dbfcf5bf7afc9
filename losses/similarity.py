"""Structural dissimilarity of two images: 1 - SSIM."""

import tensorflow as tf
from numpy.typing import ArrayLike

from utils.colors import to_network, to_rgb


def structural_dissimilarity(content: ArrayLike, image: ArrayLike, *, color_space: str = "yuv") -> tf.Tensor:
    """Compute ``1 - SSIM`` of the luminances of two images (Wang et al. 2004, Gaussian window of 11 pixels).

    As a loss, it preserves contrast as well as structure. Mutual information preserves only structure: it does not
    change under a monotone map of the colors.

    Args:
        content, image: float ``[B, H, W, C]`` in the network's colors, at least 11 pixels high and wide.
        color_space: color space of both images.

    Returns:
        float ``[B]``, from 0 for equal images to 2.
    """
    first, second = (to_network(to_rgb(x, color_space), color_space, channels=1) / 2 + 0.5 for x in (content, image))
    return 1 - tf.image.ssim(first, second, max_val=1.0)
