"""``.cube`` files of three-dimensional tables: Adobe's Cube LUT Specification 1.0, and Resolve's LUT_3D_INPUT_RANGE."""

import io
from array import array
from pathlib import Path

import numpy as np

from utils.colors.lut.table import from_rows, to_rows
from utils.errors import UserError, user_error_on_oserror
from utils.files import atomic_write

SIZES = range(2, 257)
LARGEST = 1e6  # larger numbers are refused, because they cannot be colors

# Keywords for the range of input colors, each with the only values that are accepted: sRGB from 0 to 1.
_RANGES = {"DOMAIN_MIN": (0, 0, 0), "DOMAIN_MAX": (1, 1, 1), "LUT_3D_INPUT_RANGE": (0, 1)}


def write_cube(path, lut, title):
    """Write a table ``[n, n, n, 3]`` as a ``.cube`` file with six decimals, atomically.

    The file has no DOMAIN lines, because FFmpeg and darktable misread them. They default to 0 and 1.

    Raises:
        UserError: if the file cannot be written.
    """
    # A title may contain a file's name, which may not be valid text.
    title = " ".join(title.replace('"', "'").split()).encode(errors="replace").decode()
    header = f'TITLE "{title}"\n# sRGB in and out, from 0 to 1; red changes fastest.\nLUT_3D_SIZE {len(lut)}'
    rows = np.round(to_rows(lut), 6) + 0.0  # turns -0 into 0
    with user_error_on_oserror(path), atomic_write(path) as temporary:
        np.savetxt(temporary, rows, fmt="%.6f", header=header, comments="", encoding="utf-8")


def read_cube(path):
    """Read a ``.cube`` file as float32 ``[n, n, n, 3]``, indexed ``[r, g, b]``.

    Raises:
        UserError: if the file is not a 3D table for colors from 0 to 1. The message gives the number of a wrong line.
    """
    with user_error_on_oserror(path, "give another file", verb="read"):
        encoded = Path(path).read_bytes()
    if not encoded.strip():
        raise UserError(f"{path} is an empty file; give a .cube file")
    if b"\0" in encoded:
        raise UserError(f"{path} is not a text file; give a .cube file")
    # Skip a byte order mark and accept any line ends. A title may be in any encoding.
    size, rows = _read_lines(path, io.TextIOWrapper(io.BytesIO(encoded), "utf-8-sig", errors="replace"))
    if size is None:
        raise UserError(f"{path} has no line LUT_3D_SIZE; give a .cube file of a 3D table")
    if len(rows) != size**3:
        raise UserError(
            f"{path} has {len(rows)} lines of numbers, but LUT_3D_SIZE {size} takes {size**3}; export it again"
        )
    return from_rows(rows)


def _read_lines(path, lines):
    """Read the size, or None if no line gives it, and the entries ``[number of entries, 3]``."""
    size, values = None, array("f")
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            if values or words[0][0] in "+-.0123456789":
                values.extend(_numbers(words, 3))
            else:
                size = _read_keyword(words, size)
        except ValueError as error:
            raise UserError(f"{path}, line {number}: {error}") from None
    return size, np.frombuffer(values, np.float32).reshape(-1, 3)


def _read_keyword(words, size):
    """Read a line with a keyword, and return the new size. If the line is wrong, raise a ValueError."""
    keyword, given = words[0].upper(), _quoted(words[1:])
    if keyword == "LUT_3D_SIZE":
        if len(words) != 2 or words[1] not in map(str, SIZES):
            raise ValueError(f"LUT_3D_SIZE takes a whole number from {SIZES[0]} to {SIZES[-1]}, got {given}")
        return int(words[1])
    if keyword in _RANGES:
        if not _are_close(words[1:], _RANGES[keyword]):
            wanted = " ".join(map(str, _RANGES[keyword]))
            raise ValueError(f"{keyword} takes {wanted}, got {given}; export the table for sRGB from 0 to 1")
    elif keyword.startswith("LUT_1D_"):
        raise ValueError(f"{keyword} begins a 1D table; export a 3D one")
    elif keyword != "TITLE":
        raise ValueError(f"takes three numbers or a .cube keyword, got {_quoted(words)}")
    return size


def _are_close(words, wanted):
    try:
        return np.allclose(_numbers(words, len(wanted)), wanted, atol=1e-6)
    except ValueError:
        return False


def _numbers(words, count):
    """Convert words to numbers. If they are not ``count`` numbers, raise a ValueError."""
    try:
        numbers = [float(word) for word in words if "_" not in word]
    except ValueError:
        numbers = []
    if not (len(words) == len(numbers) == count and all(abs(number) <= LARGEST for number in numbers)):
        raise ValueError(f"takes three numbers, got {_quoted(words)}")
    return numbers


def _quoted(words):
    """Return the beginning of a line in quotes, with control characters escaped."""
    return repr(" ".join(words)[:40])
