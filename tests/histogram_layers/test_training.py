"""The layers in training: fit, XLA, several devices, repeatable runs, and memory."""

import hashlib
import re
import resource
import textwrap
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from histogram_layers import (
    ConditionalEntropy,
    EarthMoversDistance,
    JointHistogram,
    SoftHistogram,
    conditional_entropy,
    earth_movers_distance,
    joint_histogram,
    soft_histogram,
)
from tests.commands import run_function

ROOT = Path(__file__).parents[2]


@tf.function
def step(content, target, output):
    with tf.GradientTape() as tape:
        tape.watch(output)
        loss = tf.reduce_sum(earth_movers_distance(soft_histogram(target), soft_histogram(output)))
        loss += tf.reduce_sum(conditional_entropy(joint_histogram(content, output)))
    return loss, tape.gradient(loss, output)


def images(*shape):
    return tuple(tf.random.stateless_uniform(shape, [7, k], -1, 1) for k in range(3))


def words_of(function, *arguments):
    """What a function prints in a new process."""
    return run_function(function, *arguments).stdout.split()


@pytest.mark.long
@pytest.mark.parametrize("jit_compile", (False, True))
def test_a_model_with_both_layers_fits(photographs, jit_compile):
    source = keras.Input((None, None, 3), name="source")
    image = keras.layers.Conv2D(3, 1, activation="tanh", kernel_initializer="ones")(source)
    histogram, joint = SoftHistogram(bins=16)(image), JointHistogram(bins=16)([source, image])
    model = keras.Model(source, {"histogram": histogram, "joint": joint})
    model.compile(
        keras.optimizers.Adam(0.05),
        {"histogram": EarthMoversDistance(), "joint": ConditionalEntropy()},
        loss_weights={"histogram": 1.0, "joint": 0.01},
        jit_compile=jit_compile,
    )
    image = np.float32(photographs)
    targets = {"histogram": soft_histogram(image, bins=16).numpy(), "joint": image}
    history = model.fit(image, targets, batch_size=2, epochs=15, verbose=0).history["loss"]
    assert np.isfinite(history).all() and history[-1] < 0.7 * history[0]


@pytest.mark.long
def test_the_readmes_example_trains():
    examples = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (example,) = (example for example in examples if "histogram_layers" in example)
    names = {}
    exec(example, names)
    losses = names["model"].history.history["loss"]
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.long
def test_the_readmes_classifier_trains_behind_a_matched_histogram():
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", (ROOT / "README.md").read_text(), re.MULTILINE)
    (example,) = (textwrap.dedent(block) for block in blocks if "HistogramMatching(" in block)
    keras.utils.set_random_seed(0)
    names = {}
    exec(example, names)
    losses = names["model"].history.history["loss"]
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.long
@pytest.mark.parametrize("jit_compile", (False, pytest.param(True, marks=pytest.mark.long)))
def test_gradients_in_a_graph_of_unknown_shapes(photographs, jit_compile):
    @tf.function(input_signature=[tf.TensorSpec([None, None, None, None])] * 2, jit_compile=jit_compile)
    def gradients(first, second):
        with tf.GradientTape() as tape:
            tape.watch([first, second])
            loss = tf.reduce_sum(tf.square(joint_histogram(first, second, bins=16)))
            loss += tf.reduce_sum(tf.square(soft_histogram(second, bins=16)))
        return tape.gradient(loss, [first, second])

    first, second = np.float32(photographs[:1]), np.float32(photographs[1:])
    for channels in (3, 1):
        pair = first[..., :channels], second[:, ..., :channels]
        with tf.GradientTape() as tape:
            images = [tf.constant(image) for image in pair]
            tape.watch(images)
            loss = tf.reduce_sum(tf.square(joint_histogram(*images, bins=16)))
            loss += tf.reduce_sum(tf.square(soft_histogram(images[1], bins=16)))
        for gradient, expected in zip(gradients(*pair), tape.gradient(loss, images), strict=True):
            np.testing.assert_allclose(gradient, expected, atol=1e-5 * np.max(np.abs(expected)))


@pytest.mark.parametrize("policy", ("mixed_float16", "mixed_bfloat16"))
def test_gradients_in_mixed_precision_are_those_of_the_rounded_image(policy, photographs):
    half = tf.cast(photographs, keras.mixed_precision.Policy(policy).compute_dtype)

    def gradient(image):
        with tf.GradientTape() as tape:
            tape.watch(image)
            loss = tf.reduce_sum(tf.square(SoftHistogram(bins=16)(image)))
        return tape.gradient(loss, image)

    expected = gradient(tf.cast(half, tf.float32))
    assert gradient(half).dtype == half.dtype
    np.testing.assert_allclose(tf.cast(gradient(half), tf.float32), expected, rtol=1e-2, atol=1e-6)


def compare_two_devices_with_one():
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    batch = images(4, 16, 16, 3)
    loss, gradient = step(*batch)
    data = strategy.experimental_distribute_dataset(tf.data.Dataset.from_tensor_slices(batch).batch(4))
    parts = strategy.run(step, args=next(iter(data)))
    total = strategy.reduce("SUM", parts[0], axis=None)
    joined = np.concatenate([part.numpy() for part in strategy.experimental_local_results(parts[1])])
    print(len(strategy.experimental_local_results(parts[0])), float(total / loss), np.abs(joined - gradient).max())


@pytest.mark.long
def test_two_devices_give_the_loss_and_gradient_of_one():
    devices, ratio, difference = words_of(compare_two_devices_with_one)
    assert devices == "2" and float(ratio) == pytest.approx(1, abs=1e-6) and float(difference) < 1e-8


def print_digests():
    tf.config.experimental.enable_op_determinism()
    for _ in range(3):
        loss, gradient = step(*images(2, 64, 64, 3))
        print(hashlib.sha256(loss.numpy().tobytes() + gradient.numpy().tobytes()).hexdigest())


@pytest.mark.long
def test_with_determinism_a_run_repeats_to_the_bit():
    digests = words_of(print_digests) + words_of(print_digests)
    assert len(digests) == 6 and len(set(digests)) == 1


def print_memory(shape):
    """Print by how many megabytes the largest memory of the process grows in a step."""

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    large, small = images(*shape), images(1, 8, 8, 3)
    step(*small)
    before = peak()
    step(*large)[1].numpy()
    print(peak() - before)


@pytest.mark.long
@pytest.mark.parametrize(
    "shape,megabytes",
    [((4, 256, 256, 3), 400), pytest.param((1, 2160, 3840, 3), 4000, marks=pytest.mark.long)],
)
def test_the_memory_of_a_step_is_bounded(shape, megabytes):
    (increase,) = words_of(print_memory, shape)
    assert 0 < float(increase) < megabytes
