"""The GPU's way of computing, on a CPU: all planes together, sums of integers, products that TF32 may round."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.launches import executed
from histogram_layers import (
    conditional_entropy,
    dense,
    earth_movers_distance,
    hard_histogram,
    joint_histogram,
    soft_histogram,
)
from histogram_layers.fast import arithmetic

RULES = ("reflect", "cyclic", "none")


@pytest.fixture
def as_gpu(monkeypatch):
    monkeypatch.setattr(arithmetic, "on_gpu", lambda: True)


def losses(content, reference_histogram, image, options):
    """Bins, losses, and the losses' gradient by the image, of content and image ``[B, H, W, C]``."""
    image = tf.convert_to_tensor(image)
    with tf.GradientTape() as tape:
        tape.watch(image)
        soft, joint = soft_histogram(image, **options), joint_histogram(content, image, **options)
        both = [earth_movers_distance(reference_histogram, soft), conditional_entropy(joint)]
    return soft, joint, tape.gradient(both, image)


@pytest.mark.parametrize("boundary,ratio,sums", list(itertools.product(RULES, (0.5, 2.5, 50.0), (2**28, 200_000))))
def test_a_gpu_makes_what_a_cpu_makes(photographs, monkeypatch, boundary, ratio, sums):
    content, image = np.float32(photographs), np.float32(1.2 * photographs[::-1])
    options = {"bins": 37, "kernel_width_ratio": ratio, "boundary": boundary}
    wanted = soft_histogram(content, **options)
    soft, joint, gradient = losses(content, wanted, image, options)
    monkeypatch.setattr(arithmetic, "on_gpu", lambda: True)
    monkeypatch.setattr(arithmetic, "GPU_BYTES", sums)  # 200,000: groups of planes, and of bumps
    gpu_soft, gpu_joint, gpu_gradient = losses(content, wanted, image, options)
    np.testing.assert_allclose(gpu_soft, soft, rtol=0, atol=1e-6)
    np.testing.assert_allclose(gpu_joint, joint, rtol=0, atol=1e-6)
    assert np.linalg.norm(gpu_gradient - gradient) < 1e-4 * np.linalg.norm(gradient)


@pytest.mark.parametrize("bytes_at_once", (1, 350_000, 2_000_000))  # one by one; groups of which one is not full
def test_a_cpu_makes_the_same_of_planes_one_by_one_and_in_groups(photographs, monkeypatch, bytes_at_once):
    content, image = np.float32(photographs[..., [0, 1, 2, 0]]), np.float32(1.2 * photographs[::-1][..., [0, 1, 2, 1]])
    wanted = soft_histogram(content, bins=16)
    together = losses(content, wanted, image, {"bins": 16})
    monkeypatch.setattr(arithmetic, "CPU_BYTES", bytes_at_once)
    for made, expected in zip(losses(content, wanted, image, {"bins": 16}), together, strict=True):
        np.testing.assert_allclose(made, expected, rtol=1e-5, atol=1e-7)


def test_channels_with_rules_of_their_own_together(as_gpu, photographs):
    image = np.float32(photographs)
    options = {"bins": 16, "boundary": ("cyclic", "reflect", "none")}
    expected = dense.joint_histogram(np.float64(image), np.float64(image[::-1]), **options)
    np.testing.assert_allclose(joint_histogram(image, image[::-1], **options), expected, atol=1e-6)


@pytest.mark.long
@pytest.mark.parametrize("value,ratio", ((0.1, 2.5), (-0.77, 2.5), (1.0, 2.5), (0.1, 1000.0)))  # 1000: weights of 1
def test_a_million_equal_pixels_are_summed_to_1e_6(as_gpu, value, ratio):
    image, options = np.full([1, 1024, 1024, 1], value, np.float32), {"kernel_width_ratio": ratio}
    exact = dense.soft_histogram(np.full([1, 1, 1, 1], image[0, 0, 0, 0], np.float64), **options).numpy()[0, 0]
    np.testing.assert_allclose(soft_histogram(image, **options)[0, 0], exact, rtol=0, atol=1e-6)
    joint = joint_histogram(image, image, **options)[0, 0]
    np.testing.assert_allclose(joint, np.outer(exact, exact), rtol=0, atol=1e-6)


def test_nan_stays_in_its_image_and_channel(as_gpu, photographs):
    image = np.float32(photographs)
    image[0, 3, 3, 0] = np.nan
    for histogram in (joint_histogram(image, image, bins=16), soft_histogram(image, bins=16)):
        lost = np.isnan(histogram)
        assert lost[0, 0].all() and not lost[0, 1:].any() and not lost[1].any()


@pytest.mark.long
def test_shapes_unknown_until_run_time_and_xla(as_gpu, photographs):
    image = np.float32(photographs)

    @tf.function(input_signature=[tf.TensorSpec([None, None, None, 3])])
    def unknown(images):
        return joint_histogram(images, -images, bins=16)

    compiled = tf.function(lambda images: joint_histogram(images, -images, bins=16), jit_compile=True)
    expected = dense.joint_histogram(np.float64(image), -np.float64(image), bins=16)
    np.testing.assert_allclose(unknown(image), expected, atol=1e-6)
    np.testing.assert_allclose(compiled(image), expected, atol=1e-6)


@pytest.mark.parametrize("boundary", ("reflect", ("cyclic", "none", "reflect")))
def test_no_map_of_pixels_is_processed_on_the_host(as_gpu, boundary):
    @tf.function(autograph=False)
    def step(content, image):
        wanted = soft_histogram(-image, boundary=boundary)
        return losses(content, wanted, image, {"boundary": boundary}), hard_histogram(image)

    images = tf.TensorSpec([2, 32, 32, 3])
    computed_in_int32 = {
        operation.type
        for operation in step.get_concrete_function(images, images).graph.get_operations()
        for output in operation.outputs
        if output.dtype == tf.int32 and output.shape.num_elements() > 1000
    }
    # The only ones of int32 that TensorFlow has for a GPU: it adds, multiplies and reshapes int32 on the host.
    assert computed_in_int32 == {"Cast", "RightShift", "BitwiseAnd", "UnsortedSegmentSum"}


def test_a_product_that_tf32_rounds_keeps_float32s_precision(as_gpu, monkeypatch, rng):
    plain = tf.matmul

    def tf32(first, second):
        return plain(rounded_to_tf32(first), rounded_to_tf32(second))

    monkeypatch.setattr(tf, "matmul", tf32)
    first, second = np.float32(rng.normal(size=[40, 300])), np.float32(rng.normal(size=[300, 50]))
    exact, size = np.float64(first) @ np.float64(second), np.abs(np.float64(first)) @ np.abs(second)
    rounding = np.max(np.abs(plain(first, second) - exact) / size)
    assert np.max(np.abs(tf32(first, second) - exact) / size) > 100 * rounding
    assert np.max(np.abs(arithmetic.product(first, second) - exact) / size) < 4 * rounding


def rounded_to_tf32(values):
    """Float32 with the 10 bits of mantissa that TF32 has."""
    bits = np.asarray(values, np.float32).view(np.int32)
    return tf.constant(((bits + 2**12) & ~(2**13 - 1)).view(np.float32))


def test_the_split_products_gradient_is_the_products(as_gpu, rng):
    first, second = tf.constant(rng.normal(size=[4, 6]), tf.float32), tf.constant(rng.normal(size=[6, 5]), tf.float32)
    upstream = tf.constant(rng.normal(size=[4, 5]), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch([first, second])
        value = tf.reduce_sum(arithmetic.product(first, second) * upstream)
    gradients = tape.gradient(value, [first, second])
    np.testing.assert_allclose(gradients[0], upstream @ tf.transpose(second), atol=1e-5)
    np.testing.assert_allclose(gradients[1], tf.transpose(first) @ upstream, atol=1e-5)


@pytest.mark.long
def test_operations_do_not_grow_with_images_channels_or_pixels(as_gpu, photographs):
    def count(batch, channels, size):
        image = tf.constant(np.tile(photographs, [2, 1, 1, 1])[:batch, :size, :size, :channels], tf.float32)
        wanted = soft_histogram(image)

        @tf.autograph.experimental.do_not_convert
        def step(image):
            return losses(-image, wanted, image, {})[2]

        return len(executed(step, image))

    counts = [count(1, 1, 16), count(4, 3, 16), count(4, 3, 48)]
    assert max(counts) < 150
    assert max(counts) - min(counts) <= 4
