"""Transfer the colors of a reference to a film, with one color map for all frames."""

import math

from tqdm import tqdm

from utils import UserError
from utils.films import check_recoloring, open_film, read_frames, recolor_film, spread_frames
from utils.images import Photograph

FITTED_FRAMES = 16  # the maximum number of frames to fit the map to
ENTRIES = 33  # fewest entries along each axis of a table


def transfer_film(path, find_map, *, out, strength):
    """Find one color map for frames from the whole film, and write the film with all frames mapped.

    Args:
        path: the path of the film.
        find_map: a function that takes a list of photographs and returns their color map.
        out: the path of the new film, or None to write nothing.
        strength: a number from 0 to 2. At 0 frames stay unchanged, at 1 the map applies in full, and 2 doubles its
            effect.

    Returns:
        The color map.

    Raises:
        UserError: if ffmpeg is not installed, or a film cannot be read or written.
    """
    film = open_film(path, "--source")
    if out:
        check_recoloring(film, out)
    frames = read_frames(film, spread_frames(film, FITTED_FRAMES))
    if not frames:
        raise UserError(f"--source {path}: none of the frames to fit can be decoded; give another film")
    color_map = find_map([Photograph(frame) for frame in frames])
    if out:
        with tqdm(desc="frames", total=len(film.times), unit="frame", leave=False) as bar:
            table = color_map.sample(_size(len(color_map.table)), strength)
            recolor_film(film, table, out, on_frame=lambda count: bar.update(count - bar.n))
    return color_map


def _size(size):
    """Return the size of the table for ffmpeg: at least ENTRIES, and all entries of a table of ``size`` are in it.

    ffmpeg interpolates between entries in tetrahedra, and a `models.ColorMap` in cubes. In a fine table, they agree.
    """
    return (size - 1) * math.ceil((ENTRIES - 1) / (size - 1)) + 1
