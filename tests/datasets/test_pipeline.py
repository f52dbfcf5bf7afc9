"""The pipeline: whole epochs, the same data at any step, one crop for a pair, RGB in [0, 1]."""

import functools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from datasets import Pipeline, open_dataset
from datasets.samples import Split
from datasets.sources.image_list import array_images
from utils import UserError
from utils.images.resize import resize_and_crop

SIZE = (32, 48)


@functools.cache
def sample(task):
    """The splits of the data set ``sample``."""
    return open_dataset(task, "sample").splits


def pipeline(task="colorization", split="train", **options):
    return Pipeline(sample(task)[split], **{"image_size": SIZE, "batch_size": 7} | options)


@pytest.mark.parametrize("task", ("colorization", "color_transfer"))
def test_the_stream_can_start_at_any_step_with_the_same_data(task):
    steps = pipeline(task).steps_per_epoch
    first_batches = list(pipeline(task, seed=3).training_stream().take(steps + 2))
    resumed = list(pipeline(task, seed=3).training_stream(start_step=steps - 1).take(3))
    for first, again in zip(first_batches[-3:], resumed, strict=True):
        for name in first:
            np.testing.assert_array_equal(first[name], again[name])


def test_the_parts_of_workers_and_replicas_are_the_whole_batches():
    steps = pipeline().steps_per_epoch
    (whole,) = pipeline(batch_size=8).training_stream(start_step=steps - 1).take(1)
    parts = [
        part
        for worker in range(2)
        for part in pipeline(batch_size=8)
        .training_stream(start_step=steps - 1, worker=worker, workers=2, replicas=4)
        .take(2)
    ]
    assert [len(part["index"]) for part in parts] == [2] * 4
    for name, values in whole.items():
        np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), values)


def test_an_epoch_takes_each_image_at_most_once_and_the_next_has_another_order():
    stream = pipeline()
    steps = stream.steps_per_epoch
    assert steps == len(stream) // 7
    order = np.concatenate([batch["index"] for batch in stream.training_stream().take(2 * steps)]).reshape(2, -1)
    for epoch in order:
        assert len(set(epoch)) == steps * 7 and epoch.min() >= 0 and epoch.max() < len(stream)
    assert not np.array_equal(order[0], order[1])


@pytest.mark.parametrize("count", (10, 33))
def test_each_image_is_as_likely_at_each_place_of_an_epoch(count):
    """Pearson's chi-square of counts ``[image, place]``. Rows and columns have fixed sums, hence the factor."""
    arrays = {f"{number:02d}": (np.zeros([1, 1, 3], np.uint8),) for number in range(count)}
    stream = Pipeline(Split(array_images(arrays, "")), image_size=(1, 1), batch_size=1)
    expected = 2000 // count  # in each cell
    epochs = expected * count
    order = stream._shuffled(0, worker=0, workers=1).map(lambda index, epoch: index).batch(count).take(epochs)
    counts = np.zeros([count, count])
    for row in order.as_numpy_iterator():
        counts[row, np.arange(count)] += 1
    assert counts.sum(0).tolist() == counts.sum(1).tolist() == [epochs] * count
    freedom = (count - 1) ** 2
    chi_square = np.sum((counts - expected) ** 2) / expected * (count - 1) / count
    assert abs(chi_square - freedom) < 4 * np.sqrt(2 * freedom)


def test_the_order_is_the_same_on_all_stacks():
    arrays = {f"{number}": (np.zeros([1, 1, 3], np.uint8),) for number in range(8)}
    stream = Pipeline(Split(array_images(arrays, "")), image_size=(1, 1), batch_size=2, seed=5)
    order = [int(index) for index, _ in stream._shuffled(3, worker=0, workers=1).take(10)]
    assert order == [3, 7, 0, 6, 3, 7, 2, 4, 5, 1]


def test_the_seed_changes_order_and_crops():
    first, other = (list(pipeline(seed=seed).training_stream().take(pipeline().steps_per_epoch)) for seed in (0, 1))
    orders = [np.concatenate([batch["index"] for batch in batches]) for batches in (first, other)]
    assert not np.array_equal(*orders)
    images = [np.concatenate([batch["target"] for batch in batches]) for batches in (first, other)]
    both = sorted(set(orders[0]) & set(orders[1]))
    same = [np.array_equal(*(p[list(o).index(k)] for p, o in zip(images, orders, strict=True))) for k in both]
    assert np.mean(same) < 0.1


def test_source_and_target_are_cropped_and_mirrored_together():
    # The edges are drawn from the target. After both are jittered, they still lie where its gradients are.
    batch = next(iter(pipeline("edges2photos").training_stream()))
    edges = 1 - batch["source"].numpy()[..., 0]
    rows, columns = np.gradient(batch["target"].numpy().mean(-1), axis=(1, 2))
    steep = np.hypot(rows, columns)
    assert set(batch) == {"source", "target", "index"}
    assert (steep * edges).sum() / edges.sum() > 1.5 * steep.mean()


def test_unpaired_batches_have_no_target():
    assert set(next(iter(pipeline("color_transfer").training_stream()))) == {"source", "reference", "index"}


@pytest.mark.parametrize("task", ("colorization", "edges2photos", "color_transfer"))
def test_the_stream_declares_shapes_and_types(task):
    spec = pipeline(task).training_stream().element_spec
    other = spec["reference" if task == "color_transfer" else "target"]
    assert spec["source"].shape == (7, *SIZE, 3) and other.shape == (7, *SIZE, 3)
    assert spec["source"].dtype == tf.float32 and spec["index"].dtype == tf.int64


def test_evaluation_takes_every_image_once_in_order_and_only_resizes():
    held_out = pipeline(split="test")
    batches = list(held_out.evaluation_batches())
    indices = np.concatenate([batch["index"] for batch in batches])
    np.testing.assert_array_equal(indices, np.arange(len(held_out)))
    expected = resize_and_crop(held_out.split.images.read(3), SIZE)
    np.testing.assert_allclose(batches[0]["target"][3] * 255, expected, atol=0.02)


def test_at_most_takes_samples_that_are_evenly_spread():
    indices = next(iter(pipeline(split="test").evaluation_batches(at_most=9)))["index"].numpy()
    assert indices[0] == 0 and indices[-1] == len(pipeline(split="test")) - 1 and len(indices) == 9


def test_a_reference_is_any_image_of_the_set_but_the_source():
    arrays = {str(number): (np.full([4, 4, 3], 25 * number, np.uint8),) for number in range(10)}
    photographs = array_images(arrays, "")
    split = Split(photographs, photographs)
    pipeline = Pipeline(split, image_size=(4, 4), batch_size=10)
    stream = pipeline.training_stream(jitter=False)
    drawn = {}
    for batch in stream.take(60):
        for index, reference in zip(batch["index"].numpy(), batch["reference"].numpy(), strict=True):
            drawn.setdefault(index, set()).add(round(reference[0, 0, 0] * 10.2))
    assert all(numbers == set(range(10)) - {index} for index, numbers in drawn.items()) and len(drawn) == 10


@pytest.mark.parametrize("preprocess", ("crop", "pad"))
def test_images_of_any_shape_become_batches(preprocess, rng):
    shapes = [(9, 50), (50, 9), (32, 48), (1, 1), (200, 300), (33, 31)]
    arrays = {str(shape): (rng.integers(0, 256, [*shape, 3], np.uint8),) for shape in shapes}
    split = Split(array_images(arrays, ""))
    for jittered in (False, True):
        whole = Pipeline(split, image_size=SIZE, batch_size=len(shapes), preprocess=preprocess)
        (batch,) = whole.training_stream(jittered).take(1)
        assert batch["target"].shape == (len(shapes), *SIZE, 3) and np.isfinite(batch["target"]).all()
    # Without jitter it is the central part, the same each time.
    first, again = (next(iter(whole.training_stream(jitter=False)))["target"] for _ in range(2))
    np.testing.assert_array_equal(first, again)


READ_AHEAD = """
from datasets import Pipeline, open_dataset
split = open_dataset("color_transfer", "sample").splits["train"]
stream = iter(Pipeline(split, image_size=(128, 128), batch_size=4).training_stream())
next(stream)
"""


@pytest.mark.long
def test_a_program_can_end_while_a_stream_reads_ahead():
    done = subprocess.run([sys.executable, "-c", READ_AHEAD], cwd=Path(__file__).parents[2], timeout=120)
    assert done.returncode == 0


def test_too_few_images_for_a_batch_are_an_error():
    few = Pipeline(sample("colorization")["test"], image_size=SIZE, batch_size=1000)
    with pytest.raises(UserError, match="lower --batch_size"):
        few.training_stream()


@pytest.mark.parametrize(
    "task,dataset", [("colorization", "landscapes"), ("edges2photos", "edges2stamps"), ("color_transfer", "flowers")]
)
def test_real_photographs_of_every_layout_become_batches(data_folder, task, dataset):
    split = open_dataset(task, dataset, data_folder).splits["train"]
    batch = next(iter(Pipeline(split, image_size=SIZE, batch_size=4).training_stream()))
    images = {name: image.numpy() for name, image in batch.items() if name != "index"}
    assert set(images) == {"source", "reference" if task == "color_transfer" else "target"}
    for image in images.values():
        assert image.shape == (4, *SIZE, 3) and 0 <= image.min() <= image.max() <= 1 and image.std() > 0.05
