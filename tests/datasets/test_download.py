"""Downloads from a local server: each ends as promised, and what is not whole never looks whole."""

import hashlib
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
import trustme

from datasets.download import ARCHIVES, download, main
from datasets.download.archives import File
from tests.datasets.serving import (
    assert_nothing_looks_whole,
    assert_whole,
    files_in,
    image,
    offer,
    pack_tar,
    pack_zip,
    serving,
)
from utils import UserError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name,packed", [("tiny.zip", pack_zip()), ("tiny.tar.gz", pack_tar())])
def test_a_whole_download_and_no_second_one(server, tmp_path, name, packed):
    archive = offer(server, packed, name)
    assert download(archive, tmp_path / "new") == tmp_path / "new" / "tiny"
    assert_whole(tmp_path / "new")
    download(archive, tmp_path / "new")
    assert server.asked == [None]


def test_a_broken_download_goes_on_where_it_broke(server, tmp_path):
    packed = pack_zip()
    archive = offer(server, packed)
    server.breaks = [40000, 20000]
    download(archive, tmp_path)
    assert_whole(tmp_path)
    assert server.asked == [None, "bytes=32768-", "bytes=49152-"]  # whole chunks are kept


def test_after_too_many_breaks_it_says_so_and_the_same_command_goes_on(server, tmp_path):
    archive = offer(server, pack_zip())
    server.breaks = [17000] * 5
    with pytest.raises(UserError, match="the same command goes on from there"):
        download(archive, tmp_path)
    assert_nothing_looks_whole(tmp_path)
    download(archive, tmp_path)
    assert_whole(tmp_path)
    assert server.asked[-1] == f"bytes={5 * 16384}-"


def test_a_server_without_ranges_is_asked_for_the_whole_again(server, tmp_path):
    archive = offer(server, pack_zip())
    server.ranges, server.breaks = False, [20000]
    download(archive, tmp_path)
    assert_whole(tmp_path)


@pytest.mark.parametrize("digest", (True, False))
def test_a_part_that_is_all_of_it_is_taken(server, tmp_path, digest):
    archive = offer(server, pack_zip(), digest=digest)
    (tmp_path / ".downloads").mkdir()
    (tmp_path / ".downloads" / "tiny.zip.part").write_bytes(server.files["tiny.zip"])
    download(archive, tmp_path)
    assert_whole(tmp_path)


def test_a_part_that_is_longer_than_the_file_is_loaded_anew(server, tmp_path):
    archive = offer(server, pack_zip(), digest=False)
    (tmp_path / ".downloads").mkdir()
    (tmp_path / ".downloads" / "tiny.zip.part").write_bytes(server.files["tiny.zip"] + b"more")
    download(archive, tmp_path)
    assert_whole(tmp_path)


@pytest.mark.parametrize("change", (lambda packed: packed[:-1] + b"!", lambda packed: packed + b"!"))
def test_another_file_than_the_tables_is_refused_and_removed(server, tmp_path, change):
    archive = offer(server, pack_zip())
    server.files["tiny.zip"] = change(server.files["tiny.zip"])
    with pytest.raises(UserError, match=r"tiny\.zip"):
        download(archive, tmp_path)
    assert files_in(tmp_path) == {}


def test_another_md5_is_only_a_warning(server, tmp_path, capsys):
    archive = offer(server, pack_tar(), "tiny.tar.gz", digest=False)
    archive = archive._replace(files=(archive.files[0]._replace(md5="0" * 32),))
    download(archive, tmp_path)
    assert_whole(tmp_path)
    assert "warning: the MD5 of tiny.tar.gz" in capsys.readouterr().out


@pytest.mark.parametrize("room", (0, 150_000))
def test_a_disk_without_room_is_said_before_anything_is_written(server, tmp_path, monkeypatch, room):
    archive = offer(server, pack_zip())
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=room))
    with pytest.raises(UserError, match="GB free: make room"):
        download(archive, tmp_path)
    assert server.asked == [] and files_in(tmp_path) == {}


@pytest.fixture
def unknown_server():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(tls)
    with serving(tls) as server:
        yield server


def test_a_certificate_that_cannot_be_verified_is_said_and_insecure_needs_a_digest(unknown_server, tmp_path, capsys):
    archive = offer(unknown_server, pack_zip())
    with pytest.raises(UserError, match="certificate cannot be verified"):
        download(archive, tmp_path)
    without = archive._replace(files=(archive.files[0]._replace(sha256=None),))
    with pytest.raises(UserError, match="--insecure takes files whose SHA-256 is known"):
        download(without, tmp_path, insecure=True)
    assert unknown_server.asked == []
    download(archive, tmp_path, insecure=True)
    assert_whole(tmp_path)
    assert "warning: certificates are not verified" in capsys.readouterr().out


def test_what_a_server_does_not_have_is_said(server, tmp_path):
    with pytest.raises(UserError, match="404"):
        download(offer(server, pack_zip()), tmp_path, urls=[server.url("nowhere.zip")])
    with pytest.raises(UserError, match="cannot be loaded"):
        download(offer(server, pack_zip()), tmp_path, urls=["http://127.0.0.1:9/tiny.zip"])


def test_a_mirror_and_a_file_at_hand(server, tmp_path):
    archive = offer(server, pack_zip())
    elsewhere = archive._replace(files=(archive.files[0]._replace(url="http://127.0.0.1:9/tiny.zip"),))
    download(elsewhere, tmp_path / "a", urls=[server.url("tiny.zip")])
    assert_whole(tmp_path / "a")
    here = tmp_path / "here.zip"
    here.write_bytes(server.files["tiny.zip"])
    download(elsewhere, tmp_path / "b", local=[here])
    assert_whole(tmp_path / "b")
    here.write_bytes(server.files["tiny.zip"][:-1] + b"!")
    with pytest.raises(UserError, match=r"here\.zip is not tiny\.zip: its SHA-256"):
        download(elsewhere, tmp_path / "c", local=[here])
    assert here.exists() and not (tmp_path / "c" / "tiny").exists()
    with pytest.raises(UserError, match=r"--archive .*nowhere\.zip is not there"):
        download(elsewhere, tmp_path / "c", local=["nowhere.zip"])
    with pytest.raises(UserError, match="give one of them"):
        download(elsewhere, tmp_path / "c", urls=["a"], local=[here])
    (tmp_path / "file").touch()
    here.write_bytes(server.files["tiny.zip"])
    with pytest.raises(UserError, match="give another --dataroot"):
        download(elsewhere, tmp_path / "file" / "data", local=[here])
    with pytest.raises(UserError, match="--url: got 2, takes as many"):
        download(elsewhere, tmp_path / "c", urls=["a", "b"])


def test_two_archives_become_one_set_with_its_splits(server, tmp_path):
    files = []
    for split in ("train", "test"):
        packed = pack_tar({f"cars_{split}/{number}.png": image(number) for number in range(3)})
        server.files[f"cars_{split}.tgz"] = packed
        files.append(File(server.url(f"cars_{split}.tgz"), len(packed), hashlib.sha256(packed).hexdigest()))
    archive = ARCHIVES["cars196"]._replace(files=tuple(files))
    download(archive, tmp_path)
    wanted = {f"cars196/{split}/{number}.png": image(number) for split in ("train", "test") for number in range(3)}
    assert files_in(tmp_path) == wanted


def test_the_command_line(server, tmp_path, monkeypatch, capsys):
    archive = offer(server, pack_zip())
    monkeypatch.setitem(ARCHIVES, archive.name, archive)
    main(["tiny", "--dataroot", str(tmp_path)])
    assert_whole(tmp_path)
    assert f"cyclegan/tiny: 8 images in {tmp_path / 'tiny'}" in capsys.readouterr().out
    (tmp_path / "maps").mkdir()
    for arguments, said in [
        (["facades"], "'facades' is two data sets here; give pix2pix/facades or cyclegan/facades"),
        (["nonsense"], "'nonsense' is no data set here"),
        (["pix2pix/maps", "--dataroot", str(tmp_path)], "maps is there already but has no images"),
    ]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 2 and said in capsys.readouterr().err


@pytest.mark.parametrize(
    "door,archive",
    [
        ([sys.executable, "datasets/download_pix2pix_datasets.py"], "facades.tar.gz"),
        (["bash", "datasets/download_cyclegan_datasets.sh"], "facades.zip"),
        ([sys.executable, "-m", "datasets.download"], "cyclegan/facades has archives: facades.zip"),
    ],
)
def test_the_doors_of_the_released_code_lead_to_their_own_family(door, archive, tmp_path):
    name = "cyclegan/facades" if "-m" in door else "facades"
    path = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    arguments = [*door, name, "--dataroot", tmp_path, "--url", "a", "--url", "b"]
    done = subprocess.run(arguments, cwd=ROOT, env=path, capture_output=True, text=True)
    assert done.returncode == 2 and archive in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_table_is_well_formed():
    assert len({archive.folder for archive in ARCHIVES.values()}) == len(ARCHIVES) == 16
    for archive in ARCHIVES.values():
        for file in archive.files:
            assert file.url.startswith("https://") and file.name.endswith((".zip", ".tgz", ".tar.gz"))
            assert len(file.sha256 or "0" * 64) == 64 and len(file.md5 or "0" * 32) == 32
            assert bool(file.sha256) != archive.name.startswith("pix2pix") and bool(file.md5) != bool(file.sha256)
