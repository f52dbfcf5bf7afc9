"""The Keras losses of histograms: their values, their configuration, and training with them."""

import numpy as np
import pytest
from tensorflow import keras

import histogram_layers
from histogram_layers import (
    ConditionalEntropy,
    CyclicEarthMoversDistance,
    EarthMoversDistance,
    JointHistogram,
    MutualInformation,
    NormalizedMIDistance,
    SoftHistogram,
    conditional_entropy,
    joint_histogram,
    mutual_information,
    normalized_mi_distance,
    soft_histogram,
)

JOINT_LOSSES = {
    ConditionalEntropy: conditional_entropy,
    MutualInformation: lambda J: -mutual_information(J),
    NormalizedMIDistance: normalized_mi_distance,
}


@pytest.mark.parametrize("kind", (EarthMoversDistance, CyclicEarthMoversDistance))
def test_a_distance_is_the_mean_over_channels_and_images(photographs, kind):
    h1, h2 = (soft_histogram(np.float32(image)[None], bins=32) for image in photographs)
    loss = kind.from_config(kind(order=1).get_config())
    assert isinstance(loss, keras.losses.Loss)
    np.testing.assert_allclose(loss(h1, h2), np.mean(kind.distance(h1, h2, 1)), rtol=1e-6)


@pytest.mark.parametrize("kind", JOINT_LOSSES)
def test_a_loss_of_joint_histograms_is_the_mean_over_channels_and_images_whatever_the_target(photographs, kind):
    image = np.float32(photographs)
    joint = joint_histogram(image, 0.5 * image + 0.5 * image[::-1], bins=16)
    loss = kind.from_config(kind(name="structure").get_config())
    assert loss.name == "structure"
    for target in (image, np.zeros([2, 1], np.float32)):
        np.testing.assert_allclose(loss(target, joint), np.mean(JOINT_LOSSES[kind](joint)), rtol=1e-6)


@pytest.mark.long
@pytest.mark.parametrize("kind", JOINT_LOSSES)
def test_training_with_a_loss_of_joint_histograms_restores_structure(photographs, kind):
    first, second = np.float32(photographs)[:, None]
    inputs = [keras.Input((48, 48, 3)) for _ in range(2)]
    mixed = keras.layers.Concatenate()(inputs)
    # At first it ignores the first image.
    start = np.concatenate([np.zeros([3, 3]), np.eye(3)])[None, None] + 0.01
    image = keras.layers.Conv2D(3, 1, kernel_initializer=keras.initializers.Constant(start.tolist()))(mixed)
    model = keras.Model(inputs, JointHistogram(bins=16)([inputs[0], image]))
    model.compile(keras.optimizers.Adam(0.02), kind())
    before = mutual_information(model([first, second])).numpy().mean()
    model.fit([first, second], first, epochs=60, verbose=0)
    after = mutual_information(model([first, second])).numpy().mean()
    assert after > 1.5 * before


@pytest.mark.long
@pytest.mark.parametrize("loss", (EarthMoversDistance(order=1), CyclicEarthMoversDistance(), ConditionalEntropy()))
def test_a_compiled_model_is_saved_and_reloaded_with_its_loss(photographs, tmp_path, loss):
    first, second = np.float32(photographs)[:, None]
    source = keras.Input((48, 48, 3))
    image = keras.layers.Conv2D(3, 1)(source)
    is_joint = isinstance(loss, ConditionalEntropy)
    histogram = JointHistogram(bins=8)([source, image]) if is_joint else SoftHistogram(bins=8)(image)
    model = keras.Model(source, histogram)
    model.compile("sgd", loss)
    model.save(tmp_path / "model.keras")
    reloaded = keras.models.load_model(tmp_path / "model.keras")
    target = soft_histogram(second, bins=8)
    expected = model.evaluate(first, target, verbose=0)
    np.testing.assert_allclose(reloaded.evaluate(first, target, verbose=0), expected, rtol=1e-6)
    assert reloaded.loss.get_config() == loss.get_config()


def test_the_dense_formulas_keep_their_name_of_version_1():
    assert histogram_layers.reference is histogram_layers.dense
