"""A run's folder: held by one process, and never replaced unless asked."""

import contextlib
import os
import shutil

from utils.aside import leftovers
from utils.errors import UserError, reason
from utils.locking import LOCK, locked

SETTINGS = "settings.yml"


def refuse_what_is_taken(folder, resume=False, overwrite=False):
    """Raise a UserError, before long work is done, where `open_run_folder` would."""
    if os.path.exists(folder / LOCK):
        with locked(folder):
            pass
    if not (resume or overwrite):
        _refuse_a_run(folder)


def _refuse_a_run(folder):
    if os.path.exists(folder / SETTINGS):
        raise UserError(
            f"{folder} holds a run: --resume {folder} goes on with it, --overwrite replaces it, and another "
            "--output_dir leaves it alone"
        )


@contextlib.contextmanager
def open_run_folder(folder, resume=False, overwrite=False):
    """Make and hold a run's folder inside the block: a new one's, or that of a run to ``resume`` or ``overwrite``.

    Raises:
        UserError: where it holds another run, another process holds it, or it cannot be made.
    """
    with contextlib.ExitStack() as held:
        with writable(folder):
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(locked(folder))
            if not (resume or overwrite):
                _refuse_a_run(folder)
            if overwrite and os.path.exists(folder / SETTINGS):
                _clear(folder)
            for path in leftovers(folder):
                path.unlink()
        yield


@contextlib.contextmanager
def writable(folder):
    """Turn a failure to write the run's folder inside the block into a UserError."""
    try:
        yield
    except OSError as error:
        raise UserError(f"{folder} cannot be written ({reason(error)}): give another --output_dir") from None


def _clear(folder):
    """Remove what a run's folder holds, but for the lock; what makes it a run goes last."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name == SETTINGS):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()
