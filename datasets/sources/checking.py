"""Find bad files before training: every image is decoded once, in parallel, and the results are recorded."""

import contextlib
import json
import math
import os
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import simplejpeg
from PIL import Image, UnidentifiedImageError, __version__
from tqdm import tqdm

from datasets.sources.decoding import FORMATS, decode
from utils import UserError, atomic_write, in_one_line, reason

CHECKED_BY = f"3, Pillow {__version__}, simplejpeg {simplejpeg.__version__}"
UNREADABLE = "not an image that can be read"
# What files that are no images begin with, without white space and in lower case.
_OTHER_FILES = {
    b"version https://git-lfs": "a Git LFS pointer instead of the image",
    b"<!doctype html": "an HTML page",
    b"<html": "an HTML page",
}
# Parts of what the decoders say of a file that ends early, in lower case.
_TRUNCATED = ("truncated", "premature end", "incomplete checksum", "chunk b'ien")


class Examined(NamedTuple):
    """What is known of an image file.

    Attributes:
        height, width: of the image as it is decoded.
        bits: of a channel: 8 or 16.
        reason: why it cannot be used, in words; None of a good one.
    """

    height: int = 0
    width: int = 0
    bits: int = 8
    reason: str | None = None


def examine_files(paths, record=None):
    """Decode image files once, in parallel.

    Args:
        paths: of the image files.
        record: a JSON file for the results. A file whose size and time of change are those in the record is not decoded
            again. It has the names as seen from its own folder, so however a path is written, it is the same file. If
            there is no record, or it cannot be written, all files are decoded each time.

    Returns:
        A dict of path to `Examined`.
    """
    recorded = _read_record(record)
    names = {path: os.path.relpath(path, Path(record or "").parent) for path in paths}
    states = {path: _state(path) for path in paths}
    known = {path: recorded[names[path]] for path in paths if names[path] in recorded}
    new = [path for path in paths if path not in known or known[path][0] != states[path]]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = tqdm(pool.map(_examine_file, new), "checking images", len(new), delay=1, leave=False)
        known |= {path: [states[path], *result] for path, result in zip(new, results, strict=True)}
    if new and record:
        recorded |= {names[path]: result for path, result in known.items()}
        _write_record(record, {name: result for name, result in recorded.items() if result[0]})
    return {path: Examined(*known[path][1:]) for path in paths}


def find_bad(examined, *, halves=(), same_size=()):
    """Find the files that cannot be used.

    Args:
        examined: what `examine_files` returns.
        halves: those of its paths whose files are pairs side by side. Their width must be even.
        same_size: pairs of its paths whose images must have one size.

    Returns:
        A dict of path to reason.
    """
    bad = {path: image.reason for path, image in examined.items() if image.reason}
    odd = {path: examined[path].width for path in halves if path not in bad and examined[path].width % 2}
    bad |= {path: f"a pair side by side, but its width {width} is odd" for path, width in odd.items()}
    for first, second in same_size:
        sizes = [f"{examined[path].height}x{examined[path].width}" for path in (first, second)]
        if sizes[0] != sizes[1] and bad.keys().isdisjoint((first, second)):
            bad[second] = f"its size is {sizes[1]}, and {sizes[0]} that of {first}"
    return bad


def examine(encoded, most_pixels=math.inf):
    """Decode the bytes of an image file to ``[H, W, 3]``, as `decode` but strictly.

    Raises:
        ValueError: which says in words what is wrong: as `decode`; for damage that Pillow ignores: a wrong checksum in
            a PNG, or JPEG data of which libjpeg warns that they are corrupt; and for more than most_pixels pixels,
            before they are decoded.
    """
    try:
        return _decode_strictly(encoded, most_pixels)
    except Exception as error:  # of any type: Pillow has no error class for damage
        raise ValueError(_in_words(error, encoded)) from error


def load_image(path, option):
    """Load the image that the user named with an option: as `decode`. A UserError if it cannot be read."""
    try:
        return examine(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        detail = "" if reason(error) == UNREADABLE else f" ({reason(error)})"
        raise UserError(f"{option} {path} is {UNREADABLE}{detail}; give another file") from None


def _examine_file(path):
    try:
        image = examine(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        return Examined(reason=reason(error))
    return Examined(*image.shape[:2], bits=8 * image.dtype.itemsize)


def _decode_strictly(encoded, most_pixels):
    with Image.open(BytesIO(encoded), formats=FORMATS) as image:
        image_format, mode, pixels = image.format, image.mode, image.width * image.height
        if pixels > most_pixels:
            raise ValueError(f"{pixels / 1e6:.1f} megapixels, and at most {most_pixels / 1e6:.0f} are taken")
        image.verify()
    if image_format in ("JPEG", "MPO"):
        simplejpeg.decode_jpeg(encoded, colorspace="CMYK" if mode == "CMYK" else "RGB")
    return decode(encoded)


def _in_words(error, encoded):
    """What is wrong with the bytes of a file, of which a decoder raised an error."""
    if not encoded:
        return "an empty file"
    start, message = encoded[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower(), in_one_line(error)
    for beginning, words in _OTHER_FILES.items():
        if start.startswith(beginning):
            return words
    # The decoder of WebP does not say so, but the file says how long it is.
    cut = encoded[:4] == b"RIFF" and len(encoded) < 8 + int.from_bytes(encoded[4:8], "little")
    if cut or any(words in message.lower() for words in _TRUNCATED):
        return "truncated: its end is missing"
    return UNREADABLE if isinstance(error, UnidentifiedImageError) else message or type(error).__name__


def _state(path):
    """A file's size and time of change, or None if it cannot be read now. Then no result is recorded."""
    try:
        with open(path, "rb") as file:
            state = os.stat(file.fileno())
    except OSError:
        return None
    return [state.st_size, state.st_mtime_ns]


def _read_record(record):
    """The recorded results: a dict of name to ``[[bytes, time of change], *Examined]``."""
    try:
        content = json.loads(Path(record).read_text())
    except (TypeError, OSError, ValueError):  # no record is wanted, there is none yet, or it is broken
        return {}
    is_current = isinstance(content, dict) and content.get("checked_by") == CHECKED_BY
    return content["files"] if is_current else {}


def _write_record(record, files):
    # In a read-only folder or on a full disk there is no record, and the files are checked again next time.
    with contextlib.suppress(OSError), atomic_write(record) as temporary:
        temporary.write_text(json.dumps({"checked_by": CHECKED_BY, "files": files}))
