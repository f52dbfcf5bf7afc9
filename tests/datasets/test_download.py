"""Downloads from a local server: each ends as promised, and what is not whole never looks whole."""

import hashlib
import io
import resource
import shutil
import signal
import ssl
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
import trustme
from PIL import Image

from datasets.download import ARCHIVES, download, main
from datasets.download.archives import Archive, File
from tests.datasets.serving import serving
from utils.errors import UserError

ROOT = Path(__file__).parents[2]


def picture(seed, size=16):
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, [size, size, 3], np.uint8)).save(file, "PNG")
    return file.getvalue()


PICTURES = {f"tiny/{name}/{number}.png": picture(number, 64) for name in ("trainA", "testB") for number in range(4)}


def pack_zip(files=PICTURES):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def pack_tar(files=PICTURES, more=()):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member in more:
            archive.addfile(member)
    return file.getvalue()


@pytest.fixture
def server():
    with serving() as server:
        yield server


def offer(server, packed, name="tiny.zip", digest=True):
    """Serve an archive, and return it as the table has them."""
    server.files[name] = packed
    sha256 = hashlib.sha256(packed).hexdigest() if digest else None
    return Archive("cyclegan/tiny", "tiny", (File(server.url(name), len(packed) if digest else None, sha256),))


def files_in(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_whole(root):
    assert files_in(root) == PICTURES


def assert_nothing_looks_whole(root):
    assert not (root / "tiny").exists()
    assert not [path for path in root.rglob("*") if path.suffix == ".png"]


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


def link(kind, target):
    member = tarfile.TarInfo("tiny/link.png")
    member.type, member.linkname = kind, target
    return member


def zip_with_a_link():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("tiny/link.png")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return file.getvalue()


@pytest.mark.parametrize(
    "packed,said",
    [
        (pack_zip({"../evil.png": b"1"}), "outside"),
        (pack_zip({"tiny/../../evil.png": b"1"}), "outside"),
        (pack_zip({"/absolute/evil.png": b"1"}), "outside"),
        (pack_zip({"..\\evil.png": b"1"}), "outside"),
        (pack_zip({"C:/evil.png": b"1"}), "outside"),
        (zip_with_a_link(), "link or a device"),
        (pack_tar({"../evil.png": b"1"}), "outside"),
        (pack_tar({"/absolute/evil.png": b"1"}), "outside"),
        (pack_tar(more=[link(tarfile.SYMTYPE, "../../evil.png")]), "link or a device"),
        (pack_tar(more=[link(tarfile.SYMTYPE, "trainA/0.png")]), "link or a device"),
        (pack_tar(more=[link(tarfile.LNKTYPE, "/etc/passwd")]), "link or a device"),
        (pack_tar(more=[link(tarfile.FIFOTYPE, "")]), "link or a device"),
        (pack_tar(more=[link(tarfile.CHRTYPE, "")]), "link or a device"),
        (b"no archive" * 100, "damaged"),
        (pack_tar()[:-300], "damaged"),
        (pack_zip({"tiny/readme.txt": b"1"}), "no pictures"),
    ],
)
def test_an_evil_or_damaged_archive_leaves_nothing(server, tmp_path, packed, said):
    root = tmp_path / "deep" / "data"
    with pytest.raises(UserError, match=said):
        download(offer(server, packed), root)
    assert_nothing_looks_whole(tmp_path)
    assert files_in(root) == {}


def test_what_could_not_be_unpacked_is_not_taken_again(server, tmp_path):
    archive = offer(server, pack_tar(), "tiny.tar.gz", digest=False)
    server.files["page.html"] = b"<html>please log in</html>"
    with pytest.raises(UserError, match="is not a"):
        download(archive, tmp_path, urls=[server.url("page.html")])
    assert files_in(tmp_path) == {}
    download(archive, tmp_path)
    assert_whole(tmp_path)


def test_a_zip_whose_last_file_is_damaged_leaves_nothing(server, tmp_path):
    packed = bytearray(pack_zip())
    packed[packed.rfind(b"IDAT") + 20] ^= 1
    with pytest.raises(UserError, match="damaged"):
        download(offer(server, bytes(packed)), tmp_path)
    assert_nothing_looks_whole(tmp_path)


@pytest.mark.parametrize("room", (0, 150_000))
def test_a_disk_without_room_is_said_before_anything_is_written(server, tmp_path, monkeypatch, room):
    archive = offer(server, pack_zip())
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=room))
    with pytest.raises(UserError, match="GB free: make room"):
        download(archive, tmp_path)
    assert server.asked == [] and files_in(tmp_path) == {}


IN_A_PROCESS = """
import sys
from pathlib import Path
from datasets.download import download
from datasets.download.archives import Archive, File
from utils.errors import one_sentence
with one_sentence():
    download(eval(sys.argv[1]), Path(sys.argv[2]))
"""


def in_a_process(archive, root, **options):
    arguments = [sys.executable, "-c", IN_A_PROCESS, repr(archive), root]
    return subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True, **options)


@pytest.mark.parametrize("limit", (3000, 16000))
def test_a_disk_that_fills_up_on_the_way_leaves_nothing_that_looks_whole(server, tmp_path, limit):
    # A limit of a file's size stands for the full disk: the first is met while loading, the second while unpacking.
    many = {f"tiny/{number}.png": picture(number) for number in range(8)} | {"tiny/large.png": bytes(40000)}
    archive = offer(server, pack_tar(many), "tiny.tar.gz")
    assert 3000 < len(server.files["tiny.tar.gz"]) < 16000
    full = in_a_process(archive, tmp_path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    _, said = full.communicate()
    assert full.returncode == 2 and "File too large" in said.splitlines()[-1]
    assert_nothing_looks_whole(tmp_path)
    download(archive, tmp_path)
    assert files_in(tmp_path) == many


def test_an_unpacking_that_is_killed_leaves_nothing_that_looks_whole(server, tmp_path):
    many = {f"tiny/trainA/{number}.png": b"picture" for number in range(20000)}
    archive = offer(server, pack_zip(many))
    killed = in_a_process(archive, tmp_path)
    while not (tmp_path / ".tiny.unpacking" / "tiny" / "trainA" / "10.png").exists():
        assert killed.poll() is None
        time.sleep(0.001)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert 0 < len(files_in(tmp_path)) < len(many) and not (tmp_path / "tiny").exists()
    download(archive, tmp_path)
    assert files_in(tmp_path) == many and server.asked == [None]


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
        packed = pack_tar({f"cars_{split}/{number}.png": picture(number) for number in range(3)})
        server.files[f"cars_{split}.tgz"] = packed
        files.append(File(server.url(f"cars_{split}.tgz"), len(packed), hashlib.sha256(packed).hexdigest()))
    archive = ARCHIVES["cars196"]._replace(files=tuple(files))
    download(archive, tmp_path)
    wanted = {f"cars196/{split}/{number}.png": picture(number) for split in ("train", "test") for number in range(3)}
    assert files_in(tmp_path) == wanted


def test_the_command_line(server, tmp_path, monkeypatch, capsys):
    archive = offer(server, pack_zip())
    monkeypatch.setitem(ARCHIVES, archive.name, archive)
    main(["tiny", "--dataroot", str(tmp_path)])
    assert_whole(tmp_path)
    assert f"cyclegan/tiny: 8 pictures in {tmp_path / 'tiny'}" in capsys.readouterr().out
    (tmp_path / "maps").mkdir()
    for arguments, said in [
        (["facades"], "'facades' is two data sets here; give pix2pix/facades or cyclegan/facades"),
        (["nonsense"], "'nonsense' is no data set here"),
        (["pix2pix/maps", "--dataroot", str(tmp_path)], "maps is there already but has no pictures"),
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
