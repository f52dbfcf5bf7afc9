"""TensorFlow Datasets: small data sets with real builders, prepared and read by TFDS itself."""

from typing import ClassVar

import numpy as np
import pytest
import tensorflow_datasets as tfds

from datasets import Pipeline, open_dataset
from utils import UserError


def image(number, shape=(8, 12, 3)):
    return np.full(shape, number, np.uint8)


class _Builder(tfds.core.GeneratorBasedBuilder):
    """A data set of these features and of these examples of each split."""

    VERSION = tfds.core.Version("1.0.0")
    features: ClassVar
    splits: ClassVar

    def _info(self):
        return tfds.core.DatasetInfo(builder=self, features=tfds.features.FeaturesDict(self.features))

    def _split_generators(self, manager):
        return {split: enumerate(examples) for split, examples in self.splits.items()}

    def _generate_examples(self):
        """TFDS requires this method, although it calls it only for other kinds of splits."""


IMAGE = tfds.features.Image()


class TinyPhotographs(_Builder):
    features: ClassVar = {"image": IMAGE, "label": tfds.features.ClassLabel(num_classes=2)}
    splits: ClassVar = {
        "train": [{"image": image(number), "label": 0} for number in range(7)],
        "validation": [{"image": image(100 + number), "label": 1} for number in range(3)],
    }


class TinySides(_Builder):
    features: ClassVar = {"image": IMAGE}
    splits: ClassVar = {
        name: [{"image": image(10 * place + number)} for number in range(4)]
        for place, name in enumerate(("trainA", "trainB", "testA", "testB"))
    }


class TinyPairs(_Builder):
    features: ClassVar = {"small": IMAGE, "large": IMAGE}
    splits: ClassVar = {
        "train": [{"small": image(number), "large": image(number + 50, (16, 24, 3))} for number in range(30)]
    }


class TinyFew(_Builder):
    features: ClassVar = {"image": IMAGE}
    splits: ClassVar = {"train": [{"image": image(number)} for number in range(3)]}


class TinyNumbers(_Builder):
    features: ClassVar = {"image": tfds.features.Image(shape=(None, None, 1), dtype=np.float32)}
    splits: ClassVar = {"train": [{"image": np.zeros([4, 4, 1], np.float32)}]}


class TinyByHand(_Builder):
    MANUAL_DOWNLOAD_INSTRUCTIONS = "Ask its authors for it."
    features: ClassVar = {"image": IMAGE}
    splits: ClassVar = {"train": []}


class TinyTexts(_Builder):
    features: ClassVar = {"text": tfds.features.Text()}
    splits: ClassVar = {"train": [{"text": "no image"}]}


def first_colors(images, part=0):
    return sorted(int(images.read(index)[part][0, 0, 0]) for index in range(len(images)))


def open_tiny(task, name, folder, **options):
    return open_dataset(task, f"tfds:{name}", tfds_data_dir=str(folder), **options)


def test_photographs_keep_the_splits_of_the_data_set(tmp_path):
    dataset = open_tiny("color_transfer", "tiny_photographs", tmp_path)
    assert dataset.description == "flat layout of tiny_photographs/1.0.0: image"
    assert first_colors(dataset.splits["train"].images) == [*range(7)]
    assert first_colors(dataset.splits["test"].images) == [100, 101, 102]
    names = dataset.splits["test"].images.names
    assert names == ["validation_000000", "validation_000001", "validation_000002"]


def test_the_groups_of_an_unpaired_data_set(tmp_path):
    dataset = open_tiny("color_transfer", "tiny_sides", tmp_path)
    assert dataset.description.startswith("unaligned layout")
    assert first_colors(dataset.splits["train"].images) == [0, 1, 2, 3]
    assert first_colors(dataset.splits["train"].references) == [10, 11, 12, 13]
    assert first_colors(dataset.splits["test"].references) == [30, 31, 32, 33]
    assert len(open_tiny("colorization", "tiny_sides", tmp_path).splits["train"].images) == 8


def test_two_images_in_an_example_are_a_pair_and_a_single_split_is_divided(tmp_path):
    dataset = open_tiny("edges2photos", "tiny_pairs", tmp_path, seed=3)
    assert dataset.description == "aligned layout of tiny_pairs/1.0.0: small -> large"
    train, test = (dataset.splits[split].images for split in ("train", "test"))
    assert len(train) == 27 and len(test) == 3
    assert sorted(first_colors(train) + first_colors(test)) == [*range(30)]
    assert first_colors(train, part=1) == [color + 50 for color in first_colors(train)]
    again = open_tiny("edges2photos", "tiny_pairs", tmp_path, seed=3).splits["test"].images
    other = open_tiny("edges2photos", "tiny_pairs", tmp_path, seed=4, a2b=True).splits["test"].images
    assert first_colors(again) == first_colors(test) != first_colors(other, part=1)
    assert first_colors(other) == [color + 50 for color in first_colors(other, part=1)]


def test_batches_with_a_cache_on_disk(tmp_path):
    split = open_tiny("edges2photos", "tiny_pairs", tmp_path).splits["train"]
    for _ in range(2):
        pipeline = Pipeline(split, image_size=(8, 12), batch_size=5, cache=str(tmp_path / "cache"))
        for batch in pipeline.training_stream(jitter=False).take(5):
            source, target = (np.round(batch[name].numpy() * 255) for name in ("source", "target"))
            assert source.shape == (5, 8, 12, 3) and (target == source + 50).all()
    assert len(list((tmp_path / "cache").iterdir())) > 20


@pytest.mark.parametrize(
    "task,name,message",
    [
        ("colorization", "nonsense", "TensorFlow Datasets has no such set"),
        ("colorization", "tiny_photographs/large", "NAME/CONFIGURATION"),
        ("colorization", "tiny_photographs:9.9.9", "9.9.9"),
        ("colorization", "tiny_texts", "has 0 images in an example"),
        ("colorization", "tiny_numbers", "has images of float32"),
        ("colorization", "tiny_by_hand", "cannot be downloaded and prepared"),
        ("edges2photos", "tiny_photographs", "edges2photos takes the layouts .*, but tfds:tiny_photographs is flat"),
    ],
)
def test_errors_come_before_anything_is_downloaded(tmp_path, task, name, message):
    with pytest.raises(UserError, match=message):
        open_tiny(task, name, tmp_path)
    assert not list(tmp_path.rglob("*.array_record*"))


def test_too_few_images_for_the_task_are_an_error(tmp_path):
    with pytest.raises(UserError, match="tfds:tiny_few has 3 images, and color_transfer takes 2 or more to train"):
        open_tiny("color_transfer", "tiny_few", tmp_path)


def test_a_data_set_prepared_in_another_format_is_an_error(tmp_path):
    tfds.builder("tiny_photographs", data_dir=tmp_path, file_format="tfrecord").download_and_prepare()
    with pytest.raises(UserError, match="another --tfds_data_dir"):
        open_tiny("colorization", "tiny_photographs", tmp_path)


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be downloaded and prepared"):
        open_tiny("colorization", "tiny_photographs", tmp_path / "file")
