"""Two replicas train as one does. The tests use a new process, because only it can divide the CPU into two devices."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

import config
from engine import build_model, compile_model, make_translator
from engine.distributed.devices import distribution_strategy
from tests.commands import run_function

pytestmark = pytest.mark.long

SMALL = {"img_h": 32, "img_w": 32, "bin_num": 16, "encoder": "dense", "gen_beta_1": 0, "dis_beta_1": 0}
GENERATORS = {"unet": {"filters": 8}, "hdrnet": {"adversarial": 0}}


def gradient(optimizer):
    """Adam's first moments: with a beta_1 of 0, the last gradient."""
    variables = optimizer.variables() if callable(optimizer.variables) else optimizer.variables
    moments = [v for v in variables if v.name.startswith("Adam/m/") or "momentum" in v.name or v.name.startswith("m/")]
    return np.concatenate([np.ravel(variable.numpy()) for variable in moments])


def train(generator, name):
    settings = SMALL | GENERATORS[generator]
    options = config.load("colorization", generator=generator, strategy=name, ema_decay=0.5, **settings)
    keras.utils.set_random_seed(1)
    strategy = distribution_strategy(options)
    with strategy.scope():
        model = build_model(options)
        compile_model(model, options, steps_per_epoch=1)
    names = ("source", "reference", "target")
    images = {name: np.float32(np.random.default_rng(0).uniform(-1, 1, [4, 32, 32, 3])) for name in names}
    data = tf.data.Dataset.from_tensor_slices(images).batch(4, drop_remainder=True)
    logs = model.fit(data, epochs=1, verbose=0, shuffle=False).history
    with strategy.scope(), model.inference_weights(data):
        rgb = (np.uint8(127.5 * (images[name] + 1)) for name in ("source", "reference"))
        image = np.float32(make_translator(model, options)(*rgb))
    gradients = [gradient(optimizer) for optimizer in model.optimizers.values()]
    images["source"][3, 0, 0] = np.nan  # an image of one replica
    damaged = tf.data.Dataset.from_tensor_slices(images).batch(4, drop_remainder=True)
    model.fit(damaged, epochs=1, verbose=0, shuffle=False)
    failed = "generator_gradient" in model.finite_check.failed()
    losses = [logs[key][0] for key in sorted(logs)]
    print(strategy.num_replicas_in_sync, model.step_counter.value(), int(failed), *losses)
    return *gradients, image


def train_twice(generator):
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    tf.config.experimental.enable_op_determinism()
    for first, second in zip(train(generator, "none"), train(generator, "mirrored"), strict=True):
        print(np.linalg.norm(first - second), np.linalg.norm(first))


@pytest.fixture(scope="module", params=GENERATORS)
def lines(request):
    printed = run_function(train_twice, request.param).stdout
    return [[float(number) for number in line.split()] for line in printed.splitlines()]


def test_the_losses_of_two_replicas_match_those_of_one(lines):
    assert (lines[0][0], lines[1][0]) == (1, 2)
    np.testing.assert_allclose(lines[1][3:], lines[0][3:], rtol=1e-5)


def test_a_step_that_is_nonfinite_in_one_replica_is_detected_and_not_counted(lines):
    assert lines[0][1:3] == lines[1][1:3] == [1, 1]


def test_the_gradients_and_images_of_two_replicas_match_those_of_one(lines):
    *gradients, image = lines[2:]
    for difference, norm in gradients:
        assert difference < 1e-3 * norm
    # Adam moves each weight by 2e-4. Where a gradient is only a rounding error, its sign is random.
    assert image[0] < 0.02 * image[1]
