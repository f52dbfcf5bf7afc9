"""Read a color lookup table from a file of any kind, and tell a Hald image from a photograph."""

from pathlib import Path

from utils.colors.lut.cube import read_cube
from utils.colors.lut.hald import read_hald
from utils.colors.lut.table import identity_lut
from utils.errors import UserError

_READERS = {".cube": read_cube, ".png": read_hald}
# The least share of a table's variance that a linear function of red and green explains, where the image is a Hald
# image. It is two thirds for the identity, and some hundredths for photographs.
LEAST_EXPLAINED = 0.2


def read_lut(path):
    """Read a ``.cube`` file or a Hald ``.png`` as float32 ``[n, n, n, 3]``; entry ``[r, g, b]``, sRGB in [0, 1].

    Entries outside [0, 1], which ``.cube`` files may have, stay as they are.

    Raises:
        UserError: for another suffix; as `read_cube` and `read_hald`.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _READERS:
        raise UserError(f"{path} is not a color lookup table; give a .cube file or a Hald image, which is a .png")
    return _READERS[suffix](path)


def is_lut(path):
    """Whether a file is a color lookup table: a ``.cube`` file, even a wrong one, or a Hald image.

    A photograph can have the size of a Hald image, 512 x 512 pixels. The red and green of a table's input hardly
    explain the colors of a photograph, since they change with every pixel and every few rows.
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
