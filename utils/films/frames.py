"""Read some frames of a film, for the fit of a map."""

from bisect import bisect
from collections import defaultdict

import numpy as np

from utils.films.conversion import read_pixels, to_rgb
from utils.films.film import url
from utils.films.tools import ToolError, find_tool, run_tool

SIDE = 512  # longest side of a frame that is read, in pixels: a fit makes copies of 256
EARLIER = 0.0005  # seconds: time stamps are rounded, and ffmpeg skips frames before the requested time


def spread_frames(film, most):
    """Return the numbers of at most ``most`` frames of a `Film`, evenly spread, where possible key frames.

    Another frame can be decoded only after all frames since the last key frame, often ten seconds of film.
    """
    total = len(film.times)
    count = min(most, total)
    chosen = set()
    for number in (int(total * (each + 0.5) / count) for each in range(count)):
        key = _key_before(film, number)
        chosen.add(number if key in chosen else key)
    return sorted(chosen)


def read_frames(film, numbers):
    """Return the frames of a `Film` with these numbers, reduced: a list of RGB uint16 ``[h, w, 3]``.

    A frame that cannot be decoded is left out.
    """
    scale = min(1, SIDE / max(film.width, film.height))
    width, height = (max(1, round(scale * side)) for side in (film.width, film.height))
    by_key = defaultdict(list)
    for number in numbers:
        by_key[_key_before(film, number)].append(number)
    command = [find_tool("ffmpeg", "a film"), "-nostdin", "-v", "error", "-noautorotate"]
    frames = []
    for key, group in by_key.items():
        selected = "+".join(f"eq(n,{number - key})" for number in group)
        filters = f"select='{selected}',{to_rgb(film, (width, height))},format=rgb48le"
        asked = ["-ss", f"{max(0, film.times[key] - EARLIER):.6f}", "-i", url(film.path), "-map", "0:V:0"]
        asked += ["-fps_mode", "passthrough", "-frames:v", str(len(group)), "-vf", filters]
        try:
            pixels = run_tool([*command, *asked, "-f", "rawvideo", "-"])
        except ToolError:
            continue
        frames += [*read_pixels(film, np.frombuffer(pixels, "<u2")).reshape(-1, height, width, 3)]
    return frames


def _key_before(film, number):
    return film.keys[bisect(film.keys, number) - 1]
