"""Write files atomically: under a temporary name that is then changed. Also read JSON lines."""

import contextlib
import errno
import json
import os
import re
import tempfile
import uuid
from pathlib import Path

from utils.errors import UserError, user_error_on_oserror


@contextlib.contextmanager
def atomic_write(path, flush=False):
    """``with atomic_write(path) as temporary:`` the block writes the file ``temporary``, which then becomes ``path``.

    The temporary file is in the same folder as ``path`` and has the same suffix. If the block or the renaming fails,
    the temporary file is removed and ``path`` does not change. If the process is killed, the temporary file remains;
    `leftovers` finds it.

    Args:
        path: the file's final path. If it is a symbolic link, the file that it points to is written.
        flush: whether to wait until the file is on the disk, so that it survives a power failure.
    """
    final = Path(os.path.realpath(path))
    temporary = final.with_name(f".{uuid.uuid4().hex}.partial{Path(path).suffix}")  # short: long names are legal
    try:
        yield temporary
        if flush:
            _flush(temporary)
        os.replace(temporary, final)
        if flush:
            _flush(final.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def check_file(path, option, *, inputs=(), overwrite=False):
    """Raise a UserError, which names ``option``, unless a file can be written. Call this before any slow work.

    Args:
        path: the file's path.
        option: names the file in error messages.
        inputs: paths of files that are read. Unless ``overwrite`` is true, the file may not be one of them, not even
            through a link.
        overwrite: whether the file may replace an input.
    """
    folder = os.path.dirname(os.path.realpath(path))
    if os.path.exists(path) and not os.path.isfile(path):
        raise UserError(f"{option}: {path} is not a file; give another path")
    if not os.path.isdir(folder):
        raise UserError(f"{option}: there is no folder {folder}; make it, or give another path")
    with user_error_on_oserror(f"{option} {path}"):
        probe(path)
    for each in inputs:
        if not overwrite and os.path.exists(path) and os.path.exists(each) and os.path.samefile(path, each):
            raise UserError(f"{option}: {path} is also an input; give another path, or --overwrite to replace it")


def probe(path):
    """Raise an OSError if a file or folder with this path cannot be made, for example on a read-only disk."""
    path = Path(os.path.realpath(path))
    if path == path.parent:  # the root of the file system cannot be replaced
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
    with contextlib.suppress(FileNotFoundError):
        os.stat(path)  # fails if the name is too long
    tempfile.TemporaryFile(dir=next(folder for folder in path.parents if os.path.lexists(folder))).close()


def safe_name(text):
    """Make a text safe for a file name: replace all but letters, digits, ``.`` and ``-`` by ``_``."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", text)


def read_lines(path):
    """Read a file of JSON lines as a list of dicts: empty if it is missing. An incomplete last line is skipped."""
    if not path.exists():
        return []
    *whole, _ = path.read_text().split("\n")
    return [json.loads(line) for line in whole]


def leftovers(folder):
    """Find the temporary files of `atomic_write`, at any depth, that remain if a process was killed."""
    return Path(folder).rglob(".*.partial.*")


def _flush(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
