"""What was checked is recorded beside the data set, until a file changes."""

import errno
import json
import os

import pytest
import skimage.data

from datasets import open_dataset
from datasets.sources.checking import examine_files, find_bad
from utils import UserError

PHOTOGRAPH = skimage.data.astronaut()[20:100, 180:280]


def test_checking_works_without_a_record_that_can_be_written(tmp_path, save, monkeypatch):
    paths = [str(save(tmp_path / "good.png", PHOTOGRAPH))]

    def read_only(*arguments):
        raise OSError(errno.EROFS, "Read-only file system")  # permissions do not stop root, as in a container

    for function in ("unlink", "replace"):
        monkeypatch.setattr(os, function, read_only)
    assert find_bad(examine_files(paths, record=tmp_path / "record.json")) == {}
    assert not (tmp_path / "record.json").exists()


def test_results_are_recorded_until_a_file_changes(tmp_path, save):
    paths = [str(save(tmp_path / f"{number}.png", PHOTOGRAPH)) for number in range(3)]
    record = tmp_path / "set.checked.json"
    assert find_bad(examine_files(paths, record=record)) == {}
    content = json.loads(record.read_text())
    content["files"]["0.png"][4] = "from the record"
    record.write_text(json.dumps(content))
    assert find_bad(examine_files(paths, record=record)) == {paths[0]: "from the record"}
    good = os.stat(paths[0])
    os.utime(paths[0], ns=(good.st_atime_ns, good.st_mtime_ns + 1))
    (tmp_path / "1.png").write_bytes(b"")
    assert find_bad(examine_files(paths, record=record)) == {paths[1]: "an empty file"}
    record.write_text("[]")
    assert find_bad(examine_files(paths, record=record)) == {paths[1]: "an empty file"}
    record.write_text("half a rec")
    assert find_bad(examine_files(paths, record=record)) == {paths[1]: "an empty file"}
    assert find_bad(examine_files(paths, record=tmp_path / "nowhere" / "record.json")) == {paths[1]: "an empty file"}


def test_a_record_holds_however_its_data_set_is_written_and_moves_with_it(tmp_path, save, monkeypatch):
    (tmp_path / "data" / "set").mkdir(parents=True)
    for number in range(3):
        save(tmp_path / "data" / "set" / f"{number}.png", PHOTOGRAPH)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("data")
    open_dataset("colorization", "set", "data")
    record = tmp_path / "data" / "set.checked.json"
    content = json.loads(record.read_text())
    assert content["files"].keys() == {f"set/{number}.png" for number in range(3)}
    content["files"]["set/1.png"][4] = "from the record"
    record.write_text(json.dumps(content))
    for dataroot in ("data", "./data", "data/", "data/../data", tmp_path / "data", "link", f"{tmp_path}/link/"):
        with pytest.raises(UserError, match="from the record"):
            open_dataset("colorization", "set", dataroot)
    assert json.loads(record.read_text()) == content  # nothing was checked again
    (tmp_path / "data").rename(tmp_path / "moved")
    with pytest.raises(UserError, match="from the record"):
        open_dataset("colorization", "set", "moved")
