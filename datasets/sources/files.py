"""Find the image files of a folder."""

import os
from collections import Counter

from PIL import Image

from utils import UserError
from utils.images import OTHER_SUFFIXES, SUFFIXES

OTHER_IMAGES = {*Image.registered_extensions(), *OTHER_SUFFIXES} - {*SUFFIXES}
# Folders of thumbnails, deleted files and repairs, which systems and storage devices make. Names are in lower case.
SYSTEM_FOLDERS = {
    "__macosx",
    "@eadir",  # Synology
    "@tmp",
    "#recycle",
    "#snapshot",
    "@recycle",  # QNAP
    "@recently-snapshot",
    "$recycle.bin",  # Windows
    "system volume information",
    "lost+found",  # Linux
    "network trash folder",  # macOS
    "temporary items",
}


def is_system_folder(name):
    """Return whether a folder is hidden, or made by the system: its images are not the user's."""
    return name.startswith(".") or name.lower() in SYSTEM_FOLDERS


def image_files(folder):
    """Return the sorted paths of the images in a folder, at any depth, without hidden files and system folders."""
    return [path for path in _visible(folder) if _suffix(path) in SUFFIXES]


def other_images(folder):
    """Describe the images in formats that cannot be used: ``"3 .gif, 1 .heic"``, or an empty text."""
    counts = Counter(_suffix(path) for path in _visible(folder) if _suffix(path) in OTHER_IMAGES)
    return ", ".join(f"{count} {suffix}" for suffix, count in sorted(counts.items()))


def _visible(folder):
    """Return the sorted paths of the files in a folder, at any depth, without hidden files and system folders."""
    found, visited = [], set()
    for root, folders, files in os.walk(folder, onerror=_raise_unreadable, followlinks=True):
        folders[:] = [name for name in folders if not is_system_folder(name)]
        if os.path.realpath(root) in visited:  # a cycle of links
            folders.clear()
            continue
        visited.add(os.path.realpath(root))
        found += [os.path.join(root, name) for name in files if not name.startswith(".")]
    return sorted(found)


def _raise_unreadable(error):
    if not isinstance(error, FileNotFoundError):  # a missing folder has no images
        raise UserError(f"{error.filename} cannot be read ({error.strerror}); change its permissions, or remove it")


def _suffix(path):
    return os.path.splitext(path)[1].lower()
