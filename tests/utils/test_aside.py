"""Files that are never half."""

import pytest

from utils.aside import written_aside


def test_the_file_appears_when_the_block_ends_and_nothing_else_stays(tmp_path):
    path = tmp_path / "a.txt"
    with written_aside(path) as aside:
        aside.write_text("new")
        assert not path.exists() and aside.suffix == ".txt" and aside.parent == tmp_path
    assert path.read_text() == "new" and [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("failure", (OSError, KeyboardInterrupt))
def test_where_it_fails_the_old_file_stays(tmp_path, failure):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(failure), written_aside(path) as aside:
        aside.write_text("ne")
        raise failure
    assert path.read_text() == "old" and [*tmp_path.iterdir()] == [path]
