"""The folder of a run. Only one process at a time can use it, and it is replaced only on request."""

import contextlib
import fcntl
import os
import shutil
import socket

from config import SETTINGS
from utils import UserError, leftovers, probe, user_error_on_oserror

LOCK = ".lock"


def refuse_taken_folder(folder, *, resume=False, overwrite=False):
    """Raise the same UserError as `open_run_folder` if the folder is taken. Call this before any slow work."""
    with user_error_if_not_writable(folder):
        probe(folder / LOCK)
        if os.path.exists(folder / LOCK):
            with _locked(folder):
                pass
    if not (resume or overwrite):
        _refuse_a_run(folder)


@contextlib.contextmanager
def open_run_folder(folder, *, resume=False, overwrite=False):
    """Create a run's folder, and lock it inside the block.

    Args:
        folder: the run's folder.
        resume: whether to resume the run in the folder.
        overwrite: whether to remove the run in the folder, if there is one.

    Raises:
        UserError: if the folder holds a run that is neither resumed nor overwritten, another process uses the folder,
            or the folder cannot be created.
    """
    with contextlib.ExitStack() as held:
        with user_error_if_not_writable(folder):
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(_locked(folder))
            if not (resume or overwrite):
                _refuse_a_run(folder)
            if overwrite and os.path.exists(folder / SETTINGS):
                _clear(folder)
            for path in leftovers(folder):
                path.unlink()
        yield


def user_error_if_not_writable(folder):
    """Turn an OSError inside the block, raised by writing to the run's folder, into a UserError."""
    return user_error_on_oserror(folder, "make it writable, or give another --output_dir")


@contextlib.contextmanager
def _locked(folder):
    """Lock the folder's file ``.lock`` inside the block. If the process is killed, the system releases the lock.

    Raises:
        UserError: if another process holds the lock.
    """
    with open(folder / LOCK, "a+") as file:
        file.seek(0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read() or "another process"
            raise UserError(f"{folder} is in use by {holder}: wait for its end, or give another --output_dir") from None
        file.truncate()
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        yield


def _refuse_a_run(folder):
    if os.path.exists(folder / SETTINGS):
        raise UserError(
            f"{folder} holds a run: --resume {folder} resumes it, --overwrite replaces it, and another --output_dir "
            "leaves it alone"
        )


def _clear(folder):
    """Remove everything in a run's folder except the lock. Remove the settings last, because they mark it as a run."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name == SETTINGS):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()
