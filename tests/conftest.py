"""Photographs for the tests: scikit-image's own, and the folder $HUENET_DATA where it exists."""

import os
from pathlib import Path

import numpy as np
import pytest
import skimage.data
import tensorflow as tf


@pytest.fixture(scope="session")
def photographs():
    """Two photographs in the networks' range: float64 [2, 48, 48, 3] in [-1, 1]."""
    pictures = [skimage.data.astronaut()[40:232, 130:322], skimage.data.coffee()[100:292, 200:392]]
    reduced = tf.image.resize(np.stack(pictures).astype(np.float64), (48, 48), antialias=True)
    return np.asarray(reduced, np.float64) / 127.5 - 1


@pytest.fixture(scope="session")
def data_folder():
    """The folder of real data sets; the test skips where there is none."""
    folder = Path(os.environ.get("HUENET_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no photographs in {folder}; name their folder with HUENET_DATA")
    return folder


@pytest.fixture
def rng():
    return np.random.default_rng(0)
