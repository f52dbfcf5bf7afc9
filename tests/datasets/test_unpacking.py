"""Unpacking: malicious and damaged archives, full disks and kills leave nothing that looks complete."""

import functools
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
    assert_complete,
    assert_nothing_looks_complete,
    files_in,
    image,
    pack_tar,
    pack_zip,
    serve,
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
    "packed,message",
    [
        (pack_zip({"../outside.png": b"1"}), "outside"),
        (pack_zip({"tiny/../../outside.png": b"1"}), "outside"),
        (pack_zip({"/absolute/outside.png": b"1"}), "outside"),
        (pack_zip({"..\\outside.png": b"1"}), "outside"),
        (pack_zip({"C:/outside.png": b"1"}), "outside"),
        (zip_with_a_link(), "link or a device"),
        (pack_tar({"../outside.png": b"1"}), "outside"),
        (pack_tar({"/absolute/outside.png": b"1"}), "outside"),
        (pack_tar(more=[link(tarfile.SYMTYPE, "../../outside.png")]), "link or a device"),
        (pack_tar(more=[link(tarfile.SYMTYPE, "trainA/0.png")]), "link or a device"),
        (pack_tar(more=[link(tarfile.LNKTYPE, "/etc/passwd")]), "link or a device"),
        (pack_tar(more=[link(tarfile.FIFOTYPE, "")]), "link or a device"),
        (pack_tar(more=[link(tarfile.CHRTYPE, "")]), "link or a device"),
        (b"no archive" * 100, "damaged"),
        (pack_tar()[:-300], "damaged"),
        (pack_zip({"tiny/readme.txt": b"1"}), "no images"),
    ],
)
def test_a_malicious_or_damaged_archive_leaves_nothing(server, tmp_path, packed, message):
    root = tmp_path / "deep" / "data"
    with pytest.raises(UserError, match=message):
        download(serve(server, packed), root)
    assert_nothing_looks_complete(tmp_path)
    assert files_in(root) == {}


def test_an_archive_that_cannot_be_unpacked_is_downloaded_again(server, tmp_path):
    archive = serve(server, pack_tar(), name="tiny.tar.gz", digest=False)
    server.files["page.html"] = b"<html>please log in</html>"
    with pytest.raises(UserError, match=r"is not a \.zip or"):
        download(archive, tmp_path, urls=[server.url("page.html")])
    assert files_in(tmp_path) == {}
    download(archive, tmp_path)
    assert_complete(tmp_path)


def test_a_zip_whose_last_file_is_damaged_leaves_nothing(server, tmp_path):
    packed = bytearray(pack_zip())
    packed[packed.rfind(b"IDAT") + 20] ^= 1
    with pytest.raises(UserError, match="damaged"):
        download(serve(server, bytes(packed)), tmp_path)
    assert_nothing_looks_complete(tmp_path)


DOWNLOAD = """
import sys
from pathlib import Path
from datasets.download import download
from datasets.download.archives import Archive, File
from utils import exit_on_user_error
with exit_on_user_error():
    download(eval(sys.argv[1]), Path(sys.argv[2]))
"""


def start_download(archive, root, **options):
    arguments = [sys.executable, "-c", DOWNLOAD, repr(archive), root]
    return subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True, **options)


@pytest.mark.parametrize("limit", (3000, 16000))
def test_a_disk_that_fills_up_leaves_nothing_that_looks_complete(server, tmp_path, limit):
    # A limit on the size of files stands for a full disk: the first stops the download, the second the unpacking.
    many = {f"tiny/{number}.png": image(number) for number in range(8)} | {"tiny/large.png": bytes(40000)}
    archive = serve(server, pack_tar(many), name="tiny.tar.gz")
    assert 3000 < len(server.files["tiny.tar.gz"]) < 16000
    set_limit = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))
    process = start_download(archive, tmp_path, preexec_fn=set_limit)
    _, errors = process.communicate()
    assert process.returncode == 2 and "File too large" in errors.splitlines()[-1]
    assert_nothing_looks_complete(tmp_path)
    download(archive, tmp_path)
    assert files_in(tmp_path) == many


def test_a_killed_unpacking_leaves_nothing_that_looks_complete(server, tmp_path):
    many = {f"tiny/trainA/{number}.png": b"image" for number in range(10000)}
    archive = serve(server, pack_zip(many))
    process = start_download(archive, tmp_path)
    while not (tmp_path / ".tiny.unpacking" / "tiny" / "trainA" / "10.png").exists():
        assert process.poll() is None
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert 0 < len(files_in(tmp_path)) < len(many) and not (tmp_path / "tiny").exists()
    download(archive, tmp_path)
    assert files_in(tmp_path) == many and server.requests == [None]
