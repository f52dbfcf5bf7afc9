"""Write folders atomically: under a temporary name that is then changed. Only their maker replaces them."""

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path

from utils.errors import FULL, UserError, reason, user_error_on_oserror
from utils.files import probe

MARK = ".made_by.json"


@contextlib.contextmanager
def atomic_folder(folder, option="folder", maker=None):
    """``with atomic_folder(folder) as temporary:`` the block fills the folder ``temporary``, which becomes ``folder``.

    The temporary folder has the same parent as ``folder``. If the block fails, the temporary folder is removed and
    ``folder`` does not change.

    Args:
        folder: path of a new or empty folder. With a ``maker``, it may also be a folder that the same maker wrote.
        option: names the folder in error messages.
        maker: name of the command that writes the folder. If it is given, a file MARK in the folder holds this name
            and the names of all files that the command wrote.

    Raises:
        UserError: if `check_folder` refuses the folder, before or after the block, if it cannot be created, or if the
            disk becomes full.
    """
    check_folder(folder, option, maker)
    folder = Path(folder).resolve()
    temporary, replaced = (folder.with_name(f".{_short(folder.name)}.{word}") for word in ("partial", "replaced"))
    new_parents = [parent for parent in folder.parents if not parent.exists()]
    _bring_back(replaced, folder)  # if a process was killed between the two renames
    shutil.rmtree(temporary, ignore_errors=True)
    try:
        with user_error_on_oserror(f"{option} {folder}", "give another folder"):
            temporary.mkdir(parents=True)
        yield temporary
        if maker:
            _write_mark(temporary, maker)
        check_folder(folder, option, maker)
        if folder.exists():
            os.replace(folder, replaced)
        os.replace(temporary, folder)
    except OSError as error:
        if error.errno in FULL:
            raise UserError(f"{option} {folder} cannot be written ({reason(error)}); give another folder") from None
        raise
    finally:
        _bring_back(replaced, folder)
        shutil.rmtree(temporary, ignore_errors=True)
        for parent in new_parents:
            with contextlib.suppress(OSError):  # it is not empty
                parent.rmdir()


def check_folder(folder, option, maker=None):
    """Raise a UserError, which names ``option``, unless the folder is new or empty, and can be written.

    With a ``maker``, the folder may also hold files that the same maker wrote before. Call this before any slow work.
    """
    folder = Path(folder)
    with user_error_on_oserror(f"{option} {folder}", "give another folder"):
        probe(folder)
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


def _short(name):
    """Return a name to which a suffix can be added, or a digest of it. File systems take 255 bytes, or a few less."""
    encoded = os.fsencode(name)
    return name if len(encoded) <= 100 else hashlib.sha256(encoded).hexdigest()[:32]


def _bring_back(replaced, folder):
    """Rename ``replaced`` back to ``folder`` if ``folder`` does not exist. Otherwise delete ``replaced``."""
    if folder.exists():
        shutil.rmtree(replaced, ignore_errors=True)
    elif replaced.exists():
        os.replace(replaced, folder)


def _files(folder):
    """Return the paths of the files in a folder, at any depth, relative to it. A link counts as a file."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    return {str(path.relative_to(folder)) for path in found}


def _write_mark(folder, maker):
    (folder / MARK).write_text(json.dumps({"made_by": maker, "files": sorted(_files(folder))}))


def _marked_files(folder, maker):
    """Return MARK and the names of the files that it lists, or an empty set if ``maker`` did not write the folder."""
    try:
        mark = json.loads((folder / MARK).read_text())
        return {MARK, *mark["files"]} if mark["made_by"] == maker else set()
    except (OSError, ValueError, TypeError, KeyError):  # no mark, or not ours
        return set()
