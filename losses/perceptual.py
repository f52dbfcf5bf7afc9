"""The perceptual loss: the difference of two images as a classifier's features have it."""

import tensorflow as tf
from tensorflow import keras

from utils import UserError, in_one_line
from utils.colors import to_rgb

LAYERS = ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3")  # of Keras's VGG-16: relu1_2 to relu4_3


class PerceptualLoss:
    """``1/4 sum_l |F_l(real) - F_l(image)|^2 / (H_l W_l C_l)``, F_l the features of VGG-16 after relu1_2, ..., relu4_3.

    It is the feature loss of Johnson et al. 2016 (arXiv 1603.08155), with the layers of Mustafa, You and Mantiuk's
    study of loss functions for enhancement: relu1_2, relu2_2, relu3_3 and relu4_3.

    Args:
        color_space: of the images.
        vgg_weights: a file of VGG-16's weights without its dense layers, such as Keras's
            vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5; None: Keras's own, which are downloaded once.

    Called with ``real`` and ``image``, ``[B, H, W, C]`` in the network's colors, it returns ``[B]``.

    Raises:
        UserError: where the weights cannot be read or downloaded.
    """

    def __init__(self, *, color_space="yuv", vgg_weights=None):
        self._color_space = color_space
        self._features = vgg_features(vgg_weights)

    def __call__(self, real, image):
        pairs = zip(self._features_of(real), self._features_of(image), strict=True)
        return tf.add_n([tf.reduce_mean(tf.square(a - b), axis=[1, 2, 3]) for a, b in pairs]) / len(LAYERS)

    def _features_of(self, images):
        rgb = to_rgb(images, self._color_space)
        features = self._features(keras.applications.vgg16.preprocess_input(rgb * 255.0))
        return [tf.cast(feature, tf.float32) for feature in features]


def vgg_features(weights=None):
    """VGG-16 to the four layers: a `keras.Model` of ``[B, H, W, 3]``. ``weights``: as `PerceptualLoss` takes them."""
    try:
        vgg = keras.applications.VGG16(include_top=False, weights=weights or "imagenet")
    except Exception as error:  # of any type: no network, no file, another network's weights
        where = f"--vgg_weights {weights} cannot be read" if weights else "VGG-16's weights cannot be downloaded"
        needed = "a file of VGG-16's weights without dense layers"
        raise UserError(f"{where} ({in_one_line(error)}); give {needed} with --vgg_weights") from None
    vgg.trainable = False
    return keras.Model(vgg.input, [vgg.get_layer(name).output for name in LAYERS], name="vgg_features")
