"""The curve of the number of photographs: which crops each network is trained on, its table and its chart."""

import numpy as np
import pytest
from PIL import Image

from benchmarks.looks import curve
from benchmarks.looks.measures import COLUMNS
from utils import UserError


@pytest.fixture
def photographs(tmp_path, rng):
    """A folder like those of benchmarks.looks.photographs, with 20 photographs and 4 crops of each."""
    folder = tmp_path / "photographs"
    for part, count in (("train", 20), ("test", 1)):
        (folder / part).mkdir(parents=True)
        for name in range(count):
            for crop in range(4):
                image = Image.fromarray(np.uint8(rng.integers(0, 256, [32, 32, 3])))
                image.save(folder / part / f"many-animals-{name:02}-{crop}.png")
    return folder


def test_a_photograph_comes_with_all_its_crops_in_an_order_that_repeats(photographs):
    crops = curve.crops_by_photograph(photographs / "train")
    assert [len(paths) for paths in crops] == 20 * [4]
    assert all(len({path.stem[:-2] for path in paths}) == 1 for paths in crops)
    assert crops == curve.crops_by_photograph(photographs / "train") and crops != sorted(crops)


def test_the_figures_of_each_network_are_in_the_table_and_in_the_chart():
    values = {name: np.arange(len(COLUMNS) + 1) + 10 * number for number, name in enumerate((curve.MKL, 8, 128))}
    place = COLUMNS.index("dE00")
    text = curve.table({"looks": values, "filters": values})
    assert f"| 128 | {20 + place:.2f} |" in text and text.count("\n") == 4
    (panel,) = curve.draw({"looks": values, "filters": values}).axes
    line = panel.lines[0]
    assert [*line.get_xdata()] == [8, 128] and [*line.get_ydata()] == [10 + place, 20 + place]
    assert panel.get_ylim()[0] == 0


def test_a_network_is_not_trained_on_less_than_a_batch(photographs, tmp_path):
    with pytest.raises(UserError, match=r"^28 crops are less than a batch of 32; give a folder of more photographs$"):
        curve.train_on(curve.crops_by_photograph(photographs / "train")[:7], tmp_path, test=photographs / "test")


@pytest.mark.long
def test_a_network_is_trained_on_the_photographs_alone_and_not_twice(photographs, tmp_path, monkeypatch):
    monkeypatch.setattr(curve, "STEPS", 2)
    chosen = curve.crops_by_photograph(photographs / "train")[:8]
    run = curve.train_on(chosen, tmp_path / "runs", test=photographs / "test")
    links = [*(tmp_path / "runs").glob("8_photographs*/photographs/train/*")]
    assert {path.name for path in links} == {path.name for paths in chosen for path in paths}
    (checkpoint,) = (run / "checkpoints").iterdir()
    before = checkpoint.stat().st_mtime_ns
    assert curve.train_on(chosen, tmp_path / "runs", test=photographs / "test") == run
    assert checkpoint.stat().st_mtime_ns == before
