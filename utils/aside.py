"""Files that are never half: written aside, then renamed."""

import contextlib
import os
import threading
from pathlib import Path


@contextlib.contextmanager
def written_aside(path, flush=False):
    """Gives a path beside ``path``, of the same ending, to write to; it becomes ``path`` when the block ends.

    Where the block or the renaming fails, nothing of it is left, and ``path`` is what it was. A process that is killed
    leaves what `leftovers` finds. ``flush``: the file is on the disk, and outlives a power failure.
    """
    path = Path(path)
    aside = path.with_name(f".{path.stem}-{os.getpid()}-{threading.get_ident()}.aside{path.suffix}")
    try:
        yield aside
        if flush:
            _flush(aside)
        os.replace(aside, path)
        if flush:
            _flush(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        raise


def leftovers(folder):
    """What `written_aside` had not finished, at any depth, of processes that were killed."""
    return Path(folder).rglob(".*.aside.*")


def _flush(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
