"""Files that are written completely or not at all."""

import pytest

from utils import UserError, atomic_write, check_file, leftovers


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


def test_a_link_stays_and_the_file_that_it_points_to_is_written(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    path, link = tmp_path / "elsewhere" / "a", tmp_path / "link.txt"
    link.symlink_to(path)
    for text in ("new", "newer"):  # at first, nothing is there
        with atomic_write(link) as temporary:
            assert temporary.suffix == ".txt"
            temporary.write_text(text)
        assert link.is_symlink() and path.read_text() == text
    assert [*path.parent.iterdir()] == [path]


@pytest.mark.parametrize("name", ("x" * 250 + ".txt", "木" * 83 + ".txt"))
def test_every_legal_name_is_written(tmp_path, name):
    check_file(tmp_path / name, "--out")
    with atomic_write(tmp_path / name) as temporary:
        temporary.write_text("new")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "name,message",
    [
        ("nowhere/a.txt", r"^--out: there is no folder .*nowhere; make it, or give another path$"),
        ("folder", r"^--out: .*folder is not a file; give another path$"),
        ("x" * 300, r"^--out .* cannot be written \(File name too long\); give another path$"),
        ("round", r"^--out .* cannot be written \(.*symbolic links\); give another path$"),
        ("a.txt/b.txt", r"^--out: there is no folder .*a\.txt; make it"),
        ("/proc/a.txt", r"^--out /proc/a.txt cannot be written \(.*\); give another path$"),
    ],
)
def test_a_file_that_cannot_be_written_is_named_before_any_work(tmp_path, name, message):
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.txt").touch()
    (tmp_path / "round").symlink_to(tmp_path / "round")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UserError, match=message):
        check_file(tmp_path / name, "--out")
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_that_is_read_is_replaced_only_on_request(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("source")
    (tmp_path / "soft.txt").symlink_to(path)
    (tmp_path / "hard.txt").hardlink_to(path)
    for name in ("a.txt", "soft.txt", "hard.txt", "./a.txt"):
        with pytest.raises(UserError, match="is also an input; give another path, or --overwrite to replace it"):
            check_file(f"{tmp_path}/{name}", "--out", inputs=["missing.txt", path])
        check_file(f"{tmp_path}/{name}", "--out", inputs=[path], overwrite=True)
    check_file(tmp_path / "b.txt", "--out", inputs=[path])
    assert path.read_text() == "source"
