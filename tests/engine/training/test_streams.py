"""Real photographs train a small network in every layout."""

from pathlib import Path

import numpy as np
import pytest
from tensorflow import keras

from datasets import Pipeline, open_dataset
from datasets.sources.image_list import split_halves
from losses import conditional_entropy, earth_movers_distance
from models import HueNet, augment, network_batch, resnet_generator
from tests.tiny import SIZE, network
from utils.images.decode import decode

BINS = 16


@pytest.fixture(scope="module")
def model():
    model = HueNet(
        augment(resnet_generator(SIZE, bins=BINS, blocks=1, filters=4), bins=BINS),
        network("critic", ["source", "image"]),
        losses={"adversarial": "vanilla", "structure": conditional_entropy, "color": earth_movers_distance},
        weights={"adversarial": 1.0, "structure": 1.0, "color": 20.0},
        content="source",
    )
    model.compile(keras.optimizers.Adam(2e-4, beta_1=0.5), keras.optimizers.Adam(2e-4, beta_1=0.5), jit_compile=False)
    return model


@pytest.fixture
def root(data_folder, tmp_path, save):
    """Real photographs in the layouts that ../shared/data does not have: aligned folders, nested ones, and a list."""
    for split, own in (("train", "train"), ("test", "val")):
        for path in sorted((data_folder / "edges2stamps" / own).iterdir())[:6]:
            for side, half in zip("AB", split_halves(decode(path.read_bytes())), strict=True):
                save(tmp_path / "aligned" / f"{split}{side}" / f"{path.stem}.png", half)
    (tmp_path / "nested").mkdir()
    (tmp_path / "nested" / "jpg").mkdir()
    (tmp_path / "listed").mkdir()
    flowers = sorted((data_folder / "flowers").iterdir())[:40]
    for path in flowers:
        (tmp_path / "nested" / "jpg" / path.name).symlink_to(path.resolve())
    (tmp_path / "listed" / "train.txt").write_text("\n".join(str(path) for path in flowers))
    for dataset in ("edges2stamps", "landscapes", "flowers"):
        (tmp_path / dataset).symlink_to((data_folder / dataset).resolve())
    return tmp_path


@pytest.mark.long
@pytest.mark.parametrize(
    "task,name,layout",
    [
        ("edges2photos", "edges2stamps", "pairs"),
        ("edges2photos", "aligned", "aligned"),
        ("colorization", "landscapes", "unaligned"),
        ("color_transfer", "landscapes", "unaligned"),
        ("color_transfer", "flowers", "flat"),
        ("colorization", "nested", "flat"),
        ("color_transfer", "listed", "list"),
    ],
)
def test_real_photographs_train_in_every_layout(model, root, task, name, layout):
    dataset = open_dataset(task, name, root)
    assert dataset.description == f"{layout} layout" and Path(f"{root / name}.checked.json").exists()
    before = model.generator.get_weights()
    pipeline = Pipeline(dataset.splits["train"], image_size=(SIZE, SIZE), batch_size=4, preprocess="crop")
    history = model.fit(pipeline.training_stream().map(network_batch), steps_per_epoch=2, verbose=0).history
    assert np.isfinite([value for values in history.values() for value in values]).all()
    assert any(not np.array_equal(*pair) for pair in zip(before, model.generator.get_weights(), strict=True))
    (sample,) = Pipeline(dataset.splits["test"], image_size=(SIZE, SIZE), batch_size=4).evaluation_batches(at_most=3)
    count = min(3, len(dataset.splits["test"].images))
    assert model(network_batch(sample)).shape == (count, SIZE, SIZE, 3)
