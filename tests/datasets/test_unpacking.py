"""Unpacking: evil and damaged archives, full disks and kills leave nothing that looks whole."""

import io
import resource
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from datasets.download import download
from tests.datasets.serving import (
    assert_nothing_looks_whole,
    assert_whole,
    files_in,
    image,
    offer,
    pack_tar,
    pack_zip,
)
from utils import UserError

ROOT = Path(__file__).parents[2]


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
        (pack_zip({"tiny/readme.txt": b"1"}), "no images"),
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


IN_A_PROCESS = """
import sys
from pathlib import Path
from datasets.download import download
from datasets.download.archives import Archive, File
from utils import exit_on_user_error
with exit_on_user_error():
    download(eval(sys.argv[1]), Path(sys.argv[2]))
"""


def in_a_process(archive, root, **options):
    arguments = [sys.executable, "-c", IN_A_PROCESS, repr(archive), root]
    return subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True, **options)


@pytest.mark.parametrize("limit", (3000, 16000))
def test_a_disk_that_fills_up_on_the_way_leaves_nothing_that_looks_whole(server, tmp_path, limit):
    # A limit of a file's size stands for the full disk: the first is met while loading, the second while unpacking.
    many = {f"tiny/{number}.png": image(number) for number in range(8)} | {"tiny/large.png": bytes(40000)}
    archive = offer(server, pack_tar(many), "tiny.tar.gz")
    assert 3000 < len(server.files["tiny.tar.gz"]) < 16000
    full = in_a_process(archive, tmp_path, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    _, said = full.communicate()
    assert full.returncode == 2 and "File too large" in said.splitlines()[-1]
    assert_nothing_looks_whole(tmp_path)
    download(archive, tmp_path)
    assert files_in(tmp_path) == many


def test_an_unpacking_that_is_killed_leaves_nothing_that_looks_whole(server, tmp_path):
    many = {f"tiny/trainA/{number}.png": b"image" for number in range(20000)}
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
