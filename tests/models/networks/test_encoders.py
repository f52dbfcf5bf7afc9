"""Encoders of the reference histogram: the advantages of `dense` over `embedding`."""

import numpy as np
import pytest
from tensorflow import keras

from models import unet_generator
from models.networks.encoders import CumulativeHistogram, encode

BINS = 16


def histogram_of(values):
    return np.float32([[np.histogram(values, BINS, (-1, 1))[0] / len(values)] * 3])


def test_similar_colors_have_similar_dense_codes(rng):
    keras.utils.set_random_seed(0)
    histogram = keras.Input((3, BINS))
    model = keras.Model(histogram, encode(histogram, "dense", size=32, pixels=64))
    values = rng.normal(0, 0.3, 10000)
    original, near, far = (model(histogram_of(values + shift)).numpy() for shift in (0, 0.02, 0.6))
    assert 0 < np.linalg.norm(original - near) < 0.2 * np.linalg.norm(original - far)


@pytest.mark.long
def test_dense_weights_do_not_depend_on_the_image_size_but_embeddings_do():
    sizes = (64, 96)
    dense = [[weight.shape for weight in unet_generator(size, encoder="dense").weights] for size in sizes]
    embedding = [[weight.shape for weight in unet_generator(size).weights] for size in sizes]
    tables = [[shape for shape in shapes if len(shape) == 1 and shape[0] > 4000] for shapes in embedding]
    assert tables == [[(64 * 64 + 1,)] * 3, [(96 * 96 + 1,)] * 3]
    assert [shape for shape in dense[0] if shape[0] == 3 * 256] == [(3 * 256, 512)]
    # A U-Net for 96 px has one level fewer than one for 64 px, but the dense layer is the same.
    assert [shape for shape in dense[1] if shape[0] == 3 * 256] == [(3 * 256, 512)]


def test_the_cumulative_histogram_is_the_cdf_in_the_middle_of_each_bin(rng):
    histogram = rng.dirichlet(np.ones(BINS), [2, 3])
    edges = np.pad(np.cumsum(histogram, axis=-1), [(0, 0), (0, 0), (1, 0)])
    middles = (edges[..., 1:] + edges[..., :-1]) / 2
    np.testing.assert_allclose(CumulativeHistogram()(np.float32(histogram)), 2 * middles - 1, atol=1e-6)


def test_a_cumulative_code_tells_how_far_colors_are_apart():
    keras.utils.set_random_seed(0)
    histogram = keras.Input((3, BINS))
    model = keras.Model(histogram, encode(histogram, "dense", size=32, pixels=64, cumulative=True))
    first, near, far = (model(np.float32(np.eye(BINS)[[[k] * 3]])).numpy() for k in (4, 5, 14))  # no bin in common
    assert 0 < np.linalg.norm(first - near) < 0.5 * np.linalg.norm(first - far)
