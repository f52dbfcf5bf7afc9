"""The perceptual loss: the difference between the features of two images in a classifier."""

import tensorflow as tf
from numpy.typing import ArrayLike
from tensorflow import keras

from utils import UserError, in_one_line
from utils.colors import to_rgb

LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")  # of Keras's VGG-16: relu1_2 to relu4_3


class PerceptualLoss:
    """Mean squared difference of features: ``1/4 sum_l |F_l(real) - F_l(image)|^2 / (H_l W_l C_l)``.

    F_l are the features at layer l of VGG-16. This is the feature loss of Johnson et al. 2016 (arXiv 1603.08155). The
    layers are relu1_2, relu2_2, relu3_3 and relu4_3, as in Mustafa, You and Mantiuk's study of loss functions for
    enhancement.

    Args:
        color_space: color space of the images.
        vgg_weights: file with the weights of VGG-16 without its dense layers, for example
            vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5 from Keras. None uses Keras's own weights, which it
            downloads once.

    Call it with ``real`` and ``image``, both ``[B, H, W, C]`` in the network's colors. It returns ``[B]``.

    Raises:
        UserError: the weights cannot be read or downloaded.
    """

    def __init__(self, *, color_space: str = "yuv", vgg_weights: str | None = None):
        self._color_space = color_space
        self._features = vgg_features(vgg_weights)

    def __call__(self, real: ArrayLike, image: ArrayLike) -> tf.Tensor:
        pairs = zip(self._features_of(real), self._features_of(image), strict=True)
        return tf.add_n([tf.reduce_mean(tf.square(a - b), axis=[1, 2, 3]) for a, b in pairs]) / len(LAYERS)

    def _features_of(self, images):
        rgb = to_rgb(images, self._color_space)
        features = self._features(keras.applications.vgg16.preprocess_input(rgb * 255.0))
        return [tf.cast(feature, tf.float32) for feature in features]


def vgg_features(weights: str | None = None) -> keras.Model:
    """Return a model that maps images ``[B, H, W, 3]`` to VGG-16's features at `LAYERS`.

    Args:
        weights: ``vgg_weights`` of `PerceptualLoss`.

    Raises:
        UserError: the weights cannot be read or downloaded.
    """
    try:
        vgg = keras.applications.VGG16(include_top=False, weights=weights or "imagenet")
    except Exception as error:  # the type varies: no internet, no such file, weights of another network
        where = f"--vgg_weights {weights} cannot be read" if weights else "VGG-16's weights cannot be downloaded"
        needed = "a file of VGG-16's weights without dense layers"
        raise UserError(f"{where} ({in_one_line(error)}); give {needed} with --vgg_weights") from None
    vgg.trainable = False
    return keras.Model(vgg.input, [vgg.get_layer(name).output for name in LAYERS], name="vgg_features")
