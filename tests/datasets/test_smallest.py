"""The smallest data sets: batches of every split, or an error that says what is missing."""

import numpy as np
import pytest

from datasets import TASKS, Pipeline, open_dataset
from utils import UserError


@pytest.fixture
def make(tmp_path, save, rng):
    """A function that makes the data set ``set`` of the named images, and returns its parent folder."""

    def make(*names, shape=(8, 16)):
        for name in names:
            save(tmp_path / "set" / name, rng.integers(0, 256, [*shape, 3], np.uint8))
        return tmp_path

    return make


def numbered(*folders, count):
    return [f"{folder}/{number:02d}.png" for folder in folders for number in range(count)]


def assert_batches(root, task, **options):
    """Assert that every split gives batches. Return the splits' numbers of images."""
    splits = open_dataset(task, "set", root, splits=("train", "validation", "test"), **options).splits
    for split in splits.values():
        pipeline = Pipeline(split, image_size=(8, 8), batch_size=1)
        assert len(pipeline.own_references()) == len(split.images)
        batch = next(iter(pipeline.evaluation_batches(at_most=2)))
        assert batch["source"].shape == (min(2, len(split.images)), 8, 8, 3)
        if split.references is split.images:
            pairs = zip(batch["source"].numpy(), batch["reference"].numpy(), strict=True)
            assert not any(np.array_equal(source, reference) for source, reference in pairs)
    batch = next(iter(Pipeline(splits["train"], image_size=(8, 8), batch_size=1).training_stream()))
    assert batch["source"].shape == (1, 8, 8, 3)
    return [len(split.images) for split in splits.values()]


@pytest.mark.parametrize("count,sizes", [(6, [2, 2, 2]), (15, [11, 2, 2]), (20, [16, 2, 2]), (33, [28, 2, 3])])
def test_color_transfer_within_one_set_has_another_image_as_reference_in_every_split(make, count, sizes):
    assert assert_batches(make(*numbered("photos", count=count)), "color_transfer", validation=0.05) == sizes


@pytest.mark.parametrize("layout", ("flat", "list"))
@pytest.mark.parametrize(
    "task,count,validation,message",
    [
        (
            "color_transfer",
            1,
            0,
            "has 1 image, and color_transfer takes 2 or more to train on and 2 or more to test",
        ),
        ("color_transfer", 3, 0, "has 3 images, and color_transfer takes 2 or more to train on and 2 or more to test"),
        ("color_transfer", 4, 0.05, "leaves none of 2 images to train on; give 0"),
        ("color_transfer", 5, 0.05, "leaves 1 of 3 images to train on, and color_transfer needs two; give 0"),
        ("colorization", 1, 0, "has 1 image, and colorization takes 1 or more to train on and 1 or more to test; add"),
        ("colorization", 2, 0.05, "leaves none of 1 image to train on; give 0"),
    ],
)
def test_the_error_of_a_set_that_is_too_small_says_what_it_needs(make, layout, task, count, validation, message):
    root = make(*numbered("photos", count=count))
    if layout == "list":
        (root / "set" / "train.txt").write_text("\n".join(numbered("photos", count=count)))
    with pytest.raises(UserError, match=message):
        open_dataset(task, "set", root, splits=("train", "validation", "test"), validation=validation)
    if validation:  # what the error advises
        assert min(assert_batches(root, task)) == TASKS[task].least("photos")


def test_one_pair_is_too_small_to_be_divided(make):
    root = make("input/1.png", "expertC/1.png")
    with pytest.raises(UserError, match="has 1 pair, and enhancement takes 1 or more to train on and 1 or more"):
        open_dataset("enhancement", "set", root)


@pytest.mark.parametrize("side", "AB")
def test_one_domain_alone_is_enough_for_colorization(make, side):
    root = make(*numbered(f"train{side}", count=20), *numbered(f"test{side}", count=2))
    assert assert_batches(root, "colorization", validation=0.05) == [19, 1, 2]
    missing = "AB".replace(side, "")
    with pytest.raises(UserError, match=rf"no training images .* in train{missing}"):
        open_dataset("color_transfer", "set", root, validation=0.05)


@pytest.mark.long
def test_a_domain_that_is_too_small_to_be_divided_is_for_training(make):
    root = make(*numbered("trainA", count=20), "trainB/b.png", "testA/1.png", "testB/1.png")
    assert assert_batches(root, "colorization", validation=0.05) == [20, 1, 2]
    with pytest.raises(UserError, match="leaves none of 1 image in trainB to train on; give 0"):
        open_dataset("color_transfer", "set", root, splits=("train", "validation", "test"), validation=0.05)
    assert assert_batches(root, "color_transfer") == [20, 1, 1]


@pytest.mark.long
@pytest.mark.parametrize("task", TASKS)
def test_two_pairs_train_and_one_is_held_out_for_validation(make, task):
    root = make(*numbered("trainA", "trainB", count=2), *numbered("testA", "testB", count=1))
    assert assert_batches(root, task, layout="aligned", validation=0.05) == [1, 1, 1]


def test_the_error_of_what_bad_files_leave_says_so(make):
    root = make(*numbered("train", "test", count=3))
    for number in (0, 1):
        (root / "set" / "test" / f"{number:02d}.png").write_bytes(b"no image")
    message = "has a single testing image left: --skip_bad leaves out 2 of 3, and color_transfer needs two or more"
    with pytest.raises(UserError, match=message):
        open_dataset("color_transfer", "set", root, layout="flat", skip_bad=True)
    (root / "set" / "test" / "02.png").write_bytes(b"no image")
    with pytest.raises(UserError, match="has no testing images left: --skip_bad leaves out 3 of 3; repair or add some"):
        open_dataset("colorization", "set", root, layout="flat", skip_bad=True)


def test_the_error_of_a_missing_domain_does_not_blame_the_bad_files_of_the_other(make):
    root = make(*numbered("trainA", "testA", "testB", count=2))
    (root / "set" / "trainA" / "00.png").write_bytes(b"no image")
    with pytest.raises(UserError, match=r"no training images that can be read: looked for .* in trainB"):
        open_dataset("color_transfer", "set", root, skip_bad=True)
    make("trainB/00.png")
    (root / "set" / "trainB" / "00.png").write_bytes(b"no image")
    with pytest.raises(UserError, match="no training images left in trainB: --skip_bad leaves out 1 of 1"):
        open_dataset("color_transfer", "set", root, skip_bad=True)
