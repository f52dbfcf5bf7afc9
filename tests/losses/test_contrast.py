"""False contrast: its formula, what it lets pass, and its gradient; and the share of an image that is flat."""

import numpy as np
import pytest
import tensorflow as tf

from losses import false_contrast, flat_share


def written_out(source, image, distance, gain, slack):
    terms = []
    for axis in (1, 2):
        differences = [np.swapaxes(x, 1, axis) for x in (source, image)]
        differences = [np.linalg.norm(x[:, distance:] - x[:, :-distance], axis=-1) for x in differences]
        terms.append(np.maximum(differences[1] - gain * differences[0] - slack, 0).mean())
    return np.mean(terms)


def test_it_is_its_formula(rng):
    source, image = rng.uniform(-1, 1, [2, 2, 12, 15, 3])
    image *= 3
    expected = written_out(source, image, 5, 1.5, 0.1)
    value = false_contrast(np.float32(source), np.float32(image), distances=(5,), gain=1.5, slack=0.1)
    np.testing.assert_allclose(value, expected, rtol=1e-4)


def test_twice_the_sources_contrast_passes_and_a_tint_of_a_flat_source_does_not(rng):
    source = np.float32(rng.uniform(-0.4, 0.4, [1, 40, 40, 3]))
    assert false_contrast(source, 2 * source + 0.1) == 0
    flat, tinted = np.zeros([2, 1, 40, 40, 3], np.float32)
    tinted[:, :, 20:, 0] = 0.5
    assert false_contrast(flat, tinted) > 0.01
    assert false_contrast(tinted, tinted) == 0


def test_an_image_too_small_for_pairs_has_none():
    assert false_contrast(tf.zeros([1, 4, 4, 3]), tf.random.uniform([1, 4, 4, 3])) == 0


def test_the_flat_share_is_that_of_a_sky(rng):
    image = np.float32(rng.uniform(0, 1, [2, 40, 50, 3]))
    assert flat_share(image) < 0.01
    image[:, :30] = 0.5
    # Pairs in a row: 30 rows of 40. Pairs in a column: the upper 26 of 36 rows.
    expected = (30 * 46 + 26 * 50) / (40 * 46 + 36 * 50)
    np.testing.assert_allclose(flat_share(image), expected, atol=0.005)
    np.testing.assert_allclose(flat_share(image * 0 + 0.5), 1)
    assert flat_share(image[:, :4, :4]) == 0


@pytest.mark.parametrize("value", (0.0, 0.5))
def test_the_gradient_is_finite_also_where_the_image_is_flat(value):
    image = tf.fill([1, 20, 20, 3], value)
    with tf.GradientTape() as tape:
        tape.watch(image)
        loss = false_contrast(tf.zeros_like(image), image, slack=0.0)
    assert np.isfinite(tape.gradient(loss, image)).all()
