"""Find bad files before training: every image is decoded once, in parallel, and the result is kept."""

import contextlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import simplejpeg
from PIL import Image, __version__
from tqdm import tqdm

from datasets.sources.decoding import FORMATS, decode
from utils import UserError, atomic_write, reason

CHECKED_BY = f"1, Pillow {__version__}, simplejpeg {simplejpeg.__version__}"


def find_bad(paths, halves=(), record=None):
    """The files that cannot be used: a dict of path to reason.

    Args:
        paths: of the image files.
        halves: those that are two images side by side. Their width must be even.
        record: a JSON file that keeps the result, by path, size and time of change. Without one, or where it cannot be
            written, all files are decoded again the next time.
    """
    known = _read_record(record)
    seen = {path: _state(path) for path in paths}
    new = [path for path in paths if path not in known or known[path][0] != seen[path]]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = tqdm(pool.map(_width_or_reason, new), "checking images", len(new), delay=1, leave=False)
        known |= {path: [seen[path], *result] for path, result in zip(new, found, strict=True)}
    if new and record:
        _write_record(record, {path: kept for path, kept in known.items() if kept[0]})
    bad = {path: known[path][2] for path in paths if known[path][2]}
    odd = {path: known[path][1] for path in halves if path not in bad and known[path][1] % 2}
    return bad | {path: f"a pair side by side of an odd width, {width}" for path, width in odd.items()}


def examine(encoded):
    """Decode an image file's bytes to uint8 ``[H, W, 3]``, strictly.

    Raises:
        Exception: as `decode`, and for damage that Pillow ignores: a wrong checksum in a PNG, and what makes libjpeg
            warn of corrupt data.
    """
    if not encoded:
        raise ValueError("an empty file")
    with Image.open(BytesIO(encoded), formats=FORMATS) as image:
        kind, mode = image.format, image.mode
        image.verify()
    if kind in ("JPEG", "MPO"):
        simplejpeg.decode_jpeg(encoded, colorspace="CMYK" if mode == "CMYK" else "RGB")
    return decode(encoded)


def load_image(path, option):
    """The image in a file that the user named with an option, uint8 ``[H, W, 3]``. A UserError where there is none."""
    try:
        return examine(Path(path).read_bytes())
    except Exception as error:  # Pillow has no error of its own: damage raises whatever it leads to
        raise UserError(f"{option} {path} is not an image that can be read ({_reason_of(error)})") from None


def _width_or_reason(path):
    try:
        return examine(Path(path).read_bytes()).shape[1], None
    except Exception as error:
        return 0, _reason_of(error)


def _reason_of(error):
    """An error of `examine` in words."""
    return reason(error) or type(error).__name__


def _state(path):
    """A file's size and time of change; None where it cannot be read now, and nothing about it is kept."""
    try:
        with open(path, "rb") as file:
            state = os.stat(file.fileno())
    except OSError:
        return None
    return [state.st_size, state.st_mtime_ns]


def _read_record(record):
    """The kept results by path: ``[[bytes, time of change], width, reason]``."""
    try:
        kept = json.loads(Path(record).read_text())
    except (TypeError, OSError, ValueError):  # no record, none yet, or a broken one
        return {}
    same = isinstance(kept, dict) and kept.get("checked_by") == CHECKED_BY
    return kept["files"] if same else {}


def _write_record(record, files):
    # A folder for reading only, or a full disk: they are checked again next time.
    with contextlib.suppress(OSError), atomic_write(record) as aside:
        aside.write_text(json.dumps({"checked_by": CHECKED_BY, "files": files}))
