"""What each task takes for source, reference and target."""

import numpy as np
import pytest
import tensorflow as tf
from skimage.color import rgb2gray
from skimage.io import imsave

from datasets import open_examples
from utils.errors import UserError


@pytest.fixture
def pairs(tmp_path, rng):
    picture = rng.integers(0, 256, [8, 16, 3], np.uint8)
    for split in ("train", "val"):
        (tmp_path / "pairs" / split).mkdir(parents=True)
        imsave(tmp_path / "pairs" / split / "1.png", picture, check_contrast=False)
    return tmp_path, picture / 255


def test_edges2photos_takes_the_left_half_to_the_right_and_a2b_turns_it_round(pairs):
    root, picture = pairs
    source, target = open_examples("edges2photos", "pairs", root, "train").load(0)
    np.testing.assert_allclose(source, picture[:, :8], atol=1e-6)
    np.testing.assert_allclose(target, picture[:, 8:], atol=1e-6)
    turned_source, turned_target = open_examples("edges2photos", "pairs", root, "train", a2b=True).load(0)
    np.testing.assert_array_equal(turned_source, target)
    np.testing.assert_array_equal(turned_target, source)


def test_colorization_takes_grey_to_the_photograph_and_of_pairs_the_target_half(pairs):
    root, picture = pairs
    source, target = open_examples("colorization", "pairs", root, "train").load(0)
    np.testing.assert_allclose(target, picture[:, 8:], atol=1e-6)
    assert np.ptp(source, axis=-1).max() < 1e-6
    # scikit-image's grey has other weights (BT.709); the two are close, and nothing like the other half's.
    assert np.corrcoef(source[..., 0].numpy().ravel(), rgb2gray(picture[:, 8:]).ravel())[0, 1] > 0.95


def test_colorization_takes_all_photographs_of_both_sides(data_folder):
    both = open_examples("colorization", "landscapes", data_folder, "train")
    assert both.paired and len(both) == 151 + 112
    yosemite = open_examples("colorization", "summer2winter_yosemite", data_folder, "test")
    assert len(yosemite) == 34
    with pytest.raises(UserError, match="no training pictures"):
        open_examples("colorization", "summer2winter_yosemite", data_folder, "train")


def test_color_transfer_never_takes_the_source_for_its_reference(tmp_path):
    (tmp_path / "photos").mkdir()
    for number in range(10):
        imsave(tmp_path / "photos" / f"{number}.png", np.full([4, 4, 3], 20 * number, np.uint8), check_contrast=False)
    examples = open_examples("color_transfer", "photos", tmp_path, "train")
    assert not examples.paired and len(examples) == 9
    for index in range(9):
        own = float(examples.load_source(index)[0, 0, 0])
        drawn = {float(examples.load_reference(tf.constant(index, tf.int64), [5, k])[0, 0, 0]) for k in range(80)}
        assert own not in drawn and len(drawn) == 8  # every other one, from the whole set


def test_color_transfer_takes_sources_from_a_and_references_from_b(data_folder):
    examples = open_examples("color_transfer", "landscapes", data_folder, "test")
    assert len(examples) == 19 and examples.load_source(0).shape == (256, 256, 3)


@pytest.mark.parametrize("split", ("train", "test"))
def test_the_sample_serves_every_task(split):
    colours = open_examples("colorization", "sample", "nowhere", split)
    edges = open_examples("edges2photos", "sample", "nowhere", split)
    transfer = open_examples("color_transfer", "sample", "nowhere", split)
    assert len(colours) == len(edges) and len(transfer) < len(colours)
    source, target = edges.load(0)
    assert source.shape == target.shape == (200, 200, 3)
    assert set(np.unique(source)) == {0.0, 1.0}  # black edges on white
    np.testing.assert_array_equal(target, colours.load(0)[1])


def test_the_samples_train_and_test_crops_do_not_overlap():
    from datasets.sample import sample_groups

    places = {}
    for split in ("train", "test"):
        for items in sample_groups(split).values():
            for name, crop in items:
                photograph, x, _ = name.rsplit("_", 2)
                places.setdefault(photograph, {}).setdefault(split, []).append((int(x), int(x) + crop.shape[1]))
    assert len(places) == 8
    for splits in places.values():
        assert max(end for _, end in splits["train"]) <= min(start for start, _ in splits["test"])
