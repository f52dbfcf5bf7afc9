"""The accuracy of the histogram layers, against the dense formulas in float64.

Bins are within 1e-6; losses within 1e-5 of their value plus 1e-7; gradients within 1e-3 of their 2-norm plus 1e-6.
"""

import itertools

import numpy as np
import pytest
import skimage.data
import tensorflow as tf

from histogram_layers import (
    conditional_entropy,
    cyclic_earth_movers_distance,
    dense,
    earth_movers_distance,
    functional,
    joint_histogram,
    mutual_information,
    normalized_mi_distance,
    soft_histogram,
)
from histogram_layers.fast import arithmetic

RULES = ("reflect", "cyclic", "none")
BINS = (8, 37, 256)
RATIOS = (0.5, 1.4, 2.0, 2.5, 6.5, 12.0, 1000.0)
COLOR = {
    "order 1": lambda h1, h2: earth_movers_distance(h1, h2, 1),
    "order 2": earth_movers_distance,
    "cyclic": cyclic_earth_movers_distance,
}
STRUCTURE = {"H(x|y)": conditional_entropy, "I": mutual_information, "1 - I/H": normalized_mi_distance}


def pairwise(*, bins, ratios):
    """Combinations of a rule, bins and a ratio, in which each pair of values of any two of them is met."""
    return [
        (rule, bins[(row + column) % len(bins)], ratio)
        for row, rule in enumerate(RULES)
        for column, ratio in enumerate(ratios)
    ]


@pytest.fixture(scope="module")
def images():
    """Content, reference and output: three photographs, float32 [1, 32, 32, 3]. The output is partly out of range."""
    crops = (
        skimage.data.chelsea()[50:242, 100:292],
        skimage.data.rocket()[:192, 200:392],
        skimage.data.coffee()[:192, :192],
    )
    reduced = tf.image.resize(np.stack(crops).astype(np.float64), (32, 32), antialias=True).numpy() / 127.5 - 1
    content, target, output = np.float32(reduced)[:, None]
    return content, target, np.float32(0.6 * content + 0.9 * output)


def measure(histograms, dtype, content, target, output, options):
    """The bins, the losses, and a function that takes a loss's name to its gradient, of one of the implementations."""
    soft, joint = histograms
    content, target, output = (tf.constant(image, dtype) for image in (content, target, output))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(output)
        bins = {"soft": soft(output, **options), "joint": joint(content, output, **options)}
        target_bins = soft(target, **options)
        losses = {name: loss(target_bins, bins["soft"]) for name, loss in COLOR.items()}
        losses |= {name: loss(bins["joint"]) for name, loss in STRUCTURE.items()}
    return bins, losses, lambda name: tape.gradient(losses[name], output).numpy()


def measure_both(*arguments):
    return (
        measure((soft_histogram, joint_histogram), tf.float32, *arguments),
        measure((dense.soft_histogram, dense.joint_histogram), tf.float64, *arguments),
    )


def assert_bins_agree(histograms, exact):
    for name, histogram in histograms.items():
        assert np.min(histogram) >= 0
        np.testing.assert_allclose(histogram, exact[name], rtol=0, atol=1e-6, err_msg=name)


def assert_losses_agree(losses, exact):
    for name, loss in losses.items():
        np.testing.assert_allclose(loss, exact[name], rtol=1e-5, atol=1e-7, err_msg=name)


def assert_gradients_agree(gradient, exact):
    for name in (*COLOR, *STRUCTURE):
        expected = exact(name)
        assert np.linalg.norm(gradient(name) - expected) < 1e-3 * np.linalg.norm(expected) + 1e-6, name


@pytest.mark.parametrize("boundary,bins,ratio", pairwise(bins=BINS, ratios=RATIOS))
def test_histograms_losses_and_gradients_of_photographs(images, boundary, bins, ratio):
    options = {"bins": bins, "kernel_width_ratio": ratio, "boundary": boundary}
    (histograms, losses, gradient), (exact, exact_losses, exact_gradient) = measure_both(*images, options)
    assert_bins_agree(histograms, exact)
    assert_losses_agree(losses, exact_losses)
    assert_gradients_agree(gradient, exact_gradient)


@pytest.mark.parametrize("boundary,bins,ratio", pairwise(bins=BINS, ratios=RATIOS))
def test_constant_images_and_values_on_bin_edges(images, rng, boundary, bins, ratio):
    content, target, _ = images
    edges = np.linspace(-1, 1, bins + 1)
    colors = (0.2345, edges[bins // 3], 1.0)  # one for each channel
    options = {"bins": bins, "kernel_width_ratio": ratio, "boundary": boundary}
    outputs = np.broadcast_to(np.float32(colors), content.shape), np.float32(rng.choice(edges, content.shape))
    twice = (np.concatenate([image, image]) for image in (content, target))
    (histograms, losses, _), (exact, exact_losses, _) = measure_both(*twice, np.concatenate(outputs), options)
    assert_bins_agree(histograms, exact)
    assert_losses_agree(losses, exact_losses)


@pytest.mark.parametrize("on_gpu,boundary,ratio", list(itertools.product((False, True), RULES, (0.5, 2.5, 12.0))))
def test_the_gradient_of_a_constant_image(images, monkeypatch, on_gpu, boundary, ratio):
    monkeypatch.setattr(arithmetic, "on_gpu", lambda: on_gpu)
    content, target, _ = images
    options = {"bins": 64, "kernel_width_ratio": ratio, "boundary": boundary}
    (_, _, gradient), (_, _, exact) = measure_both(content, target, np.full_like(content, 0.2345), options)
    assert_gradients_agree(gradient, exact)


def test_sums_of_many_equal_values_do_not_drift():
    image = np.full([1, 600, 700, 1], 0.1, np.float32)  # more than one tile, and the last is not full
    options = {"bins": 32}
    expected = dense.soft_histogram(image[:, :1, :1].astype(np.float64), **options)[0, 0]
    np.testing.assert_allclose(soft_histogram(image, **options)[0, 0], expected, atol=1e-6)
    joint = joint_histogram(image, image, **options)[0, 0]
    np.testing.assert_allclose(joint, np.outer(expected, expected), atol=1e-6)


def test_a_plane_in_tiles_equals_its_parts(rng):
    first, second = np.float32(rng.uniform(-1, 1, [2, 1, 601, 700, 2]))
    upstream = np.float32(rng.normal(size=[2, 16, 16]))
    weight = first.shape[1] * first.shape[2]

    def gradient(first, second):
        second = tf.constant(second)
        with tf.GradientTape() as tape:
            tape.watch(second)
            joint = joint_histogram(first, second, bins=16)
            pixels = second.shape[1] * second.shape[2]
            loss = tf.reduce_sum(joint * upstream) * (pixels / weight)
        return joint * (pixels / weight), tape.gradient(loss, second)

    joint, slope = gradient(first, second)
    upper, upper_slope = gradient(first[:, :200], second[:, :200])
    lower, lower_slope = gradient(first[:, 200:], second[:, 200:])
    np.testing.assert_allclose(joint, upper + lower, atol=1e-7)
    np.testing.assert_allclose(slope, np.concatenate([upper_slope, lower_slope], axis=1), atol=1e-10)


def test_a_boundary_rule_for_each_channel_on_another_range_in_tiles(images, monkeypatch):
    monkeypatch.setattr(functional, "TILE", 300)
    batch = [np.float32(127.5 * (np.concatenate([image, 1.2 * image]) + 1)) for image in images]
    options = {"bins": 20, "value_range": (0, 255), "boundary": ("cyclic", "none", "reflect")}
    (histograms, losses, gradient), (exact, exact_losses, exact_gradient) = measure_both(*batch, options)
    assert_bins_agree(histograms, exact)
    assert_losses_agree(losses, exact_losses)
    assert_gradients_agree(lambda name: 100 * gradient(name), lambda name: 100 * exact_gradient(name))


@pytest.mark.parametrize("boundary,bins,ratio", pairwise(bins=(1, 2, 3), ratios=(0.2, 0.5, 2.5, 32.0)))
def test_fewer_bins_than_the_kernel_reaches(images, boundary, bins, ratio):
    options = {"bins": bins, "kernel_width_ratio": ratio, "boundary": boundary}
    content, _, output = (image[:, :8, :8] for image in images)
    exact_content, exact_output = (np.float64(image) for image in (content, output))
    histograms = {"soft": soft_histogram(output, **options), "joint": joint_histogram(content, output, **options)}
    exact = {
        "soft": dense.soft_histogram(exact_output, **options),
        "joint": dense.joint_histogram(exact_content, exact_output, **options),
    }
    assert_bins_agree(histograms, exact)


@pytest.mark.parametrize("on_gpu,jit_compile", list(itertools.product((False, True), repeat=2)))
def test_an_empty_batch_has_no_histograms_and_no_gradients(monkeypatch, on_gpu, jit_compile):
    monkeypatch.setattr(arithmetic, "on_gpu", lambda: on_gpu)

    @tf.function(input_signature=[tf.TensorSpec([None, 4, 4, 3])], jit_compile=jit_compile)
    def histograms(image):
        with tf.GradientTape() as tape:
            tape.watch(image)
            soft, joint = soft_histogram(image, bins=8), joint_histogram(image, image, bins=8)
            value = tf.reduce_sum(soft) + tf.reduce_sum(joint)
        return soft, joint, tape.gradient(value, image)

    for made in (histograms, histograms.python_function):
        assert [tuple(part.shape) for part in made(tf.zeros([0, 4, 4, 3]))] == [(0, 3, 8), (0, 3, 8, 8), (0, 4, 4, 3)]
