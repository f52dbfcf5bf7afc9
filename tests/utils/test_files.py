"""Files that are never half."""

import pytest

from utils import atomic_write, leftovers


def test_the_file_appears_when_the_block_ends_and_nothing_else_stays(tmp_path):
    path = tmp_path / "a.txt"
    with atomic_write(path) as aside:
        aside.write_text("new")
        assert not path.exists() and aside.suffix == ".txt" and aside.parent == tmp_path
    assert path.read_text() == "new" and [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("failure", (OSError, KeyboardInterrupt))
def test_where_it_fails_the_old_file_stays(tmp_path, failure):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(failure), atomic_write(path) as aside:
        aside.write_text("ne")
        raise failure
    assert path.read_text() == "old" and [*tmp_path.iterdir()] == [path]


def test_what_a_killed_process_leaves_is_found(tmp_path):
    (tmp_path / "a.npz").write_text("whole")
    with atomic_write(tmp_path / "deep.npz", flush=True) as aside:
        aside.write_text("half")
        assert list(leftovers(tmp_path)) == [aside]
    assert list(leftovers(tmp_path)) == [] and (tmp_path / "deep.npz").read_text() == "half"
