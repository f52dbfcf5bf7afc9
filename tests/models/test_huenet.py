"""HueNet: its training step and its images."""

import functools
import re

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from histogram_layers import hard_histogram, joint_histogram, soft_histogram
from losses import conditional_entropy, discriminator_loss, earth_movers_distance, generator_adversarial_loss
from models import HueNet, augment, patchgan_discriminator, unet_generator
from tests.tiny import in_training_mode

SIZE, BINS = 32, 16
WEIGHTS = {"adversarial": 1.0, "structure": 2.0, "color": 20.0, "pixel": 5.0}


@functools.cache
def networks(condition, encoder):
    """An augmented generator and a discriminator, built once, and their first weights."""
    keras.utils.set_random_seed(1)
    built = (
        augment(unet_generator(SIZE, bins=BINS, encoder=encoder, filters=8), bins=BINS),
        patchgan_discriminator(SIZE, condition=condition, bins=BINS, filters=8),
    )
    return built, [network.get_weights() for network in built]


def make_huenet(weights=WEIGHTS, condition="source", encoder="embedding", seed=0, **options):
    """A model with the first weights of its networks. It takes them from the one that was made before."""
    built, first_weights = networks(condition, encoder)
    for network, values in zip(built, first_weights, strict=True):
        network.set_weights(values)
    model = HueNet(
        *built,
        losses={"adversarial": "vanilla", "structure": conditional_entropy, "color": earth_movers_distance},
        weights=weights,
        seed=seed,
        **options,
    )
    model.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), keras.optimizers.Adam(2e-4, beta_1=0.5), jit_compile=False)
    return model


@pytest.mark.long
def test_gradients_reach_the_generator_through_every_term(batch):
    for name in WEIGHTS:
        model = make_huenet({other: float(other == name) for other in WEIGHTS})
        before = [variable.numpy() for variable in model.generator.trainable_variables]
        model.train_step(batch)
        after = [variable.numpy() for variable in model.generator.trainable_variables]
        moved = [not np.array_equal(a, b) for a, b in zip(before, after, strict=True)]
        assert np.mean(moved) > 0.9, name


def test_the_reported_losses_are_the_formulas_applied_to_one_forward_pass(batch):
    model = make_huenet()
    inputs = [batch["source"], hard_histogram(batch["reference"], BINS), batch["target"]]
    outputs = model.generator(inputs, training=True)
    real = model.discriminator([batch["source"], batch["target"]], training=True)
    fake = model.discriminator([batch["source"], outputs["image"]], training=True)
    terms = {
        "adversarial_loss": generator_adversarial_loss(fake),
        "structure_loss": np.mean(conditional_entropy(joint_histogram(batch["target"], outputs["image"], BINS))),
        "pixel_loss": np.mean(np.abs(batch["target"] - outputs["image"])),
        "color_loss": np.mean(
            earth_movers_distance(soft_histogram(batch["target"], BINS), soft_histogram(outputs["image"], BINS))
        ),
    }
    total = terms["adversarial_loss"] + 2 * terms["structure_loss"] + 20 * terms["color_loss"] + 5 * terms["pixel_loss"]
    expected = {**terms, "generator_loss": total, "discriminator_loss": discriminator_loss(real, fake)}
    reported = {name: float(value) for name, value in model.train_step(batch).items()}
    assert reported.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(reported[name], value, rtol=1e-4)


def test_the_first_step_is_adams_on_both_networks(batch):
    # Adam's first step is the learning rate times the sign of the gradient, negated. Both gradients are those before
    # either update.
    model = make_huenet()
    inputs = [batch["source"], hard_histogram(batch["reference"], BINS), batch["target"]]
    with tf.GradientTape(persistent=True) as tape:
        image = model.generator(inputs, training=True)["image"]
        real = model.discriminator([batch["source"], batch["target"]], training=True)
        fake = model.discriminator([batch["source"], image], training=True)
        critic_loss = discriminator_loss(real, fake)
        loss = (
            generator_adversarial_loss(fake)
            + 2 * tf.reduce_mean(conditional_entropy(joint_histogram(batch["target"], image, BINS)))
            + 20
            * tf.reduce_mean(earth_movers_distance(soft_histogram(batch["target"], BINS), soft_histogram(image, BINS)))
            + 5 * tf.reduce_mean(tf.abs(batch["target"] - image))
        )
    variables = [network.trainable_variables for network in (model.discriminator, model.generator)]
    gradients = [tape.gradient(value, of) for value, of in zip((critic_loss, loss), variables, strict=True)]
    before = [[variable.numpy() for variable in of] for of in variables]
    model.train_step(batch)
    checked = 0
    for parts in zip(before, variables, gradients, strict=True):
        for old, new, gradient in zip(*parts, strict=True):
            if len(old.shape) > 1:  # gradients of biases before batch norm are rounding errors
                gradient, moved = gradient.numpy(), new.numpy() - old
                large = np.abs(gradient) > 1e-4  # far above Adam's epsilon
                right = np.abs(moved + 2e-4 * np.sign(gradient)) < 1e-5
                assert right[large].sum() >= 0.99 * large.sum()
                checked += large.sum()
    assert checked > 10_000
    assert int(model.step_counter.step) == 1
    assert int(model.optimizer.iterations) == int(model.discriminator_optimizer.iterations) == 1


def test_a_term_of_weight_zero_is_left_out(batch):
    logs = make_huenet({"adversarial": 1.0, "color": 1.0, "structure": 0.0}).train_step(batch)
    assert set(logs) == {"adversarial_loss", "color_loss", "generator_loss", "discriminator_loss"}


def test_without_an_adversarial_term_there_is_no_discriminator(batch):
    model = make_huenet({"color": 1.0})
    assert model.discriminator is None and list(model.weights_by_network()) == ["generator"]
    assert not [name for name in model.state() if "discriminator" in name]
    assert set(model.train_step(batch)) == {"color_loss", "generator_loss"}


def test_a_term_without_a_function_takes_the_one_of_its_row(batch):
    expected = make_huenet({"color": 1.0, "structure": 1.0}).train_step(batch)
    generator = make_huenet().generator
    bare = HueNet(generator, None, {}, weights={"color": 1.0, "structure": 1.0})
    bare.compile(keras.optimizers.Adam(), jit_compile=False)
    logs = bare.train_step(batch)
    for name, value in expected.items():
        np.testing.assert_allclose(logs[name], value, rtol=1e-6)


def test_without_a_target_the_real_image_is_the_source(batch):
    unpaired = {name: batch[name] for name in ("source", "reference")}
    as_target = {**unpaired, "target": unpaired["source"]}
    first, second = (
        make_huenet(condition=None, content="source").train_step(images)["discriminator_loss"]
        for images in (unpaired, as_target)
    )
    np.testing.assert_allclose(first, second, rtol=1e-6)


def test_content_is_the_chosen_image(batch):
    losses = [
        float(make_huenet(content=content).train_step(batch)["structure_loss"]) for content in ("target", "source")
    ]
    assert abs(losses[0] - losses[1]) > 1e-3


@pytest.mark.long
@pytest.mark.parametrize("condition,encoder", [("source", "dense"), ("reference", "embedding"), (None, None)])
def test_every_kind_of_network_trains_in_fit(batch, condition, encoder):
    model = make_huenet(condition=condition, encoder=encoder)
    data = tf.data.Dataset.from_tensors(batch).repeat()
    history = model.fit(data, steps_per_epoch=2, epochs=1, verbose=0, shuffle=False).history
    assert all(np.isfinite(values).all() for values in history.values())


def test_the_output_is_in_range_and_the_encoder_gets_its_kind_of_histogram(batch):
    model = make_huenet()
    image = model(batch)
    generator = model.generator.get_layer("generator")
    expected = generator([batch["source"], hard_histogram(batch["reference"], BINS)])["image"]
    np.testing.assert_allclose(image, expected, atol=1e-6)
    assert image.shape == (2, SIZE, SIZE, 3) and np.abs(image).max() <= 1
    dense = make_huenet(encoder="dense")
    np.testing.assert_allclose(dense.reference_histogram(batch["reference"]), soft_histogram(batch["reference"], BINS))


def test_dropout_is_a_function_of_seed_step_and_layer(batch):
    layers = [layer for layer in make_huenet(seed=5).generator.get_layer("generator").layers if "dropout" in layer.name]
    ones = tf.ones([4, 8, 8, 16])

    def mask(layer):
        return layer(ones, training=True).numpy()

    first = mask(layers[0])
    np.testing.assert_array_equal(first, mask(layers[0]))
    np.testing.assert_array_equal(np.unique(first), [0, 2])
    assert abs((first == 0).mean() - 0.5) < 0.02
    assert not np.array_equal(first, mask(layers[1]))
    layers[0].step_counter.increment()
    assert not np.array_equal(first, mask(layers[0]))
    other = [layer for layer in make_huenet(seed=6).generator.get_layer("generator").layers if "dropout" in layer.name]
    assert not np.array_equal(first, mask(other[0]))
    np.testing.assert_array_equal(layers[0](ones, training=False), ones)


def test_moving_statistics_catch_up_in_a_short_run(batch):
    # After 150 passes the moving statistics make almost the same images as the batch's own.
    generator = unet_generator(SIZE, bins=BINS, filters=8)
    for layer in generator.layers:
        if "dropout" in layer.name:
            layer.rate = 0.0
    inputs = [batch["source"], hard_histogram(batch["reference"], BINS)]

    def gap():
        return np.mean(np.abs(generator(inputs) - generator(inputs, training=True)))

    initial_gap, train = gap(), tf.function(lambda: generator(inputs, training=True))
    for _ in range(150):
        train()
    assert gap() < 0.1 * initial_gap


def test_translating_in_training_mode_leaves_batch_norms_statistics(batch):
    model = make_huenet()
    first = model(batch)
    assert not np.allclose(in_training_mode(model, batch), first)
    np.testing.assert_array_equal(model(batch), first)


def test_a_step_takes_each_histogram_once(batch):
    model = make_huenet({"color": 1.0, "structure": 1.0}, condition=None, encoder="dense")
    graph = tf.function(model.train_step).get_concrete_function(batch).graph
    sums = {re.search(".*histogram_sums[^/]*", op.name)[0] for op in graph.get_operations() if "_sums" in op.name}
    assert len(sums) == 5  # the reference's, the image's, the joint one, and the gradients of the latter two
