"""Find bad files before training. Every image is decoded once, in parallel, and the results are recorded."""

import contextlib
import functools
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

from utils import atomic_write, reason
from utils.images import MAX_MEGAPIXELS, READ_BY, TooLargeError, examine


class Examined(NamedTuple):
    """The result of examining an image file.

    Attributes:
        height, width: size of the decoded image.
        bits: bits per channel: 8 or 16.
        reason: why the file cannot be used, or None if it can be.
        notes: texts about faults of the file that do not prevent its use.
    """

    height: int = 0
    width: int = 0
    bits: int = 8
    reason: str | None = None
    notes: tuple = ()


def examine_files(paths, record=None, max_megapixels=MAX_MEGAPIXELS):
    """Decode image files once, in parallel.

    Only faults of the file itself are recorded. A passing failure of the disk or the memory is not recorded, and
    neither is a size above the limit.

    Args:
        paths: paths of the image files.
        record: path of a JSON file for the results. An image file is not decoded again if its size and modification
            time match the record. Names in the record are relative to its folder, so a file is found however its path
            is written. Without a record, or if it cannot be written, all files are decoded each time.
        max_megapixels: the largest image that is decoded, in millions of pixels.

    Returns:
        A dict from each path to its `Examined`.
    """
    recorded = _read_record(record)
    names = {path: os.path.relpath(path, Path(record or "").parent) for path in paths}
    states = {path: _state(path) for path in paths}
    known = {path: recorded[names[path]] for path in paths if names[path] in recorded}
    new = [path for path in paths if path not in known or _is_outdated(known[path], states[path], max_megapixels)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(functools.partial(_examine_file, max_megapixels=max_megapixels), new)
        results = tqdm(found, "checking images", len(new), delay=1, leave=False)
        for path, (result, lasting) in zip(new, results, strict=True):
            known[path] = [states[path] if lasting else None, *result]
    if new and record:
        recorded |= {names[path]: result for path, result in known.items()}
        _write_record(record, {name: result for name, result in recorded.items() if result[0]})
    return {path: Examined(*known[path][1:]) for path in paths}


def find_bad(examined, *, halves=(), same_size=()):
    """Find the files that cannot be used.

    Args:
        examined: the dict that `examine_files` returns.
        halves: the paths of files that hold a pair side by side. Their width must be even.
        same_size: pairs of paths whose images must have the same size.

    Returns:
        A dict from the path of each bad file to the reason.
    """
    bad = {path: image.reason for path, image in examined.items() if image.reason}
    odd = {path: examined[path].width for path in halves if path not in bad and examined[path].width % 2}
    bad |= {path: f"a pair side by side, but its width {width} is odd" for path, width in odd.items()}
    for first, second in same_size:
        sizes = [f"{examined[path].height}x{examined[path].width}" for path in (first, second)]
        if sizes[0] != sizes[1] and bad.keys().isdisjoint((first, second)):
            bad[second] = f"its size is {sizes[1]}, and {sizes[0]} that of {first}"
    return bad


def _examine_file(path, max_megapixels):
    """Return a file's `Examined`, and whether it holds until the file changes, and so may be recorded."""
    try:
        image, notes = examine(Path(path).read_bytes(), max_megapixels)
    except TooLargeError as error:
        return Examined(reason=f"{error}; a larger --max_megapixels admits it"), False
    except (OSError, MemoryError) as error:
        return Examined(reason=reason(error)), False
    except ValueError as error:
        return Examined(reason=reason(error)), True
    return Examined(*image.shape[:2], bits=8 * image.dtype.itemsize, notes=notes), True


def _is_outdated(recorded, state, max_megapixels):
    """Return whether a file has changed since it was recorded, or has more pixels than the limit of today."""
    recorded_state, height, width, *_ = recorded
    return recorded_state != state or height * width > max_megapixels * 1e6


def _state(path):
    """Return a file's size and modification time. Return None if it cannot be read; then no result is recorded."""
    try:
        with open(path, "rb") as file:
            state = os.stat(file.fileno())
    except OSError:
        return None
    return [state.st_size, state.st_mtime_ns]


def _read_record(record):
    """Read the recorded results: ``{name: [[bytes, modification time], *Examined]}``."""
    try:
        content = json.loads(Path(record).read_text())
    except (TypeError, OSError, ValueError):  # no record is wanted, there is none yet, or it is broken
        return {}
    is_current = isinstance(content, dict) and content.get("checked_by") == READ_BY
    return content["files"] if is_current else {}


def _write_record(record, files):
    # In a read-only folder or on a full disk there is no record, and the files are checked again next time.
    with contextlib.suppress(OSError), atomic_write(record) as temporary:
        temporary.write_text(json.dumps({"checked_by": READ_BY, "files": files}))
