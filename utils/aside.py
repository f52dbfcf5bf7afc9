"""Files that are never half: written aside, then renamed."""

import contextlib
import os
import threading
from pathlib import Path


@contextlib.contextmanager
def written_aside(path):
    """Gives a path beside ``path``, of the same ending, to write to; it becomes ``path`` when the block ends.

    Where the block or the renaming fails, nothing of it is left, and ``path`` is what it was.
    """
    path = Path(path)
    aside = path.with_name(f".{path.stem}-{os.getpid()}-{threading.get_ident()}{path.suffix}")
    try:
        yield aside
        os.replace(aside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        raise
