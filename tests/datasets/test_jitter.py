"""Jitter: crops and mirrors that are functions of a key."""

import numpy as np
import tensorflow as tf

from datasets.jitter import jitter_size, random_crop, random_key

SIZE = (32, 48)


def test_jitter_is_a_function_of_its_key_in_eager_and_in_graph_mode(rng):
    image = rng.integers(0, 256, [*jitter_size(SIZE), 3], np.uint8)
    key = random_key(1, 2, 3, 4)
    eager = random_crop(image, SIZE, key)
    dataset = tf.data.Dataset.from_tensors(image)
    mapped = next(iter(dataset.map(lambda image: random_crop(image, SIZE, random_key(1, 2, 3, 4)))))
    np.testing.assert_array_equal(eager, mapped)
    others = [random_crop(image, SIZE, random_key(1, 2, 3, k)).numpy() for k in range(5, 15)]
    assert all(not np.array_equal(eager, other) for other in others)


def test_jitter_crops_256_of_286_and_mirrors_half_of_the_images(rng):
    assert jitter_size((256, 64)) == (286, 72)
    larger = rng.integers(0, 256, [72, 72, 3], np.uint8)
    mirrored = 0
    for k in range(20):
        crop = random_crop(larger, (64, 64), random_key(0, 0, 0, k)).numpy()
        found = [
            (y, x, flip)
            for y in range(9)
            for x in range(9)
            for flip in (1, -1)
            if np.array_equal(larger[y : y + 64, x : x + 64][:, ::flip], crop)
        ]
        assert len(found) == 1
        mirrored += found[0][2] == -1
    assert 3 < mirrored < 17
