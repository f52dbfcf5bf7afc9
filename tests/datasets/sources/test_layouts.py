"""Folder layouts: which files belong to which split, and the errors for what does not fit."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from datasets import TASKS, open_dataset
from datasets.sources.files import image_files
from datasets.sources.layouts import find_files
from utils import UserError


@pytest.fixture
def make_files(tmp_path, save):
    def make(*names, shape=(4, 8)):
        for name in names:
            save(tmp_path / "set" / name, np.zeros([*shape, 3], np.uint8))
        return tmp_path

    return make


def find(root, split, task="colorization", seed=0, layout="auto"):
    return find_files(TASKS[task], root / "set", split, seed=seed, layout=layout)


def names_of(paths):
    return [path.rsplit("/", 1)[1] for path in paths]


def test_pix2pix_pairs_with_val_instead_of_test(make_files):
    root = make_files("train/2.png", "train/1.jpg", "train/10.png", "val/3.png")
    found = find(root, "train", "edges2photos")
    assert found.layout == "pairs" and found.halves
    assert names_of(found.groups["pairs"]) == ["1.jpg", "10.png", "2.png"]
    assert names_of(find(root, "test", "edges2photos").groups["pairs"]) == ["3.png"]
    make_files("test/4.png")
    assert names_of(find(root, "test").groups["pairs"]) == ["4.png"]


def test_a_train_folder_of_photographs_is_flat(make_files):
    root = make_files("train/1.png", "train/2.png", "test/3.png", shape=(6, 8))
    assert find(root, "train").layout == "flat" and not find(root, "train").halves
    assert names_of(find(root, "test").groups["photos"]) == ["3.png"]
    assert find(root, "train", layout="pairs").halves
    assert find(root, "train", "edges2photos").halves
    make_files("train/0.png")
    assert find(root, "train").layout == "flat"  # only one image is twice as wide as high


def test_inputs_and_retouched_photographs_are_divided_by_the_seed(make_files):
    root = make_files(*(f"{folder}/{n}.png" for folder in ("input", "expertC", "expertA") for n in range(10)))
    train, test = (find(root, split, "enhancement").groups["pairs"] for split in ("train", "test"))
    assert len(test) == 2 and len(train) == 8 and not {*train} & {*test}
    pairs = [tuple(path.replace(str(root), "").split("/")[2:] for path in pair) for pair in train + test]
    assert all(first == ["input", name[1]] and name[0] == "expertC" for first, name in pairs)
    assert find(root, "test", "enhancement", seed=1).groups["pairs"] != test
    (root / "set" / "input" / "0.png").unlink()
    with pytest.raises(UserError, match="the images 0 are in only one of the folders input and expertC; add"):
        find(root, "train", "enhancement")


def test_the_one_folder_beside_input_holds_the_retouched_photographs(make_files):
    root = make_files("input/1.png", "target/1.png", "input/2.png", "target/2.png")
    assert find(root, "train", "enhancement").layout == "aligned"
    make_files("other/1.png")
    with pytest.raises(UserError, match="has input and other and target; put the retouched photographs in one other"):
        find(root, "train", "enhancement")


def test_cyclegan_folders(make_files):
    root = make_files("trainA/1.png", "trainB/2.png", "testA/3.png", "testB/4.png", "trainA/notes.png.PNG")
    found = find(root, "train", "color_transfer")
    assert found.layout == "unaligned"
    assert names_of(found.groups["A"]) == ["1.png", "notes.png.PNG"]
    assert {s: names_of(paths) for s, paths in find(root, "test").groups.items()} == {"A": ["3.png"], "B": ["4.png"]}


def test_folders_a_and_b_of_the_same_names_are_aligned(make_files):
    root = make_files("trainA/1.png", "trainB/1.jpg", "trainA/x/2.png", "trainB/x/2.png", "valA/3.png", "valB/3.png")
    found = find(root, "train", "edges2photos")
    assert found.layout == "aligned" and not found.halves
    assert [names_of(pair) for pair in found.groups["pairs"]] == [["1.png", "1.jpg"], ["2.png", "2.png"]]
    assert [names_of(pair) for pair in find(root, "test", "edges2photos").groups["pairs"]] == [["3.png", "3.png"]]
    make_files("trainA/4.png")
    assert find(root, "train").layout == "unaligned"
    with pytest.raises(UserError, match="training images 4 are in only one of the folders trainA and trainB"):
        find(root, "train", "edges2photos", layout="aligned")


def test_a_flat_folder_is_divided_by_the_seed(make_files):
    root = make_files(*(f"jpg/{number:02d}.png" for number in range(40)))
    (root / "set" / "readme.txt").write_text("not an image")
    splits = {split: find(root, split, seed=3).groups["photos"] for split in ("train", "test")}
    assert len(splits["train"]) == 36 and len(splits["test"]) == 4
    assert not set(splits["train"]) & set(splits["test"])
    assert splits["train"] == sorted(splits["train"])
    assert splits["test"] == find(root, "test", seed=3).groups["photos"]
    assert splits["test"] != find(root, "test", seed=4).groups["photos"]


def test_test_images_stay_when_files_are_added_or_removed(make_files):
    root = make_files(*(f"{number:03d}.png" for number in range(100)))
    before = set(find(root, "test").groups["photos"])
    removed = sorted(set(find(root, "train").groups["photos"]))[::20]
    for path in removed:
        Path(path).unlink()
    make_files("new 1.png", "new 2.png")
    after = set(find(root, "test").groups["photos"])
    assert len(before) == len(after) == 10 and len(before & after) >= 8
    everything = before | set(find(root, "train").groups["photos"])
    assert len(everything) == 100 - len(removed) + 2


def test_links_to_folders_are_followed_but_not_in_circles(make_files, tmp_path):
    root = make_files("a/1.png", "a/2.png")
    (tmp_path / "elsewhere").mkdir()
    (root / "set" / "a" / "1.png").rename(tmp_path / "elsewhere" / "1.png")
    (root / "set" / "linked").symlink_to(tmp_path / "elsewhere")
    (root / "set" / "a" / "round").symlink_to(root / "set")
    files = [path for split in ("train", "test") for path in find(root, split).groups["photos"]]
    assert sorted(names_of(files)) == ["1.png", "2.png"]


def test_unreadable_images_do_not_change_the_layout(make_files):
    root = make_files("train/z1.png", "train/z2.png", "test/3.png", shape=(6, 8))
    for number in range(9):
        (root / "set" / "train" / f"{number}.png").write_bytes(b"no image")
    assert find(root, "train").layout == "flat"
    for name in ("z1", "z2"):
        (root / "set" / "train" / f"{name}.png").write_bytes(b"")
    assert find(root, "train").layout == "flat"


def test_a_list_drops_duplicates_and_refuses_images_of_both_splits(make_files):
    root = make_files("1.png", "2.png", "3.png")
    folder = root / "set"
    (folder / "train.txt").write_text("1.png\n./1.png\n2.png\n", encoding="utf-8-sig")
    (folder / "test.txt").write_text("3.png\n")
    assert names_of(find(root, "train").groups["photos"]) == ["1.png", "2.png"]
    (folder / "test.txt").write_text("./2.png\n3.png\n")
    with pytest.raises(UserError, match=r"have images in common: 2\.png"):
        find(root, "train")


def test_two_files_of_the_same_name_cannot_be_aligned(make_files):
    root = make_files("trainA/1.png", "trainA/1.jpg", "trainB/1.png")
    with pytest.raises(UserError, match="have the same name"):
        find(root, "train", "edges2photos", layout="aligned")


def test_only_folders_take_a_layout():
    with pytest.raises(UserError, match="--layout: got pairs for sample"):
        open_dataset("colorization", "sample", layout="pairs")


def test_a_list_has_a_path_or_a_pair_of_paths_on_each_line(make_files):
    root = make_files("x/2.png", "x/1.png", "y 1/1.png", "y 1/2.png", "left out.png")
    folder = root / "set"
    (folder / "train.txt").write_text("x/2.png\nx/1.png\n\n")
    (folder / "val.txt").write_text("y 1/2.png\n")
    found = find(root, "train", "color_transfer")
    assert found.layout == "list" and names_of(found.groups["photos"]) == ["1.png", "2.png"]
    assert names_of(find(root, "test").groups["photos"]) == ["2.png"]
    assert find(root, "train", "edges2photos").halves
    (folder / "train.txt").write_text("x/1.png\ty 1/1.png\nx/2.png\ty 1/2.png\n")
    found = find(root, "train", "edges2photos")
    assert [[Path(path).parent.name for path in pair] for pair in found.groups["pairs"]] == [["x", "y 1"]] * 2
    assert not found.halves
    (folder / "train.txt").write_text("x/1.png\ty 1/1.png\nx/2.png\n")
    with pytest.raises(UserError, match=r"train\.txt should have a path on every line"):
        find(root, "train")


def test_a_list_without_a_test_list_is_divided(make_files):
    root = make_files(*(f"{number}.png" for number in range(20)))
    (root / "set" / "train.txt").write_text("\n".join(f"{number}.png" for number in range(20)))
    splits = [find(root, split).groups["photos"] for split in ("train", "test")]
    assert [len(paths) for paths in splits] == [18, 2] and not set(splits[0]) & set(splits[1])


def test_the_error_for_a_missing_data_set_names_the_folder_and_ways_out(tmp_path):
    with pytest.raises(UserError) as error:
        open_dataset("edges2photos", "edges2shoes", tmp_path)
    for part in (
        str(tmp_path / "edges2shoes"),
        "huenet download edges2shoes",
        "--help",
        "--dataset sample",
    ):
        assert part in str(error.value)
    with pytest.raises(UserError, match="mine"):
        open_dataset("colorization", "mine", tmp_path)


def test_a_folder_without_images_is_named(make_files):
    root = make_files("testA/1.png")
    with pytest.raises(UserError, match="no training images"):
        open_dataset("colorization", "set", root)
    with pytest.raises(UserError, match=r"no testing images .* in testB or val"):
        open_dataset("color_transfer", "set", root, splits=("test",))
    assert len(open_dataset("colorization", "set", root, splits=("test",)).splits["test"].images) == 1
    (root / "empty").mkdir()
    with pytest.raises(UserError, match="no training images"):
        open_dataset("colorization", "empty", root)


@pytest.mark.parametrize(
    "task,name,layout",
    [
        ("edges2photos", "trainA/1.png", "unaligned"),
        ("edges2photos", "1.png", "flat"),
        ("color_transfer", "train/1.png", "pairs"),
    ],
)
def test_a_layout_that_the_task_does_not_take_is_an_error(make_files, task, name, layout):
    with pytest.raises(UserError, match=f"{task} takes the layouts .* is {layout}"):
        find(make_files(name), "train", task)


def test_hidden_files_are_ignored_and_images_of_other_formats_are_counted(make_files):
    root = make_files("1.png", "2.png", "__MACOSX/3.png", ".hidden/4.png")
    (root / "set" / "._1.png").write_bytes(b"resource fork")
    for name in ("a.gif", "b.gif", "c.heic", "labels.csv"):
        (root / "set" / name).write_bytes(b"")
    dataset = open_dataset("colorization", "set", root)
    assert sum(len(split.images) for split in dataset.splits.values()) == 2
    assert dataset.description == "flat layout; not used: 2 .gif, 1 .heic"


@pytest.mark.parametrize(
    "name",
    ("@eaDir", "#recycle", "$RECYCLE.BIN", ".thumbnails", "lost+found", "System Volume Information", "@Recycle"),
)
def test_the_folders_of_systems_and_storage_devices_are_not_the_users(make_files, name):
    root = make_files("1.png", "2.png", "cats/3.png", f"{name}/3.png", f"cats/{name}/3.png/THUMB_XL.jpg")
    assert names_of(image_files(root / "set")) == ["1.png", "2.png", "3.png"]
    assert names_of(image_files(root / "set" / name)) == ["3.png"]  # which the user has named


def test_a_system_folder_is_not_that_of_the_retouched_photographs(make_files):
    root = make_files(*(f"{folder}/{n}.png" for folder in ("input", "mine", "@eaDir", ".trash") for n in range(4)))
    assert find(root, "train", "enhancement").layout == "aligned"


def test_folders_are_opened_without_tensorflow(make_files):
    root = make_files("1.png", "2.png")
    code = "import sys, datasets; datasets.open_dataset('colorization', 'set', sys.argv[1]); print(*sys.modules)"
    arguments = [sys.executable, "-c", code, root]
    done = subprocess.run(arguments, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    assert "tensorflow" not in done.stdout.split()
