"""Atomic files and folders: written under a temporary name, then renamed. Also JSON lines."""

import contextlib
import json
import os
import re
import shutil
import threading
from pathlib import Path

from utils.errors import UserError, reason

MARK = ".made_by.json"


@contextlib.contextmanager
def atomic_write(path, flush=False):
    """``with atomic_write(path) as temporary:`` the block writes the file ``temporary``, which then becomes ``path``.

    The temporary file lies beside ``path`` and has the same suffix. If the block or the renaming fails, the temporary
    file is removed and ``path`` stays as it was. A process that is killed leaves a file that `leftovers` finds.

    Args:
        path: the file's final path.
        flush: wait until the file is on the disk, so that it survives a power failure.
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
def atomic_folder(folder, option="folder", maker=None):
    """``with atomic_folder(folder) as temporary:`` the block fills the folder ``temporary``, which becomes ``folder``.

    If the block fails, the temporary folder, which lies beside ``folder``, is removed, and ``folder`` stays as it was.

    Args:
        folder: path of a new or empty folder or, with a ``maker``, of a folder that the same maker wrote.
        option: names the folder in errors.
        maker: the command that makes the folder. A file MARK in the folder then holds its name and the names of the
            files that it wrote.

    Raises:
        UserError: if `check_folder` refuses the folder, before or after the block; if it cannot be created.
    """
    check_folder(folder, option, maker)
    folder = Path(folder).resolve()
    temporary, replaced = (folder.with_name(f".{folder.name}.{word}") for word in ("partial", "replaced"))
    new_parents = [parent for parent in folder.parents if not parent.exists()]
    _bring_back(replaced, folder)  # if a process was killed between the two renames
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        _make(temporary)
        yield temporary
        if maker:
            _write_mark(temporary, maker)
        check_folder(folder, option, maker)
        if folder.exists():
            os.replace(folder, replaced)
        os.replace(temporary, folder)
    finally:
        _bring_back(replaced, folder)
        shutil.rmtree(temporary, ignore_errors=True)
        for parent in new_parents:
            with contextlib.suppress(OSError):  # it is not empty
                parent.rmdir()


def check_folder(folder, option, maker=None):
    """Raise a UserError, which names the option, unless the folder is new or empty or, with a ``maker``, holds only
    files that the same maker wrote before."""
    folder = Path(folder)
    if folder.is_dir():
        foreign = sorted(_files(folder) - _marked_files(folder, maker))
        holds = f": it holds {foreign[0]}" if foreign else ""
    elif not os.path.lexists(folder):
        return
    else:
        foreign, holds = [folder], ""
    if foreign:
        own = f" or one that only {maker} wrote to" if maker else ""
        raise UserError(f"{option}: {folder} exists and is not an empty folder{own}{holds}; give a new one")


def safe_name(text):
    """Make a text safe for a file name: all characters but letters, digits, ``_``, ``.`` and ``-`` become ``_``."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", text)


def read_lines(path):
    """The dicts in a file of JSON lines. A missing file has none; an incomplete last line is skipped."""
    if not path.exists():
        return []
    *whole, _ = path.read_text().split("\n")
    return [json.loads(line) for line in whole]


def leftovers(folder):
    """Find the temporary files, at any depth, that `atomic_write` left behind in processes that were killed."""
    return Path(folder).rglob(".*.partial.*")


def _make(folder):
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise UserError(f"{folder.parent} cannot be written ({reason(error)}); give another folder") from None


def _bring_back(replaced, folder):
    """Restore the replaced folder if the new one did not take its place; otherwise delete it."""
    if folder.exists():
        shutil.rmtree(replaced, ignore_errors=True)
    elif replaced.exists():
        os.replace(replaced, folder)


def _files(folder):
    """The files in a folder, at any depth, as strings relative to it. A link counts as a file."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return {str(path.relative_to(folder)) for path in found}


def _write_mark(folder, maker):
    (folder / MARK).write_text(json.dumps({"made_by": maker, "files": sorted(_files(folder))}))


def _marked_files(folder, maker):
    """The files in a folder that its mark names, and the mark itself; empty if another command made it."""
    try:
        mark = json.loads((folder / MARK).read_text())
        return {MARK, *mark["files"]} if mark["made_by"] == maker else set()
    except (OSError, ValueError, TypeError, KeyError):  # no mark, or not ours
        return set()


def _flush(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
