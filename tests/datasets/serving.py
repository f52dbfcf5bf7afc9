"""A local HTTP server of bytes, which can break off, know no ranges, or speak TLS with an unknown certificate."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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
