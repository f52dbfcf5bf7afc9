"""The Keras layers: saving, policies, and independence of the project."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from tensorflow import keras

from histogram_layers import JointHistogram, SoftHistogram, joint_histogram, soft_histogram

OPTIONS = {"bins": 16, "value_range": (-2.0, 2.0), "kernel_width_ratio": 3.0, "boundary": ("cyclic", "none", "reflect")}


def model_with_both_layers():
    first, second = keras.Input((None, None, 3)), keras.Input((None, None, 3))
    return keras.Model(
        [first, second], {"soft": SoftHistogram(**OPTIONS)(first), "joint": JointHistogram(**OPTIONS)([first, second])}
    )


@pytest.mark.long
def test_a_saved_and_reloaded_model_gives_the_same_histograms(tmp_path, photographs):
    model = model_with_both_layers()
    model.save(tmp_path / "model.keras")
    image = np.float32(photographs)
    outputs = keras.models.load_model(tmp_path / "model.keras")([image, -image])
    np.testing.assert_array_equal(outputs["soft"], soft_histogram(image, **OPTIONS))
    np.testing.assert_array_equal(outputs["joint"], joint_histogram(image, -image, **OPTIONS))


@pytest.mark.long
def test_shapes_are_known_while_the_model_is_built():
    model = model_with_both_layers()
    assert tuple(model.output["soft"].shape) == (None, 3, 16)
    assert tuple(model.output["joint"].shape) == (None, 3, 16, 16)


@pytest.mark.parametrize("policy", ("mixed_float16", "mixed_bfloat16"))
def test_histograms_are_float32_under_any_policy(policy, photographs):
    keras.mixed_precision.set_global_policy(policy)
    try:
        layer = SoftHistogram()
    finally:
        keras.mixed_precision.set_global_policy("float32")
    assert layer(tf.constant(photographs, tf.float16)).dtype == tf.float32


def test_a_layer_with_a_wrong_option_cannot_be_made():
    with pytest.raises(ValueError, match="kernel_width_ratio"):
        SoftHistogram(kernel_width_ratio=-1)
    with pytest.raises(ValueError, match="boundary"):
        JointHistogram(boundary="mirror")


@pytest.mark.long
def test_the_folder_imports_nothing_of_the_project(tmp_path):
    (tmp_path / "histogram_layers").symlink_to(Path(__file__).parents[2] / "histogram_layers")
    code = (
        "import sys, histogram_layers; print([m for m in ('utils', 'losses', 'models', 'config') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
