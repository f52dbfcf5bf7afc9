"""Exemplars: they replace the references, and nothing else."""

import functools

import numpy as np
import pytest

from datasets import Pipeline, Split, open_dataset, open_exemplars
from utils import UserError

SIZE = (32, 32)


@functools.cache
def held_out(task="colorization"):
    return open_dataset(task, "sample", splits=("test",)).splits["test"]


def evaluation_batch(task, which):
    """The test split as one batch: a dict of arrays."""
    split = held_out(task)
    exemplars = open_exemplars(which, split, seed=3) if which else None
    pipeline = Pipeline(split, image_size=SIZE, batch_size=64)
    (batch,) = pipeline.evaluation_batches(exemplars=exemplars)
    batch = {name: value.numpy() for name, value in batch.items()}
    return batch if "reference" in batch else batch | {"reference": batch["target"]}


@pytest.mark.parametrize("task", ("colorization", "color_transfer", "edges2photos"))
def test_shuffle_gives_each_sample_the_reference_of_another_and_repeats(task):
    own, shuffled, again = (evaluation_batch(task, which) for which in (None, "shuffle", "shuffle"))
    for name in set(own) - {"reference"}:
        np.testing.assert_array_equal(own[name], shuffled[name])
    np.testing.assert_array_equal(shuffled["reference"], again["reference"])
    assert not np.array_equal(own["reference"], shuffled["reference"])
    if task != "color_transfer":
        partners = [
            [np.array_equal(reference, target) for target in own["target"]].index(True)
            for reference in shuffled["reference"]
        ]
        assert sorted(partners) == list(range(len(partners)))
        assert all(index != partner for index, partner in enumerate(partners))


def test_one_image_serves_all_samples_and_those_of_a_folder_are_taken_in_turn(tmp_path, rng, save):
    images = rng.integers(0, 256, (2, *SIZE, 3), np.uint8)
    for name, image in zip(("b", "a"), images, strict=True):
        save(tmp_path / f"{name}.png", image)
    references = evaluation_batch("colorization", str(tmp_path / "b.png"))["reference"] * 255
    np.testing.assert_allclose(references, np.broadcast_to(images[0], references.shape), atol=1e-3)
    references = evaluation_batch("colorization", str(tmp_path))["reference"] * 255
    np.testing.assert_allclose(references[:4], images[[1, 0, 1, 0]], atol=1e-3)


def test_a_wrong_exemplar_is_an_error(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "gifs").mkdir()
    (tmp_path / "gifs" / "1.gif").touch()
    (tmp_path / "text.png").write_text("no image")
    for which, message in [
        ("nowhere", "nowhere does not exist"),
        (tmp_path / "folder", r"no images \(.*\); give"),
        (tmp_path / "gifs", r"no images \(.*\), but 1 \.gif; give"),
        (tmp_path / "text.png", "text"),
    ]:
        with pytest.raises(UserError, match=message):
            open_exemplars(str(which), held_out())
    single = Split(held_out().images.take([0]))
    with pytest.raises(UserError, match="there is one"):
        open_exemplars("shuffle", single)


@pytest.mark.parametrize("task", ("colorization", "color_transfer", "edges2photos"))
def test_the_own_references_are_those_of_the_batches(task):
    split = held_out(task)
    pipeline = Pipeline(split, image_size=SIZE, batch_size=64, seed=3)
    (batch,) = pipeline.evaluation_batches()
    (again,) = pipeline.evaluation_batches(exemplars=pipeline.own_references())
    np.testing.assert_array_equal(batch.get("reference", batch.get("target")), again["reference"])


def test_the_names_of_exemplars_are_relative_to_their_folder(tmp_path, save, rng):
    for name in ("cats/001.png", "dogs/001.png"):
        save(tmp_path / "set" / name, rng.integers(0, 256, [8, 8, 3], np.uint8))
    assert open_exemplars(str(tmp_path / "set"), held_out()).names[:2] == ["cats/001.png", "dogs/001.png"]
    assert set(open_exemplars(str(tmp_path / "set" / "cats" / "001.png"), held_out()).names) == {"001.png"}
