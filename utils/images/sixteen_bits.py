"""Decode and encode 16-bit PNG and TIFF files. Pillow would reduce them to 8 bits."""

from io import BytesIO

import imagecodecs
import numpy as np
import tifffile
from PIL import ImageCms

SIXTEEN_BIT_SUFFIXES = (".png", ".tif", ".tiff")

_ORIENTATION, _BITS_PER_SAMPLE = 0x0112, 258  # tags of EXIF and TIFF
_PNG_DEPTH = 24  # offset of the bit depth in a PNG
# For each EXIF orientation, the function that turns an image [H, W, C] upright.
_TURNS = {
    2: lambda image: image[:, ::-1],
    3: lambda image: image[::-1, ::-1],
    4: lambda image: image[::-1],
    5: lambda image: image.swapaxes(0, 1),
    6: lambda image: image[::-1].swapaxes(0, 1),
    7: lambda image: image[::-1, ::-1].swapaxes(0, 1),
    8: lambda image: image[:, ::-1].swapaxes(0, 1),
}


def has_sixteen_bits(image, encoded):
    """Return whether an image has 16 bits per channel. Pillow must have opened but not yet decoded it."""
    if image.format == "PNG":
        return encoded[_PNG_DEPTH] == 16
    return image.format == "TIFF" and 16 in image.tag_v2.get(_BITS_PER_SAMPLE, ())


def decode_sixteen_bits(image, encoded, *, profile=None):
    """Decode a 16-bit PNG or TIFF to uint16 ``[H, W, 3]``, as `utils.images.decode` does.

    Args:
        image: the image as opened by Pillow.
        encoded: the file's bytes.
        profile: the `ImageCmsProfile` to convert to sRGB from, or None.

    Raises:
        ValueError: if the image is not RGB or gray.
    """
    pixels = imagecodecs.png_decode(encoded) if image.format == "PNG" else _decode_tiff(encoded)
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    if pixels.dtype != np.uint16 or pixels.shape[-1] > 4:
        raise ValueError(f"16-bit pixels that are not RGB or gray: {pixels.shape[-1]} channels of {pixels.dtype}")
    if pixels.shape[-1] in (2, 4):
        pixels = _on_white(pixels[..., :-1], pixels[..., -1:])
    gray = pixels.shape[-1] == 1
    if profile:
        srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        colors = pixels[..., 0] if gray else pixels
        kind = "gray" if gray else "rgb"
        pixels = imagecodecs.cms_transform(colors, profile.tobytes(), srgb, colorspace=kind, outcolorspace="rgb")
    elif gray:
        pixels = np.repeat(pixels, 3, axis=-1)
    turn = _TURNS.get(image.getexif().get(_ORIENTATION))
    return np.ascontiguousarray(turn(pixels) if turn else pixels)


def encode_sixteen_bits(image, suffix):
    """Encode uint16 ``[H, W, 3]`` as the bytes of a PNG if ``suffix`` is ``".png"``, otherwise of a TIFF."""
    if suffix == ".png":
        return imagecodecs.png_encode(image, level=1)
    file = BytesIO()
    tifffile.imwrite(file, image, photometric="rgb", compression="zlib", predictor=True)
    return file.getvalue()


def _decode_tiff(encoded):
    """Decode the first frame to ``[H, W]`` or ``[H, W, C]``. White is the largest value."""
    with tifffile.TiffFile(BytesIO(encoded)) as file:
        page = file.pages[0]
        kind = page.photometric.name
        if kind not in ("RGB", "MINISBLACK", "MINISWHITE"):
            raise ValueError(f"16-bit pixels that are not RGB or gray: {kind}")
        pixels = page.asarray()
        if page.planarconfig == tifffile.PLANARCONFIG.SEPARATE and pixels.ndim == 3:
            pixels = np.moveaxis(pixels, 0, -1)
    pixels = pixels.astype(pixels.dtype.newbyteorder("="), copy=False)
    return np.iinfo(pixels.dtype).max - pixels if kind == "MINISWHITE" else pixels


def _on_white(colors, alpha):
    opacity = alpha / 65535
    return np.round(colors * opacity + 65535 * (1 - opacity)).astype(np.uint16)
