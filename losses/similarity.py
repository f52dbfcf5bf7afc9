"""How unlike two images are as people see it."""

import tensorflow as tf

from utils.colors import to_network, to_rgb


def structural_dissimilarity(content, image, *, color_space="yuv"):
    """``1 - SSIM`` of the luminances of two images (Wang et al. 2004, Gaussian window of 11 pixels).

    Unlike mutual information, which no monotone change of the colors touches, it also keeps the contrast.

    Args:
        content, image: ``[B, H, W, C]``, in the network's colors, of 11 pixels a side at least.
        color_space: of both.

    Returns:
        ``[B]``, from 0 where both are the same to 2.
    """
    first, second = (to_network(to_rgb(x, color_space), color_space, channels=1) / 2 + 0.5 for x in (content, image))
    return 1 - tf.image.ssim(first, second, max_val=1.0)
