"""Read frames of a film: some for the fit of a map, or all of them, very small."""

from bisect import bisect
from collections import defaultdict

import numpy as np

from utils.films.conversion import read_pixels, to_rgb
from utils.films.film import url
from utils.films.tools import ToolError, find_tool, run_tool, running

SIDE = 512  # longest side of a frame that is read, in pixels: a fit makes copies of 256
SMALL = (32, 18)  # width and height of frames that are compared to find cuts
EARLIER = 0.0005  # seconds: time stamps are rounded, and ffmpeg skips frames before the requested time


def spread_frames(film, most, within=None):
    """Return the numbers of at most ``most`` frames of a `Film`, evenly spread, where possible key frames.

    ``within`` is the range of the numbers to choose from, by default all.

    Another frame can be decoded only after all frames since the last key frame, often ten seconds of film.
    """
    within = within or range(len(film.times))
    count = min(most, len(within))
    chosen = set()
    for number in (within[int(len(within) * (each + 0.5) / count)] for each in range(count)):
        key = _key_before(film, number)
        chosen.add(number if key in chosen or key not in within else key)
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


def read_small_frames(film, on_frame=None):
    """Return all frames of a `Film` as RGB uint8 ``[N, 18, 32, 3]``: 0.3 GB for two hours.

    ``on_frame`` is a function that is called after each frame. A frame that cannot be decoded is left out, as in the
    film that `recolor_film` writes.
    """
    width, height = SMALL
    size, pixels = 3 * width * height, bytearray()
    command = [find_tool("ffmpeg", "a film"), "-nostdin", "-v", "quiet", "-noautorotate", "-i", url(film.path)]
    command += ["-map", "0:V:0", "-fps_mode", "passthrough", "-vf", f"{to_rgb(film, SMALL)},format=rgb24"]
    with running([*command, "-f", "rawvideo", "-"]) as process:
        while len(frame := process.stdout.read(size)) == size:
            pixels += frame
            if on_frame:
                on_frame()
    return np.frombuffer(pixels, np.uint8).reshape(-1, height, width, 3)


def _key_before(film, number):
    return film.keys[bisect(film.keys, number) - 1]
