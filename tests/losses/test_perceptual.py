"""The perceptual loss with a seeded VGG-16: its value by hand, its gradient, its weights' file."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from losses.perceptual import LAYERS, PerceptualLoss
from tests.vgg import seeded_vgg
from utils import UserError


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return seeded_vgg(tmp_path_factory.mktemp("vgg") / "vgg.weights.h5")


@pytest.fixture(scope="module")
def loss(weights):
    return PerceptualLoss(color_space="rgb", vgg_weights=str(weights))


def test_the_value_is_the_mean_of_four_normalized_squared_differences(loss, weights, photographs):
    real, image = np.float32(photographs[:1]), np.float32(photographs[1:])
    vgg = keras.applications.VGG16(include_top=False, weights=str(weights))
    mean_bgr = np.array([103.939, 116.779, 123.68])
    features = []
    for x in (real, image):
        x = (x[..., ::-1] + 1) * 127.5 - mean_bgr
        features.append([])
        for layer in vgg.layers[1:]:
            x = np.asarray(layer(x))
            if layer.name in ("block1_conv2", "block2_conv2", "block3_conv3", "block4_conv3"):
                features[-1].append(np.float64(x))
    assert [f.shape[-1] for f in features[0]] == [64, 128, 256, 512] and features[0][0].min() == 0  # after the ReLU
    wanted = sum(((a - b) ** 2).sum() / a.size for a, b in zip(*features, strict=True)) / len(LAYERS)
    np.testing.assert_allclose(loss(real, image), [wanted], rtol=1e-4)
    np.testing.assert_allclose(loss(real, real), [0])


def test_a_step_against_the_gradient_lowers_it(loss, photographs):
    real, image = tf.constant(photographs[:1], tf.float32), tf.Variable(np.float32(photographs[1:]) * 0.9)
    with tf.GradientTape() as tape:
        before = loss(real, image)
    gradient = tape.gradient(before, image)
    image.assign_sub(0.02 * gradient / tf.reduce_max(tf.abs(gradient)))
    assert float(loss(real, image)[0]) < 0.99 * float(before[0])


def test_weights_that_cannot_be_read_are_one_sentence(tmp_path):
    (tmp_path / "no.h5").write_bytes(b"no weights")
    with pytest.raises(UserError, match=r"--vgg_weights .*no\.h5 cannot be read \(.*\); give a file of VGG-16"):
        PerceptualLoss(vgg_weights=str(tmp_path / "no.h5"))
