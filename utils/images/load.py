"""Load image files strictly: report damage that image viewers ignore."""

from functools import partial
from pathlib import Path

import imagecodecs
import PIL
import simplejpeg
import tifffile

from utils.errors import UserError, in_one_line, reason, warn
from utils.images import jpeg
from utils.images.decode import decode, read_pixels
from utils.images.formats import MAX_MEGAPIXELS, OPTIONAL, UNREADABLE, name_format
from utils.images.photographs import as_mask, to_photograph
from utils.images.pixels import TooLargeError, to_rgb

# The version of reading. It changes whenever the result for a file may change.
READ_BY = (
    f"5, Pillow {PIL.__version__}, imagecodecs {imagecodecs.__version__}, tifffile {tifffile.__version__}, "
    f"simplejpeg {simplejpeg.__version__}" + "".join(f", {name} {version}" for name, version in OPTIONAL.items())
)
# Parts of the decoders' messages about truncated files, in lower case.
_TRUNCATED = ("truncated", "premature end", "failed to read")
# Errors whose messages do not explain a fault to a user. The last two are raised for tags of a wrong type or length.
_UNEXPLAINED = (PIL.UnidentifiedImageError, tifffile.TiffFileError, IndexError, TypeError)


def examine(encoded, max_megapixels=MAX_MEGAPIXELS, *, convert=to_rgb):
    """Decode the bytes of an image file as `decode` does, but strictly.

    ``convert`` is a function that makes an image of `pixels.Pixels`.

    Returns:
        The image, by default ``[H, W, 3]``, and a tuple of notes: texts about faults of the file that do not
        prevent its use.

    Raises:
        TooLargeError: if it has more than ``max_megapixels`` million pixels; before it is decoded.
        ValueError: if `decode` refuses the image, or if it is a JPEG that is damaged in a way that Pillow ignores. The
            message says what is wrong.
        MemoryError: if the image does not fit into memory now. The file itself may be good.
    """
    try:
        pixels = read_pixels(encoded, max_megapixels)
        notes = jpeg.check_jpeg(encoded, pixels.space) if encoded.startswith(jpeg.START) else ()
        return convert(pixels), pixels.notes + notes
    except TooLargeError:
        raise
    except Exception as error:  # of any type: Pillow has no error class for damage
        if isinstance(error, MemoryError) or "memory" in str(error).lower():  # the decoders have no class for it either
            raise MemoryError("it does not fit into memory") from error
        raise ValueError(_in_words(error, encoded)) from error


def load_image(path, option, max_megapixels=MAX_MEGAPIXELS, *, convert=to_rgb):
    """Load the image that the user gave with ``option``, as `examine` does, and warn about its faults.

    Raises:
        UserError: if the image cannot be read.
    """
    try:
        image, notes = examine(Path(path).read_bytes(), max_megapixels, convert=convert)
    except TooLargeError as error:
        raise UserError(f"{option} {path}: {error}; give a smaller one, or a larger --max_megapixels") from None
    except MemoryError as error:
        raise UserError(f"{option} {path} cannot be read: {error}; give a smaller one") from None
    except (OSError, ValueError) as error:
        detail = "" if reason(error) == UNREADABLE else f" ({reason(error)})"
        raise UserError(f"{option} {path} is {UNREADABLE}{detail}; give another file") from None
    for note in notes:
        warn(f"{option} {path}: {note}")
    return image


def load_photograph(path, option, max_megapixels=MAX_MEGAPIXELS, *, mask=None, **kept):
    """Load a `Photograph` as `load_image` does.

    Args:
        path, option, max_megapixels: as for `load_image`.
        mask: the photograph's mask, as `load_mask` returns it, or None.
        kept: ``strip`` and ``keep_profile`` of `photographs.to_photograph`.

    Raises:
        UserError: if the image cannot be read, or none of its pixels counts.
    """
    photograph = load_image(path, option, max_megapixels, convert=partial(to_photograph, **kept)).masked(mask)
    if not photograph.counts:
        where = "where its mask is not black" if photograph.mask is not None else "everywhere"
        raise UserError(f"{option} {path} is transparent {where}, so that no pixel counts; give another image")
    return photograph


def load_mask(path, option, max_megapixels=MAX_MEGAPIXELS):
    """Load a mask ``[H, W, 1]``.

    Raises:
        UserError: if the image cannot be read, or is black everywhere.
    """
    mask = load_image(path, option, max_megapixels, convert=as_mask)
    if not mask.any():
        raise UserError(f"{option} {path} is black everywhere, so that no pixel counts; paint white what should count")
    return mask


def _in_words(error, encoded):
    """Explain why a decoder raised an error for the bytes of a file."""
    if not encoded:
        return "an empty file"
    if name := name_format(encoded):
        return name
    message = in_one_line(error)
    if _is_cut(encoded) or any(words in message.lower() for words in _TRUNCATED):
        return "truncated: its end is missing"
    return UNREADABLE if isinstance(error, _UNEXPLAINED) else message or type(error).__name__


def _is_cut(encoded):
    """Return whether a WebP, AVIF or HEIC ends early. Their decoders do not say so, but the files hold lengths."""
    if encoded[:4] == b"RIFF":
        return len(encoded) < 8 + int.from_bytes(encoded[4:8], "little")
    at, size = 0, 8
    while encoded[4:8] == b"ftyp" and size >= 8 and at < len(encoded):  # boxes that begin with their sizes
        size = int.from_bytes(encoded[at : at + 4], "big")  # 0 and 1 have other meanings
        at += size
    return at > len(encoded)


class SavedImages:
    """A sequence of images in files. Each image is read when it is accessed."""

    def __init__(self, paths):
        self._paths = list(paths)

    def __len__(self):
        return len(self._paths)

    def __getitem__(self, index):
        return decode(self._paths[index].read_bytes())
