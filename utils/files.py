"""Atomic files and folders: written under a temporary name, then renamed."""

import contextlib
import os
import shutil
import threading
from pathlib import Path


@contextlib.contextmanager
def atomic_write(path, flush=False):
    """Gives the block a temporary path to write to. When the block ends, the file is renamed to ``path``.

    The temporary file lies beside ``path`` and has the same suffix. If the block or the renaming fails, the temporary
    file is removed and ``path`` stays as it was. A process that is killed leaves a file that `leftovers` finds.

    Args:
        path: the file's final path.
        flush: wait until the file is on the disk, so that it outlives a power failure.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.stem}-{os.getpid()}-{threading.get_ident()}.partial{path.suffix}")
    try:
        yield temporary
        if flush:
            _flush(temporary)
        os.replace(temporary, path)
        if flush:
            _flush(path.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


@contextlib.contextmanager
def atomic_folder(folder):
    """Gives the block a temporary folder to fill. When the block ends, it is renamed to ``folder``.

    If the block fails, the temporary folder, which lies beside ``folder``, is removed.

    Args:
        folder: the final path, of a new or empty folder.
    """
    folder = Path(folder)
    temporary = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        yield temporary
        os.replace(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def leftovers(folder):
    """The temporary files, at any depth, that `atomic_write` left in processes that were killed."""
    return Path(folder).rglob(".*.partial.*")


def _flush(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
