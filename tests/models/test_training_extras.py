"""The options of a training step: each has its effect in a real step."""

import numpy as np
import pytest
import tensorflow as tf
from skimage.color import rgb2hsv
from tensorflow import keras

import config
import losses
from engine import build_model, compile_model
from engine.training.schedules import LinearDecay
from histogram_layers import joint_histogram, soft_histogram
from models.state.image_pool import ImagePool

SMALL = {"img_h": 32, "img_w": 32, "bin_num": 16, "filters": 8, "encoder": "dense"}


def make(task="colorization", **options):
    keras.utils.set_random_seed(1)
    options = config.load(task, **SMALL, **options)
    model = build_model(options)
    compile_model(model, options, steps_per_epoch=2)
    return model


def image_of(model, batch):
    """The image that the model's next training step will make."""
    inputs = [batch["source"], model.reference_histogram(batch["reference"]), batch["target"]]
    return model.generator(inputs, training=True)["image"]


def moments(optimizer):
    """Adam's first moments. With a beta_1 of 0 they are the last gradient."""
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    chosen = [v for v in variables if v.name.startswith("m/") or "momentum" in v.name]
    return np.concatenate([np.ravel(variable.numpy()) for variable in chosen])


@pytest.mark.long
def test_clipping_scales_each_networks_gradient_to_the_norm(batch):
    free, clipped = (make(gen_beta_1=0, dis_beta_1=0, **options) for options in ({}, {"clip_norm": 0.01}))
    for model in (free, clipped):
        model.train_step(batch)
    for name in ("optimizer", "discriminator_optimizer"):
        gradient, scaled = moments(getattr(free, name)), moments(getattr(clipped, name))
        assert np.linalg.norm(gradient) > 0.02
        np.testing.assert_allclose(scaled, 0.01 * gradient / np.linalg.norm(gradient), atol=1e-6)


def moves_of(model, batch, steps):
    """How far each step moves 384 weights of each network: ``[steps, 2, 384]``."""
    weights = [network.trainable_variables[0] for network in (model.generator, model.discriminator)]
    places = [np.stack([np.ravel(weight)[:384] for weight in weights])]
    for _ in range(steps):
        model.train_step(batch)
        places.append(np.stack([np.ravel(weight)[:384] for weight in weights]))
    return np.abs(np.diff(places, axis=0))


@pytest.mark.long
def test_learning_rates_are_constant_and_then_fall_to_0(batch):
    schedule = LinearDecay(3e-4, start=2, end=6)
    np.testing.assert_allclose([schedule(step) for step in range(8)], 3e-4 * np.array([4, 4, 4, 3, 2, 1, 0, 0]) / 4)

    rates = {"gen_lr": 3e-4, "dis_lr": 6e-4}
    decayed = make(epochs=3, decay_from_epoch=2, **rates)  # of two steps an epoch: the same schedule
    moves, constant = moves_of(decayed, batch, 7), moves_of(make(**rates), batch, 4)
    np.testing.assert_allclose(moves[0].max(-1), [3e-4, 6e-4], rtol=1e-2)  # Adam's first step
    # Until then both models had the same rates, so they have the same weights and gradients.
    np.testing.assert_allclose(moves[3].mean(-1), 0.75 * constant[3].mean(-1), rtol=1e-2)
    assert (moves[5].max(-1) > 0).all()
    np.testing.assert_array_equal(moves[6], 0)


@pytest.mark.long
def test_the_moving_average_follows_the_weights_and_makes_the_images(batch):
    model, plain = make(ema_decay=0.99), make()
    start = model.generator.trainable_variables[0].numpy()
    for _ in range(2):
        model.train_step(batch)
        plain.train_step(batch)
    np.testing.assert_allclose(model.generator.get_weights()[0], plain.generator.get_weights()[0], atol=1e-6)
    with model.inference_weights():
        averaged, image = model.generator.trainable_variables[0].numpy(), model(batch)
    weights = model.generator.trainable_variables[0].numpy()
    assert not np.allclose(image, model(batch), atol=1e-5)
    assert 0 < np.linalg.norm(averaged - start) < np.linalg.norm(weights - start)
    with plain.inference_weights():
        np.testing.assert_array_equal(plain.generator.get_weights()[0], model.generator.get_weights()[0])


@pytest.mark.long
def test_only_the_discriminator_learns_from_the_image_pool(batch):
    plain, pooled = make(seed=1), make(seed=1, image_pool=2)  # a seed that returns old images in the second step
    logs = [{name: float(value) for name, value in model.train_step(batch).items()} for model in (plain, pooled)]
    assert logs[0] == pytest.approx(logs[1], rel=1e-6)  # the pool is being filled: all images are new
    assert int(pooled.pool.count) == 2 and set(pooled.pool.stored) == {"source", "image"}
    assert not np.allclose(pooled.pool.stored["image"], 0)
    new = {"source": batch["source"], "image": image_of(pooled, batch)}
    twin = ImagePool(2, {name: image.shape[1:] for name, image in new.items()}, pooled.step_counter)
    for name, stored in twin.stored.items():
        stored.assign(pooled.pool.stored[name])
    twin.count.assign(2)
    drawn, _ = twin.exchange(new)
    assert not np.allclose(drawn["image"], new["image"])
    for metric in (metric for model in (plain, pooled) for metric in model.metrics):
        metric.reset_state()
    discriminator = pooled.discriminator
    real = discriminator([batch["source"], batch["target"]], training=True).numpy()
    shown = discriminator([drawn["source"], drawn["image"]], training=True).numpy()
    logs = [model.train_step(batch) for model in (plain, pooled)]
    expected = np.log1p(np.exp(-real)).mean() + np.log1p(np.exp(shown)).mean()
    np.testing.assert_allclose(logs[1]["discriminator_loss"], expected, rtol=1e-4)
    np.testing.assert_allclose(logs[1]["adversarial_loss"], logs[0]["adversarial_loss"], rtol=1e-3)


@pytest.mark.parametrize("kind", ("vanilla", "lsgan", "hinge"))
def test_the_adversarial_loss_is_the_chosen_one(batch, kind):
    model = make(adversarial_loss=kind)
    image = image_of(model, batch)
    real = model.discriminator([batch["source"], batch["target"]], training=True).numpy()
    fake = model.discriminator([batch["source"], image], training=True).numpy()
    expected = {
        "vanilla": (np.log1p(np.exp(-fake)).mean(), np.log1p(np.exp(-real)).mean() + np.log1p(np.exp(fake)).mean()),
        "lsgan": (((fake - 1) ** 2).mean(), ((real - 1) ** 2).mean() + (fake**2).mean()),
        "hinge": (-fake.mean(), np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()),
    }[kind]
    logs = model.train_step(batch)
    np.testing.assert_allclose([logs["adversarial_loss"], logs["discriminator_loss"]], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "kind,sign", [("conditional_entropy", 1), ("normalized_mi_distance", 1), ("mutual_information", -1)]
)
def test_the_structure_loss_is_the_chosen_one(batch, kind, sign):
    model = make(structure_loss=kind)
    joint = joint_histogram(batch["target"], image_of(model, batch), 16)
    expected = sign * np.mean(getattr(losses, kind)(joint))
    np.testing.assert_allclose(model.train_step(batch)["structure_loss"], expected, rtol=1e-4)


@pytest.mark.parametrize("order,boundary", [(1, "reflect"), (2, "cyclic")])
def test_the_color_loss_is_of_the_order_and_cyclic_where_the_boundary_is(batch, order, boundary):
    model = make(color_order=order, boundary=boundary)
    pair = [soft_histogram(image, 16, boundary=boundary) for image in (batch["target"], image_of(model, batch))]
    distance = losses.cyclic_earth_movers_distance if boundary == "cyclic" else losses.earth_movers_distance
    np.testing.assert_allclose(model.train_step(batch)["color_loss"], np.mean(distance(*pair, order)), rtol=1e-4)


@pytest.mark.long
def test_the_hsv_experiments_losses_are_cyclic_in_hue_and_structure_is_that_of_v(batch):
    del batch["target"]
    model = make("color_transfer", config="config/experiments/color_transfer_hsv.yaml")
    image = model.generator(
        [batch["source"], model.reference_histogram(batch["reference"]), batch["source"]], training=True
    )
    source, reference, output = (
        np.float32(rgb2hsv((image.numpy() + 1) / 2) * 2 - 1)
        for image in (batch["source"], batch["reference"], image["image"])
    )
    rule = ("cyclic", "reflect", "reflect")
    pair = [soft_histogram(image, 16, boundary=rule) for image in (reference, output)]
    hue = losses.cyclic_earth_movers_distance(*(histogram[:, :1] for histogram in pair))
    others = losses.earth_movers_distance(*(histogram[:, 1:] for histogram in pair))
    logs = model.train_step(batch)
    np.testing.assert_allclose(logs["color_loss"], np.mean(np.concatenate([hue, others], -1)), rtol=1e-4)
    joint = joint_histogram(source[..., 2:], output[..., 2:], 16)
    np.testing.assert_allclose(logs["structure_loss"], np.mean(losses.normalized_mi_distance(joint)), rtol=1e-4)


@pytest.mark.long
@pytest.mark.parametrize(
    "options,layer",
    [
        ({}, "down_1_conv"),
        ({"generator": "resnet", "blocks": 1}, "down_1_conv"),
        ({"generator": "hdrnet", "guide": "network"}, "splat_1"),
    ],
)
def test_mixed_precision_computes_in_bfloat16_and_keeps_weights_histograms_and_losses_in_float32(batch, options, layer):
    full = make(**options)
    try:
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
        mixed = make(**options)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    network = mixed.generator.get_layer("generator")
    assert network.get_layer(layer).compute_dtype == "bfloat16"
    assert {str(weight.dtype) for weight in mixed.generator.weights} <= {"float32", "<dtype: 'float32'>"}
    inputs = [batch["source"], mixed.reference_histogram(batch["reference"]), batch["target"]]
    exact = full.generator(inputs, training=True)
    for name, value in mixed.generator(inputs, training=True).items():
        assert value.dtype == tf.float32
        np.testing.assert_allclose(value, exact[name], atol=0.1 if name == "image" else 0.05)
    logs, expected = mixed.train_step(batch), full.train_step(batch)
    for name, value in expected.items():
        np.testing.assert_allclose(logs[name], value, rtol=0.05)


@pytest.mark.long
def test_the_discriminator_sees_the_histogram_of_the_real_image_beside_it(batch):
    del batch["target"]
    model = make("color_transfer", config="config/experiments/color_transfer_hsv.yaml")
    source_histogram, histogram = (model.reference_histogram(batch[name]) for name in ("source", "reference"))
    image = model.generator([batch["source"], histogram, batch["source"]], training=True)["image"]
    real = model.discriminator([source_histogram, batch["source"]], training=True).numpy()
    fake = model.discriminator([histogram, image], training=True).numpy()
    expected = np.log1p(np.exp(-real)).mean() + np.log1p(np.exp(fake)).mean()
    logs = model.train_step(batch)
    np.testing.assert_allclose(logs["discriminator_loss"], expected, rtol=1e-4)


def test_pix2pix_is_the_adversarial_loss_plus_100_times_l1(batch):
    logs = make("colorization", config="config/experiments/pix2pix.yaml").train_step(batch)
    assert set(logs) == {"adversarial_loss", "pixel_loss", "generator_loss", "discriminator_loss"}
    np.testing.assert_allclose(logs["generator_loss"], logs["adversarial_loss"] + 100 * logs["pixel_loss"], rtol=1e-5)
