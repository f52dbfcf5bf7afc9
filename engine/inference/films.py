"""Transfer the colors of a reference to a film, with one color map for all frames, or one for each shot."""

import math

from tqdm import tqdm

from utils import UserError
from utils.films import (
    BLEND,
    check_recoloring,
    find_cuts,
    open_film,
    read_frames,
    read_small_frames,
    recolor_film,
    spread_frames,
)
from utils.images import Photograph

FITTED_FRAMES = 16  # the maximum number of frames to fit the map to
ENTRIES = 33  # fewest entries along each axis of a table
MOST_PIECES = 2500  # each is a filter of ffmpeg, and Linux takes 128 KB of them


def transfer_film(path, find_map, *, out, strength, shots=False):
    """Find one color map for frames from the whole film, or from each shot, and write the film with all frames mapped.

    Args:
        path: the path of the film.
        find_map: a function that takes a list of photographs and returns their color map.
        out: the path of the new film, or None to write nothing.
        strength: a number from 0 to 2. At 0 frames stay unchanged, at 1 the map applies in full, and 2 doubles its
            effect.
        shots: whether each shot has a map of its own.

    Returns:
        The color map, the last one if there are several.

    Raises:
        UserError: if ffmpeg is not installed, or a film cannot be read or written.
    """
    film = open_film(path, "--source")
    if out:
        check_recoloring(film, out)
    cuts = _find_cuts(film) if shots else []
    starts = [0, *(cut.frame for cut in cuts)]
    maps = []
    for first, end in zip(tqdm(starts, "shots", disable=not cuts, leave=False), [*starts[1:], None], strict=True):
        numbers = spread_frames(film, FITTED_FRAMES, range(len(film.times))[first:end])
        frames = read_frames(film, numbers)
        if not frames:
            raise UserError(f"--source {path}: none of the frames to fit can be decoded; give another film")
        maps.append(find_map([Photograph(frame) for frame in frames]))
    if out:
        tables = (each.sample(_size(len(each.table)), strength) for each in maps)
        with tqdm(desc="frames", total=len(film.times), unit="frame", leave=False) as bar:
            recolor_film(film, blend(tables, cuts), out, on_frame=lambda count: bar.update(count - bar.n))
    if shots:
        print(f"shots: {len(maps)}")
    return maps[-1]


def blend(tables, cuts):
    """Yield the pieces of a film for `utils.films.recolor_film`: one for a shot, and one for each frame of a soft cut.

    Args:
        tables: a table for each shot, ``[n, n, n, 3]``, all of one size.
        cuts: the `utils.films.Cut` between each shot and the next.
    """
    tables = iter(tables)
    old = next(tables)
    yield 0, old
    for cut, new in zip(cuts, tables, strict=True):
        blended = BLEND if cut.soft else 0
        start = cut.frame - blended // 2
        for number in range(blended):
            yield start + number, old + (number + 0.5) / blended * (new - old)
        yield start + blended, new
        old = new


def _find_cuts(film):
    with tqdm(desc="cuts", total=len(film.times), unit="frame", leave=False) as bar:
        frames = read_small_frames(film, on_frame=bar.update)
    cuts = find_cuts(frames, reach=max(1, round(film.rate / 2)))
    if 1 + sum(1 + BLEND * cut.soft for cut in cuts) > MOST_PIECES:
        raise UserError(f"--shots: {film.path} has {len(cuts) + 1} shots, too many for ffmpeg; give a part of the film")
    return cuts


def _size(size):
    """Return the size of the table for ffmpeg: at least ENTRIES, and all entries of a table of ``size`` are in it.

    ffmpeg interpolates between entries in tetrahedra, and a `models.ColorMap` in cubes. In a fine table, they agree.
    """
    return (size - 1) * math.ceil((ENTRIES - 1) / (size - 1)) + 1
