"""Data sets with bad files: they are named in a sentence, or left out."""

import numpy as np
import pytest
import skimage.data

from datasets import open_dataset
from utils import UserError

PHOTOGRAPH = skimage.data.astronaut()[20:100, 180:280]


def test_of_many_bad_files_ten_are_shown_and_all_are_in_a_file(tmp_path):
    (tmp_path / "set").mkdir()
    for number in range(1125):
        (tmp_path / "set" / f"{number:04d}.jpg").write_bytes(b"no image" if number else b"")
    for skip_bad in (False, True):
        with pytest.raises(UserError) as raised:
            open_dataset("colorization", "set", tmp_path, skip_bad=skip_bad)
        lines = (tmp_path / "set.bad.txt").read_text().splitlines()
        assert len(lines) == 1125 and lines[0] == f"{tmp_path}/set/0000.jpg: an empty file"
        assert lines[1124] == f"{tmp_path}/set/1124.jpg: not an image that can be read"
        (tmp_path / "set.bad.txt").unlink()
        if not skip_bad:
            message = str(raised.value)
            assert message.startswith("1125 images cannot be used: ") and message.count(".jpg (") == 10
            assert f"; and 1115 more; {tmp_path}/set.bad.txt lists them; repair" in message and "<_io" not in message


def test_all_bad_files_are_named_in_one_sentence(tmp_path, save):
    for number in range(20):
        save(tmp_path / "set" / f"{number}.png", PHOTOGRAPH) if number else (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.jpg").touch()
    (tmp_path / "set" / "b.png").write_bytes((tmp_path / "set" / "1.png").read_bytes()[:-40])
    with pytest.raises(
        UserError,
        match=r"^2 images .* used: .*a\.jpg \(an empty file\); .*b\.png \(.+\); .*bad\.txt lists them; repair",
    ):
        open_dataset("colorization", "set", tmp_path)
    dataset = open_dataset("colorization", "set", tmp_path, skip_bad=True)
    assert f"2 bad files left out, listed in {tmp_path}/set.bad.txt" in dataset.description
    assert sum(len(split.images) for split in dataset.splits.values()) == 19


def test_an_odd_width_is_bad_for_a_pair_but_not_for_a_photograph(tmp_path, save):
    for number in range(3):
        for split in ("train", "val"):
            save(tmp_path / "set" / split / f"{number}.png", np.zeros([4, 8 + (number == 1), 3], np.uint8))
    with pytest.raises(UserError, match=r"2 images .*1\.png \(a pair side by side, but its width 9 is odd\)"):
        open_dataset("edges2photos", "set", tmp_path)
    assert len(open_dataset("edges2photos", "set", tmp_path, skip_bad=True).splits["train"].images) == 2
    open_dataset("colorization", "set", tmp_path, layout="flat")


def test_an_aligned_pair_with_one_bad_file_is_left_out(tmp_path, save):
    for number in range(3):
        for side in ("trainA", "trainB", "testA", "testB"):
            save(tmp_path / "set" / side / f"{number}.png", np.zeros([4, 4, 3], np.uint8))
    (tmp_path / "set" / "trainB" / "1.png").write_bytes(b"")
    pairs = open_dataset("edges2photos", "set", tmp_path, skip_bad=True).splits["train"].images
    assert pairs.names == ["trainA/0.png", "trainA/2.png"]


def test_a_split_of_bad_files_only_is_an_error(tmp_path):
    (tmp_path / "set").mkdir()
    for number in range(5):
        (tmp_path / "set" / f"{number}.png").touch()
    with pytest.raises(UserError, match="no training images left: --skip_bad leaves out 4 of 4; repair or add some"):
        open_dataset("colorization", "set", tmp_path, skip_bad=True)


def test_a_group_of_bad_files_only_is_an_error(tmp_path, save):
    for side in ("trainA", "trainB", "testA", "testB"):
        save(tmp_path / "set" / side / f"{side}.png", np.zeros([4, 4, 3], np.uint8))
    (tmp_path / "set" / "trainB" / "trainB.png").write_bytes(b"")
    with pytest.raises(UserError, match="no training images left in trainB: --skip_bad leaves out 1 of 1"):
        open_dataset("color_transfer", "set", tmp_path, skip_bad=True)


def test_a_missing_file_is_named(tmp_path, save):
    (tmp_path / "set").mkdir()
    paths = [save(tmp_path / "set" / f"{number}.png", PHOTOGRAPH).name for number in range(40)]
    (tmp_path / "set" / "train.txt").write_text("\n".join([*paths, "nowhere.png"]))
    (tmp_path / "set" / "link.png").symlink_to(tmp_path / "away.png")
    for layout in ("list", "flat"):
        with pytest.raises(UserError, match=r"1 image cannot be used: .*(nowhere|link)\.png \(No such file"):
            open_dataset("colorization", "set", tmp_path, layout=layout)
        open_dataset("colorization", "set", tmp_path, layout=layout, skip_bad=True)
    (tmp_path / "set" / "nowhere.png").write_bytes((tmp_path / "set" / "0.png").read_bytes())
    description = open_dataset("colorization", "set", tmp_path, layout="list").description
    assert "left out" not in description  # that it was missing was not recorded
