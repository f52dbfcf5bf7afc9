"""Write a film in other colors, by ffmpeg alone.

The map is a table, which the filter lut3d applies. So no frame leaves ffmpeg: a lookup in NumPy is many times slower,
and pipes to Python and back would copy 12 MB twice for each frame of 1080p.
"""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from utils.colors import identity_lut, write_cube
from utils.errors import UserError, reason
from utils.files import atomic_write
from utils.films.conversion import filter_table, from_rgb, to_rgb
from utils.films.film import open_film, url
from utils.films.tools import ToolError, find_tool, first_reason, running

MOST_FRAMES = 10**9  # of a film


class Encoder(NamedTuple):
    """An encoder of video.

    Attributes:
        arguments: ffmpeg's arguments. They ask for high quality, at a speed of 20 frames of 1080p a second.
        any_size: whether it takes an odd width or height with colors that are stored for pairs of pixels.
    """

    arguments: tuple
    any_size: bool = False


_H264 = Encoder(("-c:v:0", "libx264", "-preset", "veryfast", "-crf", "16"))
_HEVC = Encoder(("-c:v:0", "libx265", "-preset", "ultrafast", "-crf", "16", "-x265-params", "log-level=error"))
_APPLE = Encoder((*_HEVC.arguments, "-tag:v:0", "hvc1"))  # without this tag, QuickTime does not play it
_VP9 = Encoder(
    ("-c:v:0", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "6", "-row-mt", "1", "-crf", "18", "-b:v:0", "0"),
    any_size=True,
)
# For each suffix, the encoders for 8 and for 10 bits. Few players can play H.264 of 10 bits.
WRITTEN = {
    ".mp4": {8: _H264, 10: _APPLE},
    ".m4v": {8: _H264, 10: _APPLE},
    ".mov": {8: _H264, 10: _APPLE},
    ".mkv": {8: _H264, 10: _HEVC},
    ".webm": {8: _VP9, 10: _VP9},
}


def recolor_film(film, pieces, out, *, on_frame=None):
    """Write a `Film` with its colors mapped and with its size, time stamps, rotation, sound and subtitles, atomically.

    Args:
        film: the film.
        pieces: for each piece of the film, the number of its first frame, and the map of its colors: a table
            ``[n, n, n, 3]`` as in `utils.colors.apply_lut`. The first number is 0. Each takes 1 MB of temporary files.
        out: the path of the new film. Its suffix is one of WRITTEN.
        on_frame: a function that is called with the number of frames that are written.

    Raises:
        UserError: if the film cannot be decoded or written.
    """
    with _user_error(film, out), atomic_write(out) as temporary:
        count = _encode(film, pieces, temporary, on_frame=on_frame)
        found = len(open_film(temporary, "--out").times)
        if found != count:  # ffmpeg may say nothing if it could not write the end of a file
            raise ToolError(f"{found} of {count} frames are in it")


def check_recoloring(film, out):
    """Raise a UserError if `recolor_film` cannot write the film, or its sound and subtitles, to ``out``.

    This writes one frame, and removes it. Call it before any slow work.
    """
    with _user_error(film, out), tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.realpath(out))) as folder:
        _encode(
            film,
            [(0, identity_lut(2))],
            os.path.join(folder, f"frame{Path(out).suffix}"),
            options=("-frames:v", "1", "-t", "1"),
        )


def pixel_format(film, encoder):
    """Return the pixel format in which an `Encoder` gets a film."""
    pairs = {"420": film.width % 2 or film.height % 2, "422": film.width % 2}  # whether a pixel has no partner
    chroma = "444" if pairs.get(film.chroma) and not encoder.any_size else film.chroma
    return f"yuv{chroma}p{'10le' if film.bits == 10 else ''}"


@contextlib.contextmanager
def _user_error(film, out):
    try:
        yield
    except (ToolError, OSError) as error:
        why = reason(error)
        other = "give another file; one that ends in .mkv can hold what other films hold"
        remedy = "free some space on the disk" if "No space left" in why else other
        raise UserError(f"--out {out} cannot be written from {film.path} ({why}); {remedy}") from None


def _encode(film, pieces, path, *, on_frame=None, options=()):
    """Run ffmpeg. Return the number of frames that it has written."""
    suffix = Path(path).suffix.lower()
    encoder = WRITTEN[suffix][film.bits]
    command = [find_tool("ffmpeg", "a film"), "-nostdin", "-v", "error", "-progress", "pipe:1", "-noautorotate"]
    # The first video and, where they are there, all sound, subtitles and, in Matroska, fonts.
    streams = ["0:V:0", "0:a?", "0:s?", *(["0:t?"] if suffix == ".mkv" else ())]
    command += ["-i", url(film.path), *(word for stream in streams for word in ("-map", stream)), "-c", "copy"]
    # All frames with their time stamps, in the film's own unit: by default, ffmpeg rounds them to a fixed rate.
    command += ["-fps_mode", "passthrough", "-enc_time_base", film.time_base.replace("/", ":")]
    command += [*encoder.arguments, *options]
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "errors"), "w+b") as errors:
        # ffmpeg runs in this folder, because a path among its filters would need many escapes.
        filters = [to_rgb(film), *_lookups(film, pieces, folder), from_rgb(film, pixel_format(film, encoder))]
        command += ["-filter:v:0", ",".join(filters), url(path)]
        status, count = _run(command, folder, errors=errors, on_frame=on_frame)
        errors.seek(0)
        text = errors.read()
    if status or b"No space left" in text:
        raise ToolError(first_reason(text, status))
    return count


def _lookups(film, pieces, folder):
    """Write the tables of the pieces into a folder. Return a filter for each, which leaves the other pieces alone."""
    firsts = []
    for number, (first, table) in enumerate(pieces):
        write_cube(Path(folder, f"{number}.cube"), filter_table(film, table), "map")
        firsts.append(first)
    lasts = [first - 1 for first in firsts[1:]] + [MOST_FRAMES]
    ranges = [f"between(n\\,{first}\\,{last})" for first, last in zip(firsts, lasts, strict=True)]
    return [f"lut3d={number}.cube:enable={each}" for number, each in enumerate(ranges)]


def _run(command, folder, *, errors, on_frame):
    """Run ffmpeg in a folder. Return its status and the count of frames."""
    count = 0
    with running(command, cwd=folder, stderr=errors) as process:
        for line in process.stdout:
            name, _, value = line.decode().partition("=")
            if name == "frame":
                count = int(value)
                if on_frame:
                    on_frame(count)
    return process.returncode, count
