"""Windows: training images cut at an image's own resolution, of 16 bits too, and whole images for testing."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from datasets import Pipeline, open_dataset

SIZE = (32, 48)


@pytest.fixture
def deep_pairs(tmp_path, save, rng):
    """Pairs of 16 and 8 bits and of three sizes in a folder: the arrays by name."""
    pairs = {}
    for number, shape in enumerate([(40, 60), (50, 50), (70, 40), (40, 40)] * 2):
        deep = rng.integers(0, 65536, [*shape, 3], np.uint16)
        pairs[f"{number}"] = deep, (255 - deep / 257).round().astype(np.uint8)
        path = save(tmp_path / "fivek" / "expertC" / f"{number}.png", pairs[f"{number}"][1])
        (path.parents[1] / "input").mkdir(exist_ok=True)
        tifffile.imwrite(path.parents[1] / "input" / f"{number}.tif", deep)
    return pairs


def open_deep(root, split, **options):
    split = open_dataset("enhancement", "fivek", root, splits=(split,), same_size=True).splits[split]
    return Pipeline(split, image_size=SIZE, batch_size=2, preprocess="window", **options)


@pytest.mark.parametrize("cache", ("none", "memory", "disk"))
def test_windows_are_cut_at_the_images_own_resolution_and_16_bits_reach_the_network(deep_pairs, tmp_path, cache):
    train = open_deep(tmp_path, "train", cache=str(tmp_path / "cache") if cache == "disk" else cache)
    names = [Path(name).stem for name in train.split.images.names]
    for batch in train.training_stream(jitter=False).take(6):
        for index, source, target in zip(batch["index"], batch["source"], batch["target"], strict=True):
            deep, shallow = deep_pairs[names[int(index)]]
            if any(side < wanted for side, wanted in zip(deep.shape, SIZE, strict=False)):
                continue  # it was scaled
            source, target = np.asarray(source), np.asarray(target)
            windows = np.lib.stride_tricks.sliding_window_view(deep / 65535, source.shape)[:, :, 0]
            places = np.argwhere(np.abs(windows - source).max((-1, -2, -3)) < 1e-6)
            assert len(places) == 1
            y, x = places[0]
            np.testing.assert_allclose(target, shallow[y : y + SIZE[0], x : x + SIZE[1]] / 255, atol=1e-6)


def test_images_for_testing_are_whole(deep_pairs, tmp_path):
    test = open_deep(tmp_path, "test")
    batches = [*test.evaluation_batches()]
    assert len(batches) == len(test) == 2
    for batch, name in zip(batches, test.split.images.names, strict=True):
        deep, _ = deep_pairs[Path(name).stem]
        if min(np.subtract(deep.shape[:2], SIZE)) >= 0:
            np.testing.assert_allclose(batch["source"][0], deep / 65535, atol=1e-6)
    assert next(iter(test.evaluation_batches(at_most=2)))["source"].shape == (2, *SIZE, 3)
