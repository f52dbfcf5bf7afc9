"""A local HTTP server, which can break off, know no ranges, or have an unknown certificate; and packed sets for it."""

import contextlib
import hashlib
import io
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from PIL import Image

from datasets.download.archives import Archive, File


class Server(ThreadingHTTPServer):
    """``files``: path to bytes; ``breaks``: after how many the next answers break off; ``asked``: the ranges."""

    def __init__(self, tls=None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files, self.breaks, self.ranges, self.asked, self.tls = {}, [], True, [], tls
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def url(self, name):
        return f"{'https' if self.tls else 'http'}://localhost:{self.server_port}/{name}"

    def handle_error(self, request, client_address):
        """A client that does not like the certificate leaves."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server, wanted = self.server, self.headers.get("Range")
        server.asked.append(wanted)
        if self.path[1:] not in server.files:
            self.send_error(404)
            return
        whole = server.files[self.path[1:]]
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and server.ranges else 0
        if start >= len(whole):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(whole)}")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(whole) - start))
        self.end_headers()
        end = start + server.breaks.pop(0) if server.breaks else len(whole)
        self.wfile.write(whole[start:end])
        self.close_connection = True

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def serving(tls=None):
    with Server(tls) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def image(seed, size=16):
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, [size, size, 3], np.uint8)).save(file, "PNG")
    return file.getvalue()


IMAGES = {f"tiny/{name}/{number}.png": image(number, 64) for name in ("trainA", "testB") for number in range(4)}


def pack_zip(files=IMAGES):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def pack_tar(files=IMAGES, more=()):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for member in more:
            archive.addfile(member)
    return file.getvalue()


def offer(server, packed, name="tiny.zip", digest=True):
    """Serve an archive, and return it as the table has them."""
    server.files[name] = packed
    sha256 = hashlib.sha256(packed).hexdigest() if digest else None
    return Archive("cyclegan/tiny", "tiny", (File(server.url(name), len(packed) if digest else None, sha256),))


def files_in(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_whole(root):
    assert files_in(root) == IMAGES


def assert_nothing_looks_whole(root):
    assert not (root / "tiny").exists()
    assert not [path for path in root.rglob("*") if path.suffix == ".png"]
