"""Fixtures for the tests of models."""

import numpy as np
import pytest
import tensorflow as tf


@pytest.fixture
def batch(photographs):
    """Two photographs, 32 px: gray, as the reference and as the target."""
    target = np.float32(photographs[:, :32, :32])
    source = np.repeat(target.mean(-1, keepdims=True), 3, axis=-1)
    images = {"source": source, "reference": target, "target": target}
    return {name: tf.constant(image) for name, image in images.items()}
