"""What was checked is recorded beside the data set, until a file changes."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import skimage.data
from PIL import Image

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


SHORT_OF_MEMORY = """
import resource, sys
from pathlib import Path
from datasets.sources.checking import examine_files
path, record = sys.argv[1:]
examine_files([path.replace("large", "small")])  # what it imports and starts takes memory too
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 40_000_000,) * 2)
print(examine_files([path], record)[path].reason)
"""


def test_that_the_memory_was_full_is_not_recorded(tmp_path):
    for name, side in (("small", 100), ("large", 5000)):
        Image.new("RGB", (side, side)).save(tmp_path / f"{name}.png")
    path, record = str(tmp_path / "large.png"), tmp_path / "set.checked.json"
    command = [sys.executable, "-c", SHORT_OF_MEMORY, path, record]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True)
    assert done.stdout == "it does not fit into memory\n"
    assert "large.png" not in json.loads(record.read_text())["files"]
    assert find_bad(examine_files([path], record)) == {}


def test_that_the_disk_failed_is_not_recorded(tmp_path):
    """Linux refuses to read /proc/self/mem from its start, with EIO, as a disk does."""
    path, record = str(tmp_path / "1.png"), tmp_path / "set.checked.json"
    os.symlink("/proc/self/mem", path)
    assert find_bad(examine_files([path], record)) == {path: os.strerror(errno.EIO)}
    assert json.loads(record.read_text())["files"] == {}


def test_that_an_image_exceeds_the_limit_is_not_recorded(tmp_path, save):
    (tmp_path / "set").mkdir()
    for number in range(3):
        save(tmp_path / "set" / f"{number}.png", PHOTOGRAPH)
    reason = r"\(it has 0\.0 megapixels, and the limit is 0\.001; a larger --max_megapixels admits it\)"
    with pytest.raises(UserError, match=rf"^3 images cannot be used: .* {reason}"):
        open_dataset("colorization", "set", tmp_path, max_megapixels=0.001)
    open_dataset("colorization", "set", tmp_path)
    with pytest.raises(UserError, match=reason):  # although the record says that the images are good
        open_dataset("colorization", "set", tmp_path, max_megapixels=0.001)


def test_odd_files_are_used_and_listed(tmp_path, save):
    """The list is written again from the record, although nothing is checked again."""
    (tmp_path / "set").mkdir()
    for number in range(3):
        save(tmp_path / "set" / f"{number}.jpg", PHOTOGRAPH)
    odd = tmp_path / "set" / "1.jpg"
    odd.write_bytes(odd.read_bytes()[:-2] + bytes(40) + b"\xff\xd9")
    for _ in range(2):
        dataset = open_dataset("colorization", "set", tmp_path)
        assert dataset.description == f"flat layout; 1 file with a warning, listed in {tmp_path}/set.warned.txt"
        assert sum(len(split.images) for split in dataset.splits.values()) == 3
        (line,) = (tmp_path / "set.warned.txt").read_text().splitlines()
        assert line.startswith(f"{odd}: it may be damaged (") and "extraneous bytes" in line
        (tmp_path / "set.warned.txt").unlink()
