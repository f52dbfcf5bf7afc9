"""Folders that are written completely or not at all."""

import json
import re

import pytest

from tests.commands import small_files_only
from utils import UserError, atomic_folder, check_folder
from utils.folders import MARK


def fill(folder, maker=None, text="new"):
    with atomic_folder(folder, maker=maker) as partial:
        assert partial.parent == folder.parent and partial != folder
        (partial / "images").mkdir()
        (partial / "images" / "a.png").write_text(text)


def test_a_folder_appears_when_it_is_whole(tmp_path):
    fill(tmp_path / "new" / "out")
    (tmp_path / "empty").mkdir()
    fill(tmp_path / "empty")
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["a.png", "a.png"]
    assert {path.name for path in tmp_path.iterdir()} == {"new", "empty"}


@pytest.mark.parametrize("failure", (OSError, KeyboardInterrupt))
def test_an_error_in_the_block_keeps_the_old_folder_and_leaves_no_new_one(tmp_path, failure):
    fill(tmp_path / "out", "me", "old")
    for folder in (tmp_path / "out", tmp_path / "new" / "deep"):
        with pytest.raises(failure), atomic_folder(folder, maker="me") as partial:
            (partial / "b.png").write_text("half")
            raise failure
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "images" / "a.png").read_text() == "old" and not (tmp_path / "out" / "b.png").exists()


def test_only_the_maker_of_a_folder_replaces_it(tmp_path):
    folder = tmp_path / "out"
    fill(folder, "me", "old")
    for maker in (None, "another"):
        with pytest.raises(UserError, match=r"folder: .*out exists and is not an empty folder.*: it holds "):
            fill(folder, maker)
    assert (folder / "images" / "a.png").read_text() == "old"
    fill(folder, "me")
    assert (folder / "images" / "a.png").read_text() == "new" and [*tmp_path.iterdir()] == [folder]


@pytest.mark.parametrize("name", ("thesis.tex", "images/b.png", ".hidden", "link"))
def test_a_folder_that_holds_a_foreign_file_stays_as_it_is(tmp_path, name):
    folder = tmp_path / "out"
    fill(folder, "me", "old")
    if name == "link":
        (folder / name).symlink_to(tmp_path)
    else:
        (folder / name).write_text("years of work")
    with pytest.raises(UserError, match=re.escape(f"it holds {name}")):
        fill(folder, "me")
    assert (folder / name).exists() and (folder / "images" / "a.png").read_text() == "old"


def test_a_foreign_file_that_comes_while_the_block_runs_is_kept(tmp_path):
    fill(tmp_path / "out", "me", "old")
    with pytest.raises(UserError, match=r"it holds notes\.txt"), atomic_folder(tmp_path / "out", maker="me"):
        (tmp_path / "out" / "notes.txt").write_text("years of work")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"notes.txt", "images", MARK}


@pytest.mark.parametrize("mark", ("", "[]", "{}", json.dumps({"made_by": "me"})))
def test_a_broken_mark_does_not_make_files_ours(tmp_path, mark):
    (tmp_path / MARK).write_text(mark)
    (tmp_path / "a.png").touch()
    with pytest.raises(UserError):
        check_folder(tmp_path, "--out", "me")


def test_a_folder_that_a_kill_took_between_two_renamings_comes_back(tmp_path):
    fill(tmp_path / "out", "me", "old")
    (tmp_path / "out").rename(tmp_path / ".out.replaced")
    with pytest.raises(KeyboardInterrupt), atomic_folder(tmp_path / "out", maker="me"):
        raise KeyboardInterrupt
    assert (tmp_path / "out" / "images" / "a.png").read_text() == "old" and len([*tmp_path.iterdir()]) == 1


def test_a_file_and_a_folder_that_cannot_be_made_are_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    for path, message in ((tmp_path / "file", "exists and is not"), (tmp_path / "file" / "out", "cannot be written")):
        with pytest.raises(UserError, match=message), atomic_folder(path):
            pass


@pytest.mark.parametrize("name", ("x" * 255, "木" * 85))
def test_every_legal_name_is_written(tmp_path, name):
    for text in ("old", "new"):
        fill(tmp_path / name, "me", text)
    assert (tmp_path / name / "images" / "a.png").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_full_disk_is_one_sentence_and_keeps_the_old_folder(tmp_path):
    fill(tmp_path / "out", "me", "old")
    with pytest.raises(UserError, match=r"out cannot be written \(File too large\); give another"), small_files_only():
        fill(tmp_path / "out", "me", "new" * 1000)
    assert (tmp_path / "out" / "images" / "a.png").read_text() == "old" and len([*tmp_path.iterdir()]) == 1


def test_a_folder_that_cannot_be_written_is_named_before_any_work(tmp_path):
    for folder in ("/proc/out", "/proc/new/out", tmp_path / ("x" * 300)):
        with pytest.raises(UserError, match=r"^--out .* cannot be written \(.*\); give another folder$"):
            check_folder(folder, "--out")


def test_the_root_of_the_file_system_is_refused():
    with pytest.raises(
        UserError, match=r"^--out / cannot be written \(Operation not permitted\); give another folder$"
    ):
        check_folder("/", "--out")
