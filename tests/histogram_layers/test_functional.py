"""The histograms against numpy, the dense formulas and finite differences in float64."""

import itertools

import numpy as np
import pytest
import tensorflow as tf
from scipy.special import expit

from histogram_layers import dense, hard_histogram, joint_histogram, soft_histogram

RULES = ("reflect", "cyclic", "none")


@pytest.mark.parametrize("boundary,ratio,bins", list(itertools.product(RULES, (0.5, 2.5, 50.0), (8, 64))))
def test_histograms_equal_the_dense_formulas(photographs, boundary, ratio, bins):
    first, second = photographs.astype(np.float32)[:1], photographs.astype(np.float32)[1:]
    options = {"bins": bins, "kernel_width_ratio": ratio, "boundary": boundary}
    exact = np.float64(first), np.float64(second)
    np.testing.assert_allclose(soft_histogram(first, **options), dense.soft_histogram(exact[0], **options), atol=1e-6)
    np.testing.assert_allclose(
        joint_histogram(first, second, **options), dense.joint_histogram(*exact, **options), atol=1e-6
    )


@pytest.mark.long
@pytest.mark.parametrize("channels", (1, 2, 5))
def test_any_number_of_channels(rng, channels):
    # Many times and in a graph, because TensorFlow 2.21 writes out of bounds in some products of one channel.
    joint = tf.function(lambda first, second: joint_histogram(first, second, bins=16))
    for _ in range(30):
        first, second = np.float32(rng.uniform(-1, 1, [2, 4, 16, 16, channels]))
        expected = dense.joint_histogram(np.float64(first), np.float64(second), bins=16)
        np.testing.assert_allclose(joint(first, second), expected, atol=1e-6)


@pytest.mark.parametrize("boundary", RULES)
def test_values_outside_the_range_follow_the_boundary_rule(photographs, boundary):
    wide = np.float32(photographs[:1] * 7.3)
    options = {"bins": 16, "boundary": boundary}
    histogram, expected = soft_histogram(wide, **options), dense.soft_histogram(np.float64(wide), **options)
    np.testing.assert_allclose(histogram, expected, atol=1e-6)
    total = np.sum(histogram, axis=-1)
    if boundary == "none":
        assert np.all(total < 0.5)
    else:
        np.testing.assert_allclose(total, 1, atol=1e-5)


def test_more_equal_pixels_than_a_float32_can_count():
    image = np.ones([1, 1, 2**24 + 2**20, 1], np.float32)
    image[..., : 2**18, :] = -1
    share = 2**18 / image.size
    np.testing.assert_allclose(hard_histogram(image, bins=4)[0, 0], [share, 0, 0, 1 - share], rtol=1e-6)
    np.testing.assert_array_equal(hard_histogram(image[:, :, 2**18 :], bins=4)[0, 0], [0, 0, 0, 1])


def test_a_narrow_kernel_gives_numpys_histogram(photographs):
    image = np.float32(photographs)
    soft = soft_histogram(image, bins=32, kernel_width_ratio=1000)
    for image, channel in itertools.product(range(2), range(3)):
        counts, _ = np.histogram(photographs[image, ..., channel], bins=32, range=(-1, 1))
        np.testing.assert_allclose(soft[image, channel], counts / 48**2, atol=2e-3)


def test_a_narrow_kernel_gives_numpys_joint_histogram(photographs):
    first, second = photographs
    joint = joint_histogram(np.float32(first)[None], np.float32(second)[None], bins=16, kernel_width_ratio=1000)
    for channel in range(3):
        pair = first[..., channel].ravel(), second[..., channel].ravel()
        counts, _, _ = np.histogram2d(*pair, bins=16, range=[(-1, 1), (-1, 1)])
        np.testing.assert_allclose(joint[0, channel], counts / 48**2, atol=2e-3)


def test_the_kernel_spreads_a_value_as_the_formula_says():
    # One pixel in the middle of bin 5 of 10 on [0, 1]. Its own bin gets s(r/2) - s(-r/2).
    histogram = soft_histogram(np.full([1, 1, 1, 1], 0.55), bins=10, value_range=(0, 1), kernel_width_ratio=2.5)[0, 0]
    wide = np.diff(expit(2.5 * (np.arange(-7, 8) - 0.5)))  # bins -2 to 11
    expected = wide[2:12]
    expected[:2] += wide[1::-1]  # folded back at 0 ...
    expected[-2:] += wide[:11:-1]  # ... and at 1
    np.testing.assert_allclose(histogram, expected, atol=2e-7)


def test_cyclic_joins_the_ends_and_reflect_does_not():
    near_the_end = np.full([1, 4, 4, 1], 0.999, np.float32)
    cyclic = soft_histogram(near_the_end, bins=10, boundary="cyclic")[0, 0]
    reflect = soft_histogram(near_the_end, bins=10, boundary="reflect")[0, 0]
    assert cyclic[0] > 0.4 and reflect[0] < 1e-6


def test_each_channel_can_have_its_own_rule(photographs):
    image = np.float32(photographs)
    mixed = soft_histogram(image, bins=16, boundary=("cyclic", "reflect", "none"))
    for channel, rule in enumerate(("cyclic", "reflect", "none")):
        np.testing.assert_array_equal(mixed[:, channel], soft_histogram(image, bins=16, boundary=rule)[:, channel])


def test_the_joint_histograms_marginals_are_the_histograms(photographs):
    first, second = np.float32(photographs)[:, None]
    joint = joint_histogram(first, second, bins=32)
    np.testing.assert_allclose(np.sum(joint, axis=-1), soft_histogram(first, bins=32), atol=1e-6)
    np.testing.assert_allclose(np.sum(joint, axis=-2), soft_histogram(second, bins=32), atol=1e-6)


def test_bins_are_never_negative_and_sum_to_one(photographs):
    constant = np.full([1, 16, 16, 3], 0.25, np.float32)
    for image in (np.float32(photographs), constant):
        for histogram in (soft_histogram(image), joint_histogram(image, image)):
            assert np.min(histogram) >= 0
            axes = tuple(range(2, histogram.shape.rank))
            np.testing.assert_allclose(np.sum(histogram, axis=axes), 1, atol=1e-5)


def test_a_batch_equals_its_single_images(photographs):
    image = np.float32(photographs)
    batch, joints = soft_histogram(image, bins=32), joint_histogram(image, image[::-1], bins=32)
    for k in range(2):
        np.testing.assert_allclose(batch[k : k + 1], soft_histogram(image[k : k + 1], bins=32), atol=1e-7)
        other = image[1 - k : 2 - k]
        np.testing.assert_allclose(joints[k : k + 1], joint_histogram(image[k : k + 1], other, bins=32), atol=1e-7)


@pytest.mark.parametrize("boundary", RULES)
def test_gradients_are_those_of_float64_finite_differences(photographs, rng, boundary):
    first, second = photographs[:1, :6, :6], photographs[1:, :6, :6] * 1.3
    slope, joint_slope = rng.normal(size=[3, 12]), rng.normal(size=[3, 12, 12])
    options = {"bins": 12, "boundary": boundary}

    def exact(images):
        joints = dense.joint_histogram(np.repeat(first, len(images), axis=0), images, **options)
        soft = dense.soft_histogram(images, **options)
        return np.sum(soft * slope, axis=(1, 2)) + np.sum(joints * joint_slope, axis=(1, 2, 3))

    image = tf.constant(second, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(image)
        value = tf.reduce_sum(soft_histogram(image, **options) * np.float32(slope))
        value += tf.reduce_sum(joint_histogram(np.float32(first), image, **options) * np.float32(joint_slope))
    gradient = tape.gradient(value, image).numpy()

    step = 1e-5
    shifts = step * np.eye(second.size).reshape([-1, *second.shape[1:]])  # of one value each
    differences = (exact(second + shifts) - exact(second - shifts)).reshape(second.shape) / (2 * step)
    assert np.linalg.norm(gradient - differences) < 1e-4 * np.linalg.norm(differences)


def test_hard_histogram_is_numpys_with_values_out_of_range_in_the_end_bins(photographs):
    image = np.float32(photographs) * 1.2
    hard = hard_histogram(image, bins=20)
    for number, channel in itertools.product(range(2), range(3)):
        counts, _ = np.histogram(np.clip(image[number, ..., channel], -1, 1), bins=20, range=(-1, 1))
        np.testing.assert_allclose(hard[number, channel], counts / 48**2, atol=1.1 / 48**2)
    fixed = tf.histogram_fixed_width(image[0, ..., 0], (-1.0, 1.0), 20)
    np.testing.assert_allclose(hard[0, 0] * 48**2, fixed, atol=1)
    np.testing.assert_allclose(np.sum(hard, axis=-1), 1, atol=1e-6)
    of_unknown_rank = tf.function(lambda x: hard_histogram(x, bins=20), input_signature=[tf.TensorSpec(None)])
    np.testing.assert_array_equal(of_unknown_rank(image), hard)


@pytest.mark.long
@pytest.mark.parametrize("jit_compile", (False, True))
def test_shapes_may_be_unknown_until_run_time(photographs, jit_compile):
    image = np.float32(photographs)

    @tf.function(input_signature=[tf.TensorSpec([None, None, None, 3])], jit_compile=jit_compile)
    def histograms(images):
        return soft_histogram(images, bins=16), joint_histogram(images, -images, bins=16), hard_histogram(images, 16)

    soft, joint, hard = histograms(image)
    np.testing.assert_allclose(soft, soft_histogram(image, bins=16), atol=1e-6)
    np.testing.assert_allclose(joint, joint_histogram(image, -image, bins=16), atol=1e-6)
    np.testing.assert_allclose(hard, hard_histogram(image, bins=16), atol=1e-6)


@pytest.mark.parametrize(
    "options,name",
    [
        ({"bins": 0}, "bins"),
        ({"bins": 2.5}, "bins"),
        ({"value_range": (1, -1)}, "value_range"),
        ({"kernel_width_ratio": 0}, "kernel_width_ratio must be from 0.1 to 5000; received 0"),
        ({"kernel_width_ratio": 2e4}, "kernel_width_ratio must be from 0.1 to 5000; received 20000"),
        ({"kernel_width_ratio": float("nan")}, "kernel_width_ratio"),
        ({"boundary": "wrap"}, "boundary"),
        ({"boundary": ("cyclic", "none")}, "boundary"),
    ],
)
def test_the_error_of_a_wrong_option_names_it(options, name):
    with pytest.raises(ValueError, match=name):
        soft_histogram(tf.zeros([1, 2, 2, 1]), **options)


def test_images_of_different_sizes_are_refused():
    with pytest.raises(ValueError, match="same shape"):
        joint_histogram(tf.zeros([1, 2, 2, 1]), tf.zeros([1, 2, 3, 1]))
