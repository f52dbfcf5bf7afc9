"""Caches of resized images: the same batches, each file read once, files that change."""

import numpy as np
import pytest
import tensorflow as tf

from datasets import Pipeline, open_dataset
from datasets.jitter import jitter_size
from datasets.loading import ImageLoader
from utils import UserError

SIZE = (32, 48)


@pytest.mark.parametrize("where", ("memory", "disk"))
def test_a_cache_gives_the_same_batches_and_reads_each_file_once(where, tmp_path, save, rng):
    root = tmp_path / "data"
    for number in range(8):
        save(root / "photos" / f"{number}.png", rng.integers(0, 256, [20, 20, 3], np.uint8))
    cache = str(tmp_path / "cache") if where == "disk" else where
    split = open_dataset("color_transfer", "photos", root, splits=("train",)).splits["train"]

    def batches(pipeline):
        return [{name: value.numpy() for name, value in b.items()} for b in pipeline.training_stream().take(20)]

    def equal(first, second):
        return all(np.array_equal(f[name], s[name]) for f, s in zip(first, second, strict=True) for name in f)

    def cached(**options):
        return Pipeline(split, image_size=SIZE, batch_size=3, cache=cache, **options)

    uncached = batches(Pipeline(split, image_size=SIZE, batch_size=3))
    first = cached()
    assert equal(uncached, batches(first))
    saved = sorted((tmp_path / "cache").glob("*"))
    assert len(saved) == (6 if where == "disk" else 0)
    if where == "disk":
        changed = np.load(saved[0])
        np.save(saved[0], 255 - changed)
        assert not equal(uncached, batches(cached()))  # the changed array was read
        assert equal(uncached, batches(Pipeline(split, image_size=SIZE, batch_size=3, interpolation="bicubic")))
        assert not equal(uncached, batches(cached(interpolation="nearest")))
        assert len(list((tmp_path / "cache").glob("*"))) == 12  # those of nearest beside those of bicubic
    else:
        for path in (root / "photos").iterdir():
            path.write_bytes(b"")
        assert equal(uncached, batches(first))


@pytest.mark.parametrize("task,jittered", [("colorization", True), ("color_transfer", False), ("edges2photos", True)])
def test_what_the_memory_takes_is_what_is_kept(task, jittered):
    split = open_dataset(task, "sample").splits["train"]
    cached, uncached = (Pipeline(split, image_size=SIZE, batch_size=7, cache=cache) for cache in ("memory", "none"))
    size = jitter_size(SIZE) if jittered else SIZE
    lists = [cached.split.images, *([cached.split.references] if task == "color_transfer" else [])]
    loaders = [(ImageLoader(images, size), len(images)) for images in lists]
    kept = sum(loader.load(index).nbytes for loader, count in loaders for index in range(count))
    assert cached.cached_bytes(jittered) == kept > 0
    assert uncached.cached_bytes(jittered) == 0


def test_a_changed_file_is_read_again_and_a_cache_that_cannot_be_written_is_an_error(tmp_path, save):
    root = tmp_path / "data"
    for number in range(4):
        save(root / "photos" / f"{number}.png", np.zeros([8, 8, 3], np.uint8))

    def brightest():
        split = open_dataset("colorization", "photos", root).splits["train"]
        pipeline = Pipeline(split, image_size=(8, 8), batch_size=3, cache=str(tmp_path / "cache"))
        return float(tf.reduce_max(next(iter(pipeline.evaluation_batches()))["target"]))

    assert brightest() == 0.0
    for path in (root / "photos").iterdir():
        save(path, np.full([8, 8, 3], 255, np.uint8))
    assert brightest() == 1.0
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="--cache disk"):
        split = open_dataset("colorization", "photos", root).splits["train"]
        Pipeline(split, image_size=(8, 8), batch_size=3, cache=str(tmp_path / "file")).training_stream()
