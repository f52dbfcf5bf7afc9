"""What each task takes as source, reference and target from every layout."""

import re
from pathlib import Path

import numpy as np
import pytest

from datasets import TASKS, open_dataset
from datasets.sources.sample import SIDES
from utils import UserError


@pytest.fixture
def pairs(tmp_path, rng, save):
    image = rng.integers(0, 256, [8, 16, 3], np.uint8)
    for split in ("train", "val"):
        save(tmp_path / "pairs" / split / "1.png", image)
    return tmp_path, image


def open_split(task, dataset, root, split="train", **options):
    return open_dataset(task, dataset, root, splits=(split,), **options).splits[split]


def test_edges2photos_goes_from_left_to_right_and_with_a2b_from_right_to_left(pairs):
    root, image = pairs
    source, target = open_split("edges2photos", "pairs", root).images.read(0)
    np.testing.assert_array_equal(source, image[:, :8])
    np.testing.assert_array_equal(target, image[:, 8:])
    swapped_source, swapped_target = open_split("edges2photos", "pairs", root, a2b=True).images.read(0)
    np.testing.assert_array_equal(swapped_source, target)
    np.testing.assert_array_equal(swapped_target, source)


def test_colorization_takes_the_target_half_of_pairs(pairs):
    root, image = pairs
    for a2b, half in ((False, image[:, 8:]), (True, image[:, :8])):
        found = open_split("colorization", "pairs", root, a2b=a2b)
        assert found.paired and len(found.images.parts) == 1
        np.testing.assert_array_equal(found.images.read(0)[0], half)


def test_aligned_folders_are_pairs_of_two_files(tmp_path, rng, save):
    for number in range(3):
        for side in "AB":
            for split in ("train", "test"):
                suffix = "png" if side == "A" else "bmp"
                image = rng.integers(0, 256, [4, 6, 3], np.uint8)
                image[0, 0] = (number, "AB".index(side), split == "test")
                save(tmp_path / "set" / f"{split}{side}" / "deep" / f"{number}.{suffix}", image)
    corners = [
        [tuple(image[0, 0]) for image in open_split("edges2photos", "set", tmp_path, a2b=a2b).images.read(2)]
        for a2b in (False, True)
    ]
    assert corners == [[(2, 0, 0), (2, 1, 0)], [(2, 1, 0), (2, 0, 0)]]
    colors = open_split("colorization", "set", tmp_path, "test")
    assert len(colors.images) == 3 and tuple(colors.images.read(1)[0][0, 0]) == (1, 1, 1)
    transfer = open_split("color_transfer", "set", tmp_path)
    assert tuple(transfer.images.read(0)[0][0, 0]) == (0, 0, 0)
    assert tuple(transfer.references.read(0)[0][0, 0]) == (0, 1, 0)
    swapped = open_split("color_transfer", "set", tmp_path, a2b=True)
    assert tuple(swapped.images.read(0)[0][0, 0]) == (0, 1, 0)
    assert len(open_split("colorization", "set", tmp_path, layout="unaligned").images) == 6


def test_colorization_takes_all_photographs_of_both_sides(data_folder):
    both = open_split("colorization", "landscapes", data_folder)
    assert both.paired and len(both.images) == 151 + 112
    assert len(open_split("colorization", "summer2winter_yosemite", data_folder, "test").images) == 34
    with pytest.raises(UserError, match="no training images"):
        open_split("colorization", "summer2winter_yosemite", data_folder)


def test_color_transfer_takes_sources_from_a_and_references_from_b(data_folder):
    found = open_split("color_transfer", "landscapes", data_folder, "test")
    assert len(found.images) == 19 and len(found.references) == 16
    assert found.images.read(0)[0].shape == (256, 256, 3)


@pytest.mark.parametrize("split", ("train", "test"))
def test_the_sample_has_images_for_every_task(split):
    colors = open_split("colorization", "sample", "nowhere", split).images
    edges = open_split("edges2photos", "sample", "nowhere", split).images
    transfer = open_split("color_transfer", "sample", "nowhere", split).images
    assert len(colors) == len(edges) and len(transfer) < len(colors)
    source, target = edges.read(0)
    assert source.shape == target.shape == (200, 200, 3)
    assert set(np.unique(source)) == {0, 255}  # black edges on white
    np.testing.assert_array_equal(target, colors.read(0)[0])


@pytest.mark.long
@pytest.mark.parametrize("task", TASKS)
def test_no_pixel_of_the_sample_is_in_two_splits(task):
    splits = open_dataset(task, "sample", splits=("train", "validation", "test"), validation=0.05).splits
    used = {}
    for split, images in splits.items():
        for part in filter(None, (images.images, images.references)):
            for index, name in enumerate(part.names):
                photograph, x, y = re.match(r"(\D+)_(\d+)_(\d+)", name).groups()
                height, width, _ = part.read(index)[0].shape
                pixels = used.setdefault(photograph, {}).setdefault(split, np.zeros([400, 700], bool))
                pixels[int(y) : int(y) + height, int(x) : int(x) + width] = True
    assert set(used) == {name for names in SIDES.values() for name in names}
    for masks in used.values():
        assert np.sum([*masks.values()], axis=0).max() == 1
        assert {"train", "validation"} <= masks.keys() or masks.keys() == {"test"}
    assert len(splits["validation"].images) > 5
    alone = open_dataset(task, "sample", splits=("train",), validation=0.05).splits["train"]
    assert alone.fingerprint() == splits["train"].fingerprint()


def test_without_validation_the_sample_is_validated_on_its_test_crops():
    splits = open_dataset("colorization", "sample", splits=("validation", "test")).splits
    assert splits["validation"].fingerprint() == splits["test"].fingerprint()


def test_an_images_name_and_digest_tell_it_from_all_others_and_stay_in_another_folder(tmp_path, save, rng):
    for name in ("cats/001.png", "dogs/001.png", "dogs/002.png"):
        save(tmp_path / "set" / name, rng.integers(0, 256, [8, 8, 3], np.uint8))

    def identities(folder):
        splits = open_dataset("colorization", folder, tmp_path).splits.values()
        lists = [split.images for split in splits]
        return {(images.names[k], images.digest(k)) for images in lists for k in range(len(images))}

    (tmp_path / "moved").symlink_to(tmp_path / "set")
    assert {name for name, _ in identities("set")} == {"cats/001.png", "dogs/001.png", "dogs/002.png"}
    assert len({digest for _, digest in identities("set")}) == 3 and identities("moved") == identities("set")
    before = identities("set")
    save(tmp_path / "set" / "dogs" / "001.png", np.zeros([8, 8, 3], np.uint8))
    assert len(identities("set") & before) == 2


def test_a_data_set_is_a_folder_of_dataroot_or_a_path(tmp_path, save, monkeypatch):
    for root, count in (("data", 3), ("elsewhere", 5)):
        for number in range(count):
            save(tmp_path / root / "set" / f"{number}.png", np.zeros([8, 8, 3], np.uint8))

    def count(dataset):
        return sum(len(split.images) for split in open_dataset("colorization", dataset, "data").splits.values())

    monkeypatch.chdir(tmp_path)
    assert (count("set"), count("elsewhere/set"), count("./elsewhere/set/"), count("data/set")) == (3, 5, 5, 3)
    assert count(str(tmp_path / "elsewhere" / "set")) == 5
    assert (tmp_path / "elsewhere" / "set.checked.json").exists()
    monkeypatch.chdir(tmp_path / "elsewhere" / "set")
    assert count(".") == 5 and not [path for path in Path().iterdir() if path.suffix != ".png"]
    with pytest.raises(UserError, match="there is no folder /nowhere; give its path"):
        count("/nowhere")


def test_validation_images_are_a_part_of_the_training_images_and_stay_it(tmp_path, rng, save):
    for number in range(40):
        save(tmp_path / "set" / f"{number}.png", rng.integers(0, 256, [4, 4, 3], np.uint8))

    def names(task="colorization", **options):
        splits = open_dataset(task, "set", tmp_path, splits=("train", "validation", "test"), **options).splits
        return {name: set(split.images.names) for name, split in splits.items()}, splits

    without, divided = names()[0], names(validation=0.05)[0]
    assert without["validation"] == without["test"] and len(without["train"]) == 36
    assert divided["test"] == without["test"] and len(divided["validation"]) == 2
    assert divided["train"] | divided["validation"] == without["train"] and not divided["train"] & divided["validation"]
    assert names(validation=0.05, seed=1)[0]["validation"] != divided["validation"]
    alone = open_dataset("colorization", "set", tmp_path, splits=("validation",), validation=0.05).splits
    assert {name: set(split.images.names) for name, split in alone.items()} == {"validation": divided["validation"]}
    splits = names("color_transfer", validation=0.05)[1]
    assert set(splits["train"].references.names) == set(splits["train"].images.names)
    for number in range(1, 40):
        (tmp_path / "set" / f"{number}.png").rename(tmp_path / f"{number}.png")
    save(tmp_path / "set" / "other.png", rng.integers(0, 256, [4, 4, 3], np.uint8))
    with pytest.raises(UserError, match=r"--validation: got 0\.05, which leaves none of 1 image to train on"):
        names(validation=0.05)
