"""The PatchGAN discriminator."""

import numpy as np
import pytest
import tensorflow as tf

from models import patchgan_discriminator
from utils import UserError


def test_the_discriminator_has_the_parameters_of_the_released_one():
    model = patchgan_discriminator(256)
    assert model.count_params() == 2_770_433
    assert tuple(model.output_shape) == (None, 30, 30, 1)
    assert [tensor.name for tensor in model.inputs] == ["source", "image"]


def test_a_logit_depends_on_a_patch_of_70_by_70_pixels(rng):
    model = patchgan_discriminator(256, condition=None)
    image = tf.Variable(np.float32(rng.normal(size=[1, 256, 256, 3])))
    with tf.GradientTape() as tape:
        logit = model(image)[0, 15, 15, 0]
    patch = np.any(tape.gradient(logit, image).numpy() != 0, axis=(0, 3))
    assert patch.any(axis=1).sum() == 70 and patch.any(axis=0).sum() == 70


@pytest.mark.parametrize("condition", ("source", "reference"))
def test_the_logits_depend_on_the_condition(condition, rng):
    model = patchgan_discriminator(64, condition=condition)
    image = np.float32(rng.normal(size=[1, 64, 64, 3]))
    values = rng.dirichlet(np.ones(256), [2, 1, 3]) if condition == "reference" else rng.normal(size=[2, 1, 64, 64, 3])
    first, second = (model([np.float32(value), image]).numpy() for value in values)
    assert first.shape == (1, 6, 6, 1) and not np.allclose(first, second)


def test_an_unknown_condition_is_an_error():
    with pytest.raises(ValueError, match="label"):
        patchgan_discriminator(64, condition="label")


def test_an_image_too_small_for_a_logit_is_a_user_error():
    assert patchgan_discriminator(20).output_shape[1:3] == (1, 1)
    with pytest.raises(UserError, match="16x64"):
        patchgan_discriminator((16, 64))
