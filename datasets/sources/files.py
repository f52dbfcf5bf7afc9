"""Find the image files of a folder."""

import os
from collections import Counter

from PIL import Image

from utils import UserError
from utils.images import SUFFIXES

OTHER_IMAGES = {*Image.registered_extensions(), ".heic", ".heif"} - {*SUFFIXES}


def image_files(folder):
    """Return the sorted paths of the images in a folder, at any depth, without hidden files."""
    return [path for path in _visible(folder) if _suffix(path) in SUFFIXES]


def other_images(folder):
    """Count the images in formats that cannot be used, by suffix: ``{".gif": 3}``."""
    return Counter(_suffix(path) for path in _visible(folder) if _suffix(path) in OTHER_IMAGES)


def _visible(folder):
    """Return the sorted paths of the files in a folder, at any depth, without hidden files and macOS' extra files."""
    found, visited = [], set()
    for root, folders, files in os.walk(folder, onerror=_raise_unreadable, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
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
