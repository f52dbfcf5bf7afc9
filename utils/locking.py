"""One process a folder."""

import contextlib
import fcntl
import os
import socket
from pathlib import Path

from utils.errors import UserError

LOCK = ".lock"


@contextlib.contextmanager
def locked(folder):
    """Holds the folder's file ``.lock``, which the system frees when the process ends, however it ends.

    Raises:
        UserError: where another process holds it.
    """
    with open(Path(folder) / LOCK, "a+") as file:
        file.seek(0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read() or "another process"
            raise UserError(f"{folder} is in use by {holder}: wait, or give another --output_dir") from None
        file.truncate()
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        yield
