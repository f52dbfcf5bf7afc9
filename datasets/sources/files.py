"""The image files of a folder."""

import os
from collections import Counter

from PIL import Image

from datasets.sources.decoding import SUFFIXES
from utils import UserError

OTHER_IMAGES = {*Image.registered_extensions(), ".heic", ".heif"} - {*SUFFIXES}


def image_files(folder):
    """The sorted paths of the images in a folder and its folders; hidden ones are not."""
    return [path for path in _visible(folder) if _suffix(path) in SUFFIXES]


def other_images(folder):
    """How many images of kinds that are not taken a folder has: ``{".gif": 3}``."""
    return Counter(_suffix(path) for path in _visible(folder) if _suffix(path) in OTHER_IMAGES)


def _visible(folder):
    """The sorted paths of the files in a folder and its folders, but of hidden ones and what macOS adds to archives."""
    found, entered = [], set()
    for root, folders, files in os.walk(folder, onerror=_cannot_be_read, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        if os.path.realpath(root) in entered:  # a link that leads round in a circle
            folders.clear()
            continue
        entered.add(os.path.realpath(root))
        found += [os.path.join(root, name) for name in files if not name.startswith(".")]
    return sorted(found)


def _cannot_be_read(error):
    if not isinstance(error, FileNotFoundError):  # a folder that is not there has no images
        raise UserError(f"{error.filename} cannot be read: {error.strerror}")


def _suffix(path):
    return os.path.splitext(path)[1].lower()
