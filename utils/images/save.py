"""Save images: as PNG, quickly, for pages and logs, or in the format that a user chose."""

import os
from pathlib import Path

from PIL import Image

from utils.errors import UserError, user_error_on_oserror, warn
from utils.files import atomic_write
from utils.images.photographs import WITH_ALPHA, encode

LONGEST_SIDE = {".webp": 16383, ".jpg": 65500, ".jpeg": 65500}  # pixels


def save_image(path, image):
    """Write a uint8 image as PNG, with fast compression (3x faster, 5% larger). Creates missing folders."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path, compress_level=1)


def write_photograph(path, photograph):
    """Write a `Photograph` for the user, atomically. The suffix of ``path`` sets the format, as in `encode`.

    Raises:
        UserError: if the file cannot be written, or as `check_size`.
    """
    suffix = os.path.splitext(path)[1].lower()
    check_size(path, photograph.rgb.shape[:2])
    if photograph.transparent and suffix not in WITH_ALPHA:
        warn(f"{path}: this format has no transparency, so the image is laid on white; {', '.join(WITH_ALPHA)} have it")
    with user_error_on_oserror(path), atomic_write(path) as temporary:
        temporary.write_bytes(encode(photograph, suffix))


def check_size(path, size):
    """Raise a UserError if an image of ``size``, (H, W), is too large for the format that the suffix sets."""
    most = LONGEST_SIDE.get(os.path.splitext(path)[1].lower())
    if most and max(size) > most:
        height, width = size
        raise UserError(f"{path}: this format allows {most} pixels per side, got {height}x{width}; give a .png or .tif")
