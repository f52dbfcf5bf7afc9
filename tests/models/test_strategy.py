"""Two replicas give the losses and the weights of one; in a fresh process, where devices can still be divided."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

CODE = """
import numpy as np
import tensorflow as tf
from tensorflow import keras

cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
tf.config.experimental.enable_op_determinism()

import config
from train import build_model, compile_model, strategy

def train(name):
    options = config.load("colorization", strategy=name, img_h=32, img_w=32, bin_num=16, average=0.5)
    keras.utils.set_random_seed(1)
    made = strategy(options)
    with made.scope():
        model = build_model(options)
        compile_model(model, options, steps_per_epoch=1)
    names = ("source", "reference", "target")
    pictures = {name: np.float32(np.random.default_rng(0).uniform(-1, 1, [4, 32, 32, 3])) for name in names}
    data = tf.data.Dataset.from_tensor_slices(pictures).batch(4, drop_remainder=True)
    logs = model.fit(data, epochs=1, verbose=0, shuffle=False).history
    with made.scope(), model.averaged():
        model.refresh_statistics(data)
        picture = model.paint(next(iter(data)))["output"].numpy()
    print(made.num_replicas_in_sync, *(logs[key][0] for key in sorted(logs)))
    weights = np.concatenate([np.ravel(weight) for weight in model.discriminator.get_weights()])
    return weights, picture

one, two = train("none"), train("mirrored")
print(np.abs(one[0] - two[0]).max(), np.abs(one[1] - two[1]).max(), np.abs(one[1]).max())
"""


@pytest.fixture(scope="module")
def lines():
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", CODE], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [[float(number) for number in line.split()] for line in done.stdout.splitlines()]


def test_one_steps_losses_are_those_of_one_replica(lines):
    assert (lines[0][0], lines[1][0]) == (1, 2)
    np.testing.assert_allclose(lines[1][1:], lines[0][1:], rtol=1e-5)


def test_weights_and_pictures_are_those_of_one_replica(lines):
    # A step of Adam moves a weight by 2e-4 at the most, and where a gradient is rounding, either way.
    discriminator, picture, largest = lines[2]
    assert discriminator < 5e-4 and picture < 0.02 * largest
