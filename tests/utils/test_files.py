"""Files that are written completely or not at all."""

import pytest

from utils import atomic_write, leftovers


def test_the_file_appears_when_the_block_ends_and_no_temporary_file_remains(tmp_path):
    path = tmp_path / "a.txt"
    with atomic_write(path) as temporary:
        temporary.write_text("new")
        assert not path.exists() and temporary.suffix == ".txt" and temporary.parent == tmp_path
    assert path.read_text() == "new" and [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("failure", (OSError, KeyboardInterrupt))
def test_an_error_in_the_block_keeps_the_old_file(tmp_path, failure):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(failure), atomic_write(path) as temporary:
        temporary.write_text("ne")
        raise failure
    assert path.read_text() == "old" and [*tmp_path.iterdir()] == [path]


def test_leftovers_are_the_temporary_files(tmp_path):
    (tmp_path / "a.npz").write_text("complete")
    with atomic_write(tmp_path / "deep.npz", flush=True) as temporary:
        temporary.write_text("new")
        assert list(leftovers(tmp_path)) == [temporary]
    assert list(leftovers(tmp_path)) == [] and (tmp_path / "deep.npz").read_text() == "new"
