"""What each task takes for source, reference and target, from every layout."""

import numpy as np
import pytest

from datasets import open_dataset
from datasets.sample import SIDES
from utils.errors import UserError


@pytest.fixture
def pairs(tmp_path, rng, save):
    picture = rng.integers(0, 256, [8, 16, 3], np.uint8)
    for split in ("train", "val"):
        save(tmp_path / "pairs" / split / "1.png", picture)
    return tmp_path, picture


def examples(task, dataset, root, split="train", **options):
    return open_dataset(task, dataset, root, (split,), **options).examples[split]


def test_edges2photos_takes_the_left_half_to_the_right_and_a2b_turns_it_round(pairs):
    root, picture = pairs
    source, target = examples("edges2photos", "pairs", root).pictures.read(0)
    np.testing.assert_array_equal(source, picture[:, :8])
    np.testing.assert_array_equal(target, picture[:, 8:])
    turned_source, turned_target = examples("edges2photos", "pairs", root, a2b=True).pictures.read(0)
    np.testing.assert_array_equal(turned_source, target)
    np.testing.assert_array_equal(turned_target, source)


def test_colorization_takes_the_target_half_of_pairs(pairs):
    root, picture = pairs
    for a2b, half in ((False, picture[:, 8:]), (True, picture[:, :8])):
        found = examples("colorization", "pairs", root, a2b=a2b)
        assert found.paired and found.pictures.parts == 1
        np.testing.assert_array_equal(found.pictures.read(0)[0], half)


def test_aligned_folders_are_pairs_of_two_files(tmp_path, rng, save):
    for number in range(3):
        for side in "AB":
            for split in ("train", "test"):
                ending = "png" if side == "A" else "bmp"
                picture = rng.integers(0, 256, [4, 6, 3], np.uint8)
                picture[0, 0] = (number, "AB".index(side), split == "test")
                save(tmp_path / "set" / f"{split}{side}" / "deep" / f"{number}.{ending}", picture)
    corners = [
        [tuple(picture[0, 0]) for picture in examples("edges2photos", "set", tmp_path, a2b=a2b).pictures.read(2)]
        for a2b in (False, True)
    ]
    assert corners == [[(2, 0, 0), (2, 1, 0)], [(2, 1, 0), (2, 0, 0)]]
    colours = examples("colorization", "set", tmp_path, "test")
    assert len(colours.pictures) == 3 and tuple(colours.pictures.read(1)[0][0, 0]) == (1, 1, 1)
    transfer = examples("color_transfer", "set", tmp_path)
    assert tuple(transfer.pictures.read(0)[0][0, 0]) == (0, 0, 0)
    assert tuple(transfer.references.read(0)[0][0, 0]) == (0, 1, 0)
    turned = examples("color_transfer", "set", tmp_path, a2b=True)
    assert tuple(turned.pictures.read(0)[0][0, 0]) == (0, 1, 0)
    assert len(examples("colorization", "set", tmp_path, layout="unaligned").pictures) == 6


def test_colorization_takes_all_photographs_of_both_sides(data_folder):
    both = examples("colorization", "landscapes", data_folder)
    assert both.paired and len(both.pictures) == 151 + 112
    assert len(examples("colorization", "summer2winter_yosemite", data_folder, "test").pictures) == 34
    with pytest.raises(UserError, match="no training pictures"):
        examples("colorization", "summer2winter_yosemite", data_folder)


def test_color_transfer_takes_sources_from_a_and_references_from_b(data_folder):
    found = examples("color_transfer", "landscapes", data_folder, "test")
    assert len(found.pictures) == 19 and len(found.references) == 16
    assert found.pictures.read(0)[0].shape == (256, 256, 3)


@pytest.mark.parametrize("split", ("train", "test"))
def test_the_sample_serves_every_task(split):
    colours = examples("colorization", "sample", "nowhere", split).pictures
    edges = examples("edges2photos", "sample", "nowhere", split).pictures
    transfer = examples("color_transfer", "sample", "nowhere", split).pictures
    assert len(colours) == len(edges) and len(transfer) < len(colours)
    source, target = edges.read(0)
    assert source.shape == target.shape == (200, 200, 3)
    assert set(np.unique(source)) == {0, 255}  # black edges on white
    np.testing.assert_array_equal(target, colours.read(0)[0])


def test_the_samples_train_and_test_crops_do_not_overlap():
    places = {}
    found = open_dataset("colorization", "sample").examples
    for split, crops in found.items():
        for index, name in enumerate(crops.pictures.names):
            photograph, x, _ = name.rsplit("_", 2)
            end = int(x) + crops.pictures.read(index)[0].shape[1]
            places.setdefault(photograph, {}).setdefault(split, []).append((int(x), end))
    assert set(places) == {name for names in SIDES.values() for name in names}
    for splits in places.values():
        assert max(end for _, end in splits["train"]) <= min(start for start, _ in splits["test"])
