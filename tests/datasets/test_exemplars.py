"""Exemplars: the reference comes from the image that was asked for, and the source stays."""

import numpy as np
import pytest

from datasets import Pipeline, open_dataset, open_exemplars
from utils import UserError, to_rgb

SIZE = (32, 32)


def held_out(task="colorization"):
    return open_dataset(task, "sample").splits["test"]


def evaluated(task, which):
    examples = held_out(task)
    exemplars = open_exemplars(which, examples, seed=3) if which else None
    pipeline = Pipeline(examples, image_size=SIZE, batch_size=64, color_space="rgb")
    (batch,) = pipeline.evaluation_batches(exemplars=exemplars)
    return {name: value.numpy() for name, value in batch.items()}


@pytest.mark.parametrize("task", ("colorization", "color_transfer", "edges2photos"))
def test_shuffle_gives_each_the_reference_of_another_and_the_same_ones_again(task):
    own, shuffled, again = evaluated(task, None), evaluated(task, "shuffle"), evaluated(task, "shuffle")
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


def test_an_image_is_everyones_and_a_folders_are_taken_in_turn(tmp_path, rng, save):
    images = rng.integers(0, 256, (2, *SIZE, 3), np.uint8)
    for name, image in zip(("b", "a"), images, strict=True):
        save(tmp_path / f"{name}.png", image)
    references = to_rgb(evaluated("colorization", str(tmp_path / "b.png"))["reference"], "rgb").numpy() * 255
    np.testing.assert_allclose(references, np.broadcast_to(images[0], references.shape), atol=1e-3)
    references = to_rgb(evaluated("colorization", str(tmp_path))["reference"], "rgb").numpy() * 255
    np.testing.assert_allclose(references[:4], images[[1, 0, 1, 0]], atol=1e-3)


def test_what_is_no_image_is_said(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.png").write_text("no image")
    for which, said in [
        ("nowhere", "does not exist"),
        (tmp_path / "folder", "no images"),
        (tmp_path / "text.png", "text"),
    ]:
        with pytest.raises(UserError, match=said):
            open_exemplars(str(which), held_out())
    alone = held_out()
    alone.images.items[1:] = []
    with pytest.raises(UserError, match="there is one"):
        open_exemplars("shuffle", alone)
