"""How the reference histogram enters: what `dense` promises beside `embedding`."""

import numpy as np
from tensorflow import keras

from models import unet_generator
from models.networks.encoders import encode

BINS = 16


def histogram_of(values):
    return np.float32([[np.histogram(values, BINS, (-1, 1))[0] / len(values)] * 3])


def test_similar_colors_have_similar_dense_codes(rng):
    keras.utils.set_random_seed(0)
    histogram = keras.Input((3, BINS))
    model = keras.Model(histogram, encode(histogram, "dense", size=32, pixels=64))
    values = rng.normal(0, 0.3, 10000)
    here, near, far = (model(histogram_of(values + shift)).numpy() for shift in (0, 0.02, 0.6))
    assert 0 < np.linalg.norm(here - near) < 0.2 * np.linalg.norm(here - far)


def test_dense_weights_fit_every_image_size_and_the_embeddings_do_not():
    sizes = (64, 96)
    dense = [[weight.shape for weight in unet_generator(size, encoder="dense").weights] for size in sizes]
    embedding = [[weight.shape for weight in unet_generator(size).weights] for size in sizes]
    tables = [[shape for shape in shapes if len(shape) == 1 and shape[0] > 4000] for shapes in embedding]
    assert tables == [[(64 * 64 + 1,)] * 3, [(96 * 96 + 1,)] * 3]
    assert [shape for shape in dense[0] if shape[0] == 3 * 256] == [(3 * 256, 512)]
    # Five levels of 96 px are six of 64 px with one fewer of 512: only the networks around the code differ.
    assert [shape for shape in dense[1] if shape[0] == 3 * 256] == [(3 * 256, 512)]
