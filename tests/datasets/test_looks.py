"""Pairs by looks: halves of photographs, one look for reference and target, looks that repeat and vary."""

import numpy as np
import pytest
import tensorflow as tf

from datasets import Pipeline, open_dataset
from datasets.looks import DRAWS, WITHOUT_LOOK, draw_looks, give_looks
from datasets.samples import Split
from datasets.sources.image_list import array_images

SIZE = (24, 16)


@pytest.fixture
def ramps():
    """Ten images whose red channel says which image a pixel is from, green its row and blue its column."""
    rows, columns = np.meshgrid(np.arange(24), np.arange(32), indexing="ij")
    images = {
        str(n): (np.stack([np.full([24, 32], 20 * n), 8 * rows, 7 * columns], -1).astype(np.uint8),) for n in range(10)
    }
    return array_images(images, "ramps")


def pipeline(images, **options):
    return Pipeline(Split(images, images, looks=True), **{"image_size": SIZE, "batch_size": 5} | options)


def numbers(count, seed=0):
    """The random numbers of looks for ``count`` samples."""
    return tf.stack([draw_looks(tf.constant([seed, number], tf.int64)) for number in range(count)])


def give(images, looks):
    """The dict of `give_looks` for the same images as source and as reference."""
    return give_looks({"source": images, "reference": images, "looks": looks})


def test_the_reference_has_the_look_of_the_target_and_looks_keep_the_range(rng):
    images = tf.constant(rng.uniform(0, 1, [64, 8, 6, 3]), tf.float32)
    batch = give(images, numbers(64))
    np.testing.assert_array_equal(batch["reference"], batch["target"])
    assert "looks" not in batch
    for name in ("source", "target"):
        assert np.isfinite(batch[name]).all() and np.min(batch[name]) >= 0 and np.max(batch[name]) <= 1


def test_a_look_maps_colors_pixel_by_pixel(rng):
    images = np.float32(rng.uniform(0, 1, [16, 8, 6, 3]))
    looks, order = numbers(16), rng.permutation(48)
    shuffled = images.reshape(16, 48, 3)[:, order].reshape(images.shape)
    target, other = (give(tf.constant(x), looks)["target"].numpy() for x in (images, shuffled))
    np.testing.assert_allclose(other.reshape(16, 48, 3), target.reshape(16, 48, 3)[:, order], atol=1e-6)


def test_images_of_a_batch_have_looks_of_their_own():
    images = tf.fill([2, 4, 4, 3], 0.4)
    looks = numbers(40)
    together = give(tf.fill([40, 4, 4, 3], 0.4), looks)["target"]
    for number in range(0, 40, 13):
        alone = give(images[:1], looks[number : number + 1])["target"]
        np.testing.assert_allclose(together[number : number + 1], alone, atol=1e-6)
    assert len({tuple(color) for color in together.numpy()[:, 0, 0].round(4).tolist()}) > 30


def test_the_identity_is_as_frequent_as_documented(rng):
    images = tf.constant(rng.uniform(0.1, 0.9, [2000, 4, 4, 3]), tf.float32)
    batch = give(images, tf.constant(rng.uniform(0, 1, [2000, 2, DRAWS]), tf.float32))
    for name, expected in zip(("source", "target"), WITHOUT_LOOK, strict=True):
        same = np.abs(batch[name] - images).max(axis=(1, 2, 3)) < 1e-6
        assert abs(same.mean() - expected) < 0.03, name


def test_each_look_without_lattice_and_mix_keeps_the_order_of_grays(rng):
    # Tone curves are monotone. Lattice, channel mix and split tone may reverse grays, so their chances are drawn away.
    ramp = tf.repeat(tf.linspace(0.0, 1.0, 33)[None, None, :, None], 3, axis=-1)
    looks = rng.uniform(0, 1, [300, 2, DRAWS])
    gray = give(tf.repeat(ramp, 300, axis=0), tf.constant(looks, tf.float32))["target"].numpy().mean(-1)[:, 0]
    assert np.mean(np.diff(gray, axis=-1).min(axis=-1) > -0.02) > 0.9


@pytest.mark.long
def test_source_and_reference_are_the_two_halves_of_one_photograph_or_of_two(ramps, monkeypatch):
    monkeypatch.setattr("datasets.looks.WITHOUT_LOOK", (1.0, 1.0))
    own = 0
    for batch in pipeline(ramps).training_stream(jitter=False).take(40):
        source, reference = (np.round(255 * batch[name].numpy()) for name in ("source", "reference"))
        np.testing.assert_array_equal(batch["source"], batch["target"])
        assert source.shape == reference.shape == (5, *SIZE, 3)
        np.testing.assert_array_equal(source[..., 0, 0, 0], 20 * batch["index"].numpy())
        assert set(source[..., 2].ravel()).isdisjoint(reference[..., 2].ravel())  # no column in both
        own += np.sum(source[:, 0, 0, 0] == reference[:, 0, 0, 0])
    assert 0.8 < own / 200 < 0.95


@pytest.mark.long
def test_looks_repeat_and_resume_to_the_bit_and_change_with_the_epoch(ramps):
    first = list(pipeline(ramps, seed=3).training_stream().take(6))
    resumed = list(pipeline(ramps, seed=3).training_stream(start_step=3).take(3))
    for batch, again in zip(first[3:], resumed, strict=True):
        for name in ("source", "reference", "target", "index"):
            np.testing.assert_array_equal(batch[name], again[name])
    targets = {}
    for number, batch in enumerate(first):
        for index, target in zip(batch["index"].numpy(), batch["target"].numpy(), strict=True):
            targets.setdefault(int(index), []).append((number, target.mean()))
    assert all(len({mean for _, mean in seen}) == len(seen) for seen in targets.values())


@pytest.mark.long
def test_evaluation_has_the_same_looks_each_time_and_an_exemplar_stays_as_it_is(ramps):
    first, again = (list(pipeline(ramps).evaluation_batches()) for _ in range(2))
    for batch, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(batch["reference"], other["reference"])
    (batch, *_) = pipeline(ramps).evaluation_batches(exemplars=ramps)
    np.testing.assert_allclose(255 * batch["reference"][1], ramps.read(1)[0], atol=1e-3)
    assert len(pipeline(ramps).own_references()) == len(ramps)


def test_color_transfer_opens_all_photographs_for_looks():
    own, looks = (
        open_dataset("color_transfer", "sample", pairing=pairing).splits["train"] for pairing in ("own", "looks")
    )
    assert not own.paired and looks.paired and looks.images is looks.references
    assert len(looks.images) == len(own.images) + len(own.references)
