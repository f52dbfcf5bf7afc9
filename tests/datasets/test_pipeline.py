"""The pipelines: whole epochs, the same data of any step again, one crop for a pair, the network's colours."""

import numpy as np
import pytest
import tensorflow as tf

from datasets import Pipeline, open_examples
from datasets.augmentation import jitter, random_key, resize
from utils.color_spaces import to_rgb
from utils.errors import UserError

SIZE = (32, 48)


def pipeline(task="colorization", split="train", **options):
    return Pipeline(open_examples(task, "sample", "nowhere", split), SIZE, batch_size=7, **options)


@pytest.mark.parametrize("task", ("colorization", "color_transfer"))
def test_the_stream_starts_at_any_step_with_the_very_same_data(task):
    steps = pipeline(task).steps_per_epoch
    whole = list(pipeline(task, seed=3).training_stream().take(steps + 2))
    later = list(pipeline(task, seed=3).training_stream(start_step=steps - 1).take(3))
    for first, again in zip(whole[-3:], later, strict=True):
        for name in first:
            np.testing.assert_array_equal(first[name], again[name])


def test_an_epoch_takes_each_picture_at_most_once_and_the_next_in_another_order():
    stream = pipeline()
    steps = stream.steps_per_epoch
    assert steps == len(stream.examples) // 7
    order = np.concatenate([batch["index"] for batch in stream.training_stream().take(2 * steps)]).reshape(2, -1)
    for epoch in order:
        assert len(set(epoch)) == steps * 7 and epoch.min() >= 0 and epoch.max() < len(stream.examples)
    assert not np.array_equal(order[0], order[1])


def test_the_seed_changes_order_and_crops():
    first, other = (list(pipeline(seed=seed).training_stream().take(pipeline().steps_per_epoch)) for seed in (0, 1))
    orders = [np.concatenate([batch["index"] for batch in batches]) for batches in (first, other)]
    assert not np.array_equal(*orders)
    pictures = [np.concatenate([batch["target"] for batch in batches]) for batches in (first, other)]
    both = sorted(set(orders[0]) & set(orders[1]))
    same = [np.array_equal(*(p[list(o).index(k)] for p, o in zip(pictures, orders, strict=True))) for k in both]
    assert np.mean(same) < 0.1


def test_source_and_target_are_cropped_and_mirrored_together():
    # The grey source's luminance is its target's, pixel by pixel, after both have been jittered.
    batch = next(iter(pipeline().training_stream()))
    np.testing.assert_allclose(batch["source"][..., 0], batch["target"][..., 0], atol=1e-5)
    np.testing.assert_allclose(batch["source"][..., 1:], 0, atol=1e-5)
    np.testing.assert_array_equal(batch["reference"], batch["target"])


def test_unpaired_batches_have_no_target():
    assert set(next(iter(pipeline("color_transfer").training_stream()))) == {"source", "reference", "index"}


@pytest.mark.parametrize("task", ("colorization", "edges2photos", "color_transfer"))
def test_shapes_and_types_are_known(task):
    spec = pipeline(task, channels=1).training_stream().element_spec
    assert spec["source"].shape == (7, *SIZE, 1) and spec["reference"].shape == (7, *SIZE, 3)
    assert spec["source"].dtype == tf.float32 and spec["index"].dtype == tf.int64


def test_evaluation_takes_every_picture_once_in_order_unchanged_but_for_its_size():
    held_out = pipeline(split="test")
    batches = list(held_out.evaluation_batches())
    indices = np.concatenate([batch["index"] for batch in batches])
    np.testing.assert_array_equal(indices, np.arange(len(held_out.examples)))
    expected = resize(held_out.examples.load(3)[1], SIZE)
    np.testing.assert_allclose(to_rgb(batches[0]["target"], "yuv")[3], tf.clip_by_value(expected, 0, 1), atol=1e-4)


def test_a_few_are_taken_evenly():
    indices = next(iter(pipeline(split="test").evaluation_batches(at_most=9)))["index"].numpy()
    assert indices[0] == 0 and indices[-1] == len(pipeline(split="test").examples) - 1 and len(indices) == 9


def test_jitter_is_a_function_of_its_key_and_the_same_in_a_pipeline():
    picture = open_examples("colorization", "sample", "", "train").load(0)[1]
    key = random_key(1, 2, 3, 4)
    eager = jitter(picture, SIZE, key)
    mapped = next(iter(tf.data.Dataset.from_tensors(picture).map(lambda p: jitter(p, SIZE, random_key(1, 2, 3, 4)))))
    np.testing.assert_array_equal(eager, mapped)
    others = [jitter(picture, SIZE, random_key(1, 2, 3, k)).numpy() for k in range(5, 15)]
    assert all(not np.array_equal(eager, other) for other in others)


def test_jitter_crops_the_picture_resized_by_286_to_256_and_mirrors_half_of_them():
    picture = tf.random.stateless_uniform([64, 64, 3], [1, 2])
    larger = resize(picture, (72, 72)).numpy()  # round(64 * 286 / 256)
    mirrored = 0
    for k in range(20):
        crop = jitter(picture, (64, 64), random_key(0, 0, 0, k)).numpy()
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


def test_too_few_pictures_for_a_batch_are_said():
    few = Pipeline(open_examples("colorization", "sample", "", "test"), SIZE, batch_size=1000)
    with pytest.raises(UserError, match="lower --batch_size"):
        few.training_stream()


@pytest.mark.parametrize(
    "task,dataset", [("colorization", "landscapes"), ("edges2photos", "edges2stamps"), ("color_transfer", "flowers")]
)
def test_real_photographs_of_every_layout_become_batches(data_folder, task, dataset):
    batch = next(iter(Pipeline(open_examples(task, dataset, data_folder, "train"), SIZE, 4).training_stream()))
    pictures = {name: picture.numpy() for name, picture in batch.items() if name != "index"}
    assert set(pictures) == {"source", "reference"} | (set() if task == "color_transfer" else {"target"})
    for picture in pictures.values():
        assert picture.shape == (4, *SIZE, 3) and np.abs(picture).max() < 1 + 1e-5 and picture.std() > 0.1
