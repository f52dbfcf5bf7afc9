"""Read a color lookup table from a file of any kind, and tell a Hald image from a photograph."""

from pathlib import Path

from utils.colors.lut.cube import read_cube
from utils.colors.lut.hald import read_hald
from utils.colors.lut.table import identity_lut
from utils.errors import UserError

_READERS = {".cube": read_cube, ".png": read_hald}
# If a linear function of red and green explains less than this fraction of the variance of an image's colors, the image
# is not a Hald image. The fraction is two thirds for the identity, and a few hundredths for photographs.
LEAST_EXPLAINED = 0.2


def read_lut(path):
    """Read a ``.cube`` file or a Hald ``.png`` as float32 ``[n, n, n, 3]``, indexed ``[r, g, b]``, sRGB in [0, 1].

    A ``.cube`` file may have entries outside [0, 1]. They are not clipped.

    Raises:
        UserError: if the file has another suffix, and as `read_cube` and `read_hald`.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _READERS:
        raise UserError(f"{path} is not a color lookup table; give a .cube file or a Hald image, which is a .png")
    return _READERS[suffix](path)


def is_lut(path):
    """Return whether a file is a color lookup table: a ``.cube`` file, even an invalid one, or a Hald image.

    A photograph can have the size of a Hald image, such as 512 x 512 pixels. But the red and green of a table's input
    hardly explain the colors of a photograph, because they change with every pixel and every few rows.
    """
    suffix = Path(path).suffix.lower()
    if suffix != ".png":
        return suffix == ".cube"
    try:
        lut = read_hald(path)
    except UserError:
        return False
    entries = (lut - lut.mean((0, 1, 2))).reshape(-1, 3)
    levels = identity_lut(len(lut))[..., :2].reshape(-1, 2) - 0.5  # uncorrelated
    slopes = levels.T @ entries / (levels**2).sum(0)[:, None]  # [2,3]
    explained = ((levels @ slopes) ** 2).sum()
    return bool(explained > LEAST_EXPLAINED * (entries**2).sum())
