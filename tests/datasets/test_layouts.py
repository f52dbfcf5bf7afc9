"""Folder layouts: which files, which split, and what is said where there are none."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from skimage.io import imsave

from datasets import find_files
from utils.errors import UserError


@pytest.fixture
def make_files(tmp_path):
    def make(*names):
        for name in names:
            (tmp_path / "set" / name).parent.mkdir(parents=True, exist_ok=True)
            imsave(tmp_path / "set" / name, np.zeros([4, 8, 3], np.uint8), check_contrast=False)
        return tmp_path

    return make


def find(root, split, task="colorization", seed=0):
    return find_files(task, root, "set", split, seed)


def names_of(paths):
    return [path.rsplit("/", 1)[1] for path in paths]


def test_pix2pix_pairs_and_val_in_the_place_of_test(make_files):
    root = make_files("train/2.png", "train/1.jpg", "train/10.png", "val/3.png")
    assert names_of(find(root, "train", "edges2photos")["pairs"]) == ["1.jpg", "10.png", "2.png"]
    assert names_of(find(root, "test", "edges2photos")["pairs"]) == ["3.png"]
    make_files("test/4.png")
    assert names_of(find(root, "test")["pairs"]) == ["4.png"]


def test_cyclegan_folders(make_files):
    root = make_files("trainA/1.png", "trainB/2.png", "testA/3.png", "testB/4.png", "trainA/notes.png.PNG")
    assert names_of(find(root, "train", "color_transfer")["A"]) == ["1.png", "notes.png.PNG"]
    assert {side: names_of(paths) for side, paths in find(root, "test").items()} == {"A": ["3.png"], "B": ["4.png"]}


def test_a_flat_folder_is_divided_by_the_seed(make_files):
    root = make_files(*(f"jpg/{number:02d}.png" for number in range(40)))
    (root / "set" / "readme.txt").write_text("not a picture")
    splits = {split: find(root, split, seed=3)["photos"] for split in ("train", "test")}
    assert len(splits["train"]) == 36 and len(splits["test"]) == 4
    assert not set(splits["train"]) & set(splits["test"])
    assert splits["train"] == sorted(splits["train"])
    assert splits["test"] == find(root, "test", seed=3)["photos"]
    assert splits["test"] != find(root, "test", seed=4)["photos"]


def test_a_missing_set_is_said_with_where_it_was_looked_for_and_what_to_do(tmp_path):
    with pytest.raises(UserError) as error:
        find_files("edges2photos", tmp_path, "edges2shoes", "train")
    for part in (str(tmp_path / "edges2shoes"), "https://", "edges2shoes.tar.gz", "--dataset sample"):
        assert part in str(error.value)
    with pytest.raises(UserError, match="mine"):
        find_files("colorization", tmp_path, "mine", "train")


def test_a_folder_without_pictures_is_named(make_files):
    root = make_files("testA/1.png")
    with pytest.raises(UserError, match="no training pictures"):
        find(root, "train")
    with pytest.raises(UserError, match=r"no testing pictures.*testA and testB"):
        find(root, "test", "color_transfer")  # it has none in testB
    assert len(find(root, "test")["A"]) == 1
    (root / "empty").mkdir()
    with pytest.raises(UserError, match="no training pictures"):
        find_files("colorization", root, "empty", "train")


@pytest.mark.parametrize(
    "task,name,layout",
    [
        ("edges2photos", "trainA/1.png", "cyclegan"),
        ("edges2photos", "1.png", "flat"),
        ("color_transfer", "train/1.png", "pix2pix"),
    ],
)
def test_a_task_and_a_layout_that_do_not_fit_are_named(make_files, task, name, layout):
    with pytest.raises(UserError, match=f"{task} takes the layouts .* is {layout}"):
        find(make_files(name), "train", task)


def test_color_transfer_needs_two_pictures_of_a_flat_folder(make_files):
    with pytest.raises(UserError, match="single testing picture"):
        find(make_files("1.png", "2.png", "3.png"), "test", "color_transfer")


def test_folders_are_looked_at_without_tensorflow():
    code = "import sys, datasets; datasets.find_files; print('tensorflow' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
