"""Downloads from a local server: they end as promised, and an incomplete data set never looks complete."""

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
    assert_complete,
    assert_nothing_looks_complete,
    files_in,
    image,
    pack_tar,
    pack_zip,
    running_server,
    serve,
)
from utils import UserError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name,packed", [("tiny.zip", pack_zip()), ("tiny.tar.gz", pack_tar())])
def test_a_data_set_is_downloaded_once(server, tmp_path, name, packed):
    archive = serve(server, packed, name=name)
    assert download(archive, tmp_path / "new") == tmp_path / "new" / "tiny"
    assert_complete(tmp_path / "new")
    download(archive, tmp_path / "new")
    assert server.requests == [None]


def test_a_broken_download_is_continued(server, tmp_path):
    packed = pack_zip()
    archive = serve(server, packed)
    server.breaks = [40000, 20000]
    download(archive, tmp_path)
    assert_complete(tmp_path)
    assert server.requests == [None, "bytes=32768-", "bytes=49152-"]  # whole chunks are kept


def test_after_too_many_breaks_the_same_command_continues(server, tmp_path):
    archive = serve(server, pack_zip())
    server.breaks = [17000] * 5
    with pytest.raises(UserError, match="run the same command again to resume it"):
        download(archive, tmp_path)
    assert_nothing_looks_complete(tmp_path)
    download(archive, tmp_path)
    assert_complete(tmp_path)
    assert server.requests[-1] == f"bytes={5 * 16384}-"


def test_without_ranges_the_download_starts_again(server, tmp_path):
    archive = serve(server, pack_zip())
    server.ranges, server.breaks = False, [20000]
    download(archive, tmp_path)
    assert_complete(tmp_path)


@pytest.mark.parametrize("digest", (True, False))
def test_a_complete_part_is_used(server, tmp_path, digest):
    archive = serve(server, pack_zip(), digest=digest)
    (tmp_path / ".downloads").mkdir()
    (tmp_path / ".downloads" / "tiny.zip.part").write_bytes(server.files["tiny.zip"])
    download(archive, tmp_path)
    assert_complete(tmp_path)


def test_a_part_that_is_longer_than_the_file_is_downloaded_again(server, tmp_path):
    archive = serve(server, pack_zip(), digest=False)
    (tmp_path / ".downloads").mkdir()
    (tmp_path / ".downloads" / "tiny.zip.part").write_bytes(server.files["tiny.zip"] + b"more")
    download(archive, tmp_path)
    assert_complete(tmp_path)


@pytest.mark.parametrize("change", (lambda packed: packed[:-1] + b"!", lambda packed: packed + b"!"))
def test_a_file_with_a_wrong_digest_is_refused_and_removed(server, tmp_path, change):
    archive = serve(server, pack_zip())
    server.files["tiny.zip"] = change(server.files["tiny.zip"])
    with pytest.raises(UserError, match=r"tiny\.zip"):
        download(archive, tmp_path)
    assert files_in(tmp_path) == {}


def test_a_wrong_md5_is_only_a_warning(server, tmp_path, capsys):
    archive = serve(server, pack_tar(), name="tiny.tar.gz", digest=False)
    archive = archive._replace(files=(archive.files[0]._replace(md5="0" * 32),))
    download(archive, tmp_path)
    assert_complete(tmp_path)
    assert "warning: the MD5 of tiny.tar.gz" in capsys.readouterr().out


@pytest.mark.parametrize("free", (0, 150_000))
def test_a_full_disk_is_an_error_before_anything_is_written(server, tmp_path, monkeypatch, free):
    archive = serve(server, pack_zip())
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=free))
    with pytest.raises(UserError, match="GB free; make room"):
        download(archive, tmp_path)
    assert server.requests == [] and files_in(tmp_path) == {}


@pytest.fixture
def unknown_server():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(tls)
    with running_server(tls) as server:
        yield server


def test_an_unknown_certificate_is_an_error_and_insecure_needs_a_digest(unknown_server, tmp_path, capsys):
    archive = serve(unknown_server, pack_zip())
    with pytest.raises(UserError, match="certificate cannot be verified"):
        download(archive, tmp_path)
    without = archive._replace(files=(archive.files[0]._replace(sha256=None),))
    with pytest.raises(UserError, match="--insecure takes files whose SHA-256 is known"):
        download(without, tmp_path, insecure=True)
    assert unknown_server.requests == []
    download(archive, tmp_path, insecure=True)
    assert_complete(tmp_path)
    assert "warning: certificates are not verified" in capsys.readouterr().out


def test_a_file_that_the_server_does_not_have_is_an_error(server, tmp_path):
    with pytest.raises(UserError, match="404"):
        download(serve(server, pack_zip()), tmp_path, urls=[server.url("nowhere.zip")])
    with pytest.raises(UserError, match="cannot be downloaded"):
        download(serve(server, pack_zip()), tmp_path, urls=["http://127.0.0.1:9/tiny.zip"])


def test_mirrors_and_local_archives(server, tmp_path):
    archive = serve(server, pack_zip())
    unreachable = archive._replace(files=(archive.files[0]._replace(url="http://127.0.0.1:9/tiny.zip"),))
    download(unreachable, tmp_path / "a", urls=[server.url("tiny.zip")])
    assert_complete(tmp_path / "a")
    local = tmp_path / "local.zip"
    local.write_bytes(server.files["tiny.zip"])
    download(unreachable, tmp_path / "b", local=[local])
    assert_complete(tmp_path / "b")
    local.write_bytes(server.files["tiny.zip"][:-1] + b"!")
    with pytest.raises(UserError, match=r"local\.zip is not tiny\.zip: its SHA-256"):
        download(unreachable, tmp_path / "c", local=[local])
    assert local.exists() and not (tmp_path / "c" / "tiny").exists()
    with pytest.raises(UserError, match=r"--archive .*nowhere\.zip does not exist"):
        download(unreachable, tmp_path / "c", local=["nowhere.zip"])
    with pytest.raises(UserError, match="give one of them"):
        download(unreachable, tmp_path / "c", urls=["a"], local=[local])
    (tmp_path / "file").touch()
    local.write_bytes(server.files["tiny.zip"])
    with pytest.raises(UserError, match="give another --dataroot"):
        download(unreachable, tmp_path / "file" / "data", local=[local])
    with pytest.raises(UserError, match="--url is given 2 times; give it once for each archive"):
        download(unreachable, tmp_path / "c", urls=["a", "b"])


def test_two_archives_become_one_data_set_with_its_splits(server, tmp_path):
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
    archive = serve(server, pack_zip())
    monkeypatch.setitem(ARCHIVES, archive.name, archive)
    main(["tiny", "--dataroot", str(tmp_path)])
    assert_complete(tmp_path)
    assert f"cyclegan/tiny: 8 images in {tmp_path / 'tiny'}" in capsys.readouterr().out
    main(["tiny", "--dataroot", str(tmp_path)])
    assert f"8 images in {tmp_path / 'tiny'}, which was there already" in capsys.readouterr().out
    (tmp_path / "maps").mkdir()
    for arguments, message in [
        (["facades"], "'facades' names two data sets; give pix2pix/facades or cyclegan/facades"),
        (["nonsense"], "'nonsense' names no known data set"),
        (["pix2pix/maps", "--dataroot", str(tmp_path)], "maps is there already but has no images"),
    ]:
        with pytest.raises(SystemExit) as exit_info:
            main(arguments)
        assert exit_info.value.code == 2 and message in capsys.readouterr().err


@pytest.mark.parametrize(
    "command,archive",
    [
        ([sys.executable, "datasets/download_pix2pix_datasets.py"], "facades.tar.gz"),
        (["bash", "datasets/download_cyclegan_datasets.sh"], "facades.zip"),
        ([sys.executable, "-m", "datasets.download"], "archive of cyclegan/facades: facades.zip"),
    ],
)
def test_the_released_codes_commands_look_in_their_own_family_first(command, archive, tmp_path):
    name = "cyclegan/facades" if "-m" in command else "facades"
    path = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    arguments = [*command, name, "--dataroot", tmp_path, "--url", "a", "--url", "b"]
    done = subprocess.run(arguments, cwd=ROOT, env=path, capture_output=True, text=True)
    assert done.returncode == 2 and archive in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_table_of_archives_is_well_formed():
    assert len({archive.folder for archive in ARCHIVES.values()}) == len(ARCHIVES) == 16
    for archive in ARCHIVES.values():
        for file in archive.files:
            assert file.url.startswith("https://") and file.name.endswith((".zip", ".tgz", ".tar.gz"))
            assert len(file.sha256 or "0" * 64) == 64 and len(file.md5 or "0" * 32) == 32
            assert bool(file.sha256) != archive.name.startswith("pix2pix") and bool(file.md5) != bool(file.sha256)
