"""Folder layouts: which files, which split, and what is said where there are none."""

import numpy as np
import pytest
from skimage.io import imsave

from datasets.layouts import find_files
from utils.errors import UserError


@pytest.fixture
def make_files(tmp_path):
    def make(*names):
        for name in names:
            (tmp_path / "set" / name).parent.mkdir(parents=True, exist_ok=True)
            imsave(tmp_path / "set" / name, np.zeros([4, 8, 3], np.uint8), check_contrast=False)
        return tmp_path

    return make


def names_of(paths):
    return [path.rsplit("/", 1)[1] for path in paths]


def test_pix2pix_pairs_and_val_in_the_place_of_test(make_files):
    root = make_files("train/2.png", "train/1.jpg", "train/10.png", "val/3.png")
    layout, files = find_files(root, "set", "train")
    assert layout == "pix2pix" and names_of(files["pairs"]) == ["1.jpg", "10.png", "2.png"]
    assert names_of(find_files(root, "set", "test")[1]["pairs"]) == ["3.png"]
    make_files("test/4.png")
    assert names_of(find_files(root, "set", "test")[1]["pairs"]) == ["4.png"]


def test_cyclegan_folders(make_files):
    root = make_files("trainA/1.png", "trainB/2.png", "testA/3.png", "testB/4.png", "trainA/notes.png.PNG")
    layout, files = find_files(root, "set", "train")
    assert layout == "cyclegan" and names_of(files["A"]) == ["1.png", "notes.png.PNG"]
    assert {side: names_of(paths) for side, paths in find_files(root, "set", "test")[1].items()} == {
        "A": ["3.png"],
        "B": ["4.png"],
    }


def test_a_flat_folder_is_divided_by_the_seed(make_files):
    root = make_files(*(f"jpg/{number:02d}.png" for number in range(40)))
    (root / "set" / "readme.txt").write_text("not a picture")
    splits = {split: find_files(root, "set", split, seed=3)[1]["photos"] for split in ("train", "test")}
    assert len(splits["train"]) == 36 and len(splits["test"]) == 4
    assert not set(splits["train"]) & set(splits["test"])
    assert splits["train"] == sorted(splits["train"])
    assert splits["test"] == find_files(root, "set", "test", seed=3)[1]["photos"]
    assert splits["test"] != find_files(root, "set", "test", seed=4)[1]["photos"]


def test_a_missing_set_is_said_with_where_it_was_looked_for_and_what_to_do(tmp_path):
    with pytest.raises(UserError) as error:
        find_files(tmp_path, "edges2shoes", "train")
    for part in (str(tmp_path / "edges2shoes"), "https://", "edges2shoes.tar.gz", "--dataset sample"):
        assert part in str(error.value)
    with pytest.raises(UserError, match="mine"):
        find_files(tmp_path, "mine", "train")


def test_a_folder_without_pictures_is_named(make_files):
    root = make_files("testA/1.png")
    with pytest.raises(UserError, match="no training pictures"):
        find_files(root, "set", "train")
    (root / "empty").mkdir()
    with pytest.raises(UserError, match="no training pictures"):
        find_files(root, "empty", "train")
