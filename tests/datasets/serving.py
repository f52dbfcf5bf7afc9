"""A local HTTP server for downloads, whose connections can break, and archives for it to serve."""

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
    """An HTTP server, or with ``tls`` an HTTPS server.

    Attributes:
        files: a dict of path to bytes.
        breaks: after how many bytes each of the next responses breaks off.
        ranges: whether the server supports ranges.
        requests: the Range headers of all requests, None for those without.
    """

    def __init__(self, tls=None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files, self.breaks, self.ranges, self.requests, self.tls = {}, [], True, [], tls
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def url(self, name):
        return f"{'https' if self.tls else 'http'}://localhost:{self.server_port}/{name}"

    def handle_error(self, request, client_address):
        """Ignore clients that refuse the certificate."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server, requested = self.server, self.headers.get("Range")
        server.requests.append(requested)
        if self.path[1:] not in server.files:
            self.send_error(404)
            return
        content = server.files[self.path[1:]]
        start = int(requested.removeprefix("bytes=").rstrip("-")) if requested and server.ranges else 0
        if start >= len(content):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = start + server.breaks.pop(0) if server.breaks else len(content)
        self.wfile.write(content[start:end])
        self.close_connection = True

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def running_server(tls=None):
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


def serve(server, packed, *, name="tiny.zip", digest=True):
    """Serve an archive's bytes, and return its `Archive`, as in the table of archives."""
    server.files[name] = packed
    sha256 = hashlib.sha256(packed).hexdigest() if digest else None
    return Archive("cyclegan/tiny", "tiny", (File(server.url(name), len(packed) if digest else None, sha256),))


def files_in(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_complete(root):
    assert files_in(root) == IMAGES


def assert_nothing_looks_complete(root):
    assert not (root / "tiny").exists()
    assert not [path for path in root.rglob("*") if path.suffix == ".png"]
