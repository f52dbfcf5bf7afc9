"""Entropies and mutual information, against scikit-learn, scipy and known identities."""

import numpy as np
import pytest
import tensorflow as tf
from scipy.stats import entropy
from sklearn.metrics import mutual_info_score

from histogram_layers import (
    conditional_entropy,
    joint_entropy,
    joint_histogram,
    mutual_information,
    normalized_mi_distance,
)

FUNCTIONS = (joint_entropy, mutual_information, conditional_entropy, normalized_mi_distance)


@pytest.fixture
def joint(photographs):
    first, second = np.float32(photographs)[:, None]
    return joint_histogram(first, 0.7 * first + 0.3 * second, bins=16).numpy().astype(np.float64)  # [1,3,16,16]


def test_mutual_information_matches_scikit_learn(photographs):
    counts, _, _ = np.histogram2d(photographs[0, ..., 0].ravel(), photographs[0, ..., 1].ravel(), bins=16)
    expected = mutual_info_score(None, None, contingency=counts)
    np.testing.assert_allclose(mutual_information(counts / counts.sum()), expected, rtol=1e-9)


def test_entropies_match_scipy(joint):
    for channel in range(3):
        J = joint[0, channel] / joint[0, channel].sum()
        np.testing.assert_allclose(joint_entropy(J), entropy(J.ravel()), rtol=1e-9)
        expected = entropy(J.ravel()) - entropy(J.sum(axis=0))  # H(X, Y) - H(Y), where Y is the second axis
        np.testing.assert_allclose(conditional_entropy(J), expected, rtol=1e-9)


def test_mutual_information_matches_its_definition(joint):
    J = joint / joint.sum(axis=(2, 3), keepdims=True)
    product = J.sum(axis=3, keepdims=True) * J.sum(axis=2, keepdims=True)
    np.testing.assert_allclose(mutual_information(J), np.sum(J * np.log(J / product), axis=(2, 3)), rtol=1e-9)


def test_independent_images_share_no_information_and_equal_images_share_all():
    independent = np.outer(np.full(8, 1 / 8), np.arange(8) / 28.0)
    np.testing.assert_allclose(mutual_information(independent), 0, atol=1e-12)
    np.testing.assert_allclose(normalized_mi_distance(independent), 1, atol=1e-12)
    equal = np.diag(np.full(8, 1 / 8))
    np.testing.assert_allclose(mutual_information(equal), np.log(8))
    np.testing.assert_allclose(conditional_entropy(equal), 0, atol=1e-12)
    np.testing.assert_allclose(normalized_mi_distance(equal), 0, atol=1e-12)


def test_conditional_entropy_is_the_entropy_of_the_content_minus_mutual_information(joint):
    J = joint / joint.sum(axis=(2, 3), keepdims=True)
    content_entropy = entropy(J.sum(axis=3), axis=-1)
    np.testing.assert_allclose(conditional_entropy(J), content_entropy - mutual_information(J), rtol=1e-9)


def test_all_values_are_zero_when_one_bin_has_all_mass():
    single = np.zeros([4, 4])
    single[1, 2] = 1
    for loss in FUNCTIONS:
        assert loss(single) == 0


@pytest.mark.parametrize("loss", FUNCTIONS)
def test_gradients_are_finite_at_empty_bins_and_match_finite_differences_elsewhere(joint, loss):
    J = joint[0, 0].copy()
    J[3] = 0
    variable = tf.Variable(J)
    with tf.GradientTape() as tape:
        value = loss(variable)
    gradient = tape.gradient(value, variable).numpy()
    assert np.all(np.isfinite(gradient))
    for i, j in np.argwhere(J > 0.005)[::5]:
        step = np.zeros_like(J)
        step[i, j] = 1e-6
        difference = (loss(J + step) - loss(J - step)) / (2 * step[i, j])
        np.testing.assert_allclose(gradient[i, j], difference, rtol=1e-5)


@pytest.mark.parametrize("loss", FUNCTIONS)
def test_there_is_one_value_per_image_and_channel(joint, loss):
    assert loss(joint).shape == (1, 3)
