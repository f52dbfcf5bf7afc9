"""The filters of ffmpeg between the frames of a film and RGB.

Each filter says both the matrix and the range, because ffmpeg would guess BT.601 for a film that does not, and players
guess by its size. RGB has 16 bits in between: 8 would round twice, and the filter lut3d is twice as fast with 16.

A chroma sample is repeated for its pixels, and averaged back. This is an exact inverse, unlike interpolation, which
blurs the chroma of the film once more: at the edges of a test chart by up to 35 of 255.

The filter makes 16 bits of 8 by a factor of 256. So white is 65280 and not 65535, and the tables allow for it.
"""

import numpy as np

from utils.colors import apply_lut, identity_lut

_EXACT = "accurate_rnd+full_chroma_int+full_chroma_inp"


def to_rgb(film, size=None):
    """Return the filters from the frames of a `Film` to planar RGB of 16 bits, scaled to ``size``, (width, height)."""
    scaled = f"{size[0]}:{size[1]}:flags=area" if size else "flags=neighbor"
    return f"scale={scaled}+{_EXACT}:in_color_matrix={film.matrix}:in_range={film.range},format=gbrp16le"


def from_rgb(film, pixel_format):
    """Return the filters from planar RGB of 16 bits to frames of a pixel format, in the matrix and range of the film.

    A film that is stored as RGB becomes BT.709. The tags of the film stay; ffmpeg would drop some.
    """
    back = f"scale=flags=area+{_EXACT}:out_color_matrix={film.matrix}:out_range={film.range},format={pixel_format}"
    space = "bt709" if film.is_rgb else film.tags.color_space
    tags = {"range": film.range, "colorspace": space}
    tags |= {"color_primaries": film.tags.color_primaries, "color_trc": film.tags.color_transfer}
    return f"{back},setparams={':'.join(f'{name}={value}' for name, value in tags.items() if value)}"


def filter_table(film, table):
    """Return the table that the filter lut3d needs between `to_rgb` and `from_rgb`, of the same size as ``table``."""
    white, white_out = _white(film.depth, film.is_rgb or film.range == "full"), _white(film.bits, film.range == "full")
    colors = identity_lut(len(table)) / white
    inside = np.clip(colors, 0, 1)
    return white_out * (apply_lut(table, inside) + colors - inside)


def read_pixels(film, pixels):
    """Return RGB uint16 of pixels that `to_rgb` has made."""
    white = _white(film.depth, film.is_rgb or film.range == "full")
    return np.round(np.minimum(pixels / white, 65535)).astype(np.uint16)


def _white(bits, full):
    """Return the value of white between the filters, from 0 to 1, for frames with ``bits`` bits a channel."""
    return (((2**bits - 1) << (16 - bits)) if full else 255 << 8) / 65535
