"""What a film file holds: the size, the time stamps and the colors of its first video stream."""

import json
import os
import re
from functools import cached_property
from typing import NamedTuple

from utils.errors import UserError
from utils.films.tools import ToolError, find_tool, run_tool

SUFFIXES = {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".mxf"}
SUFFIXES |= {".wmv", ".flv", ".3gp", ".ogv", ".y4m"}
# ffprobe's names of the matrices between RGB and YCbCr, and the names that ffmpeg's filter `scale` has for them.
MATRICES = {"bt709": "bt709", "smpte170m": "bt601", "bt470bg": "bt601", "smpte240m": "smpte240m", "fcc": "fcc"}
MATRICES |= {"bt2020nc": "bt2020", "gbr": "bt709"}
HDR = ("smpte2084", "arib-std-b67")  # transfer functions of high dynamic range: PQ and HLG
TO_SDR = "zscale=t=linear:npl=100,format=gbrpf32le,tonemap=hable,zscale=p=bt709:t=bt709:m=bt709:r=tv,format=yuv420p"
UNKNOWN = (None, "unknown", "unspecified", "reserved")
_FIELDS = ("width", "height", "pix_fmt", "time_base", "field_order")
_TAGS = ("color_range", "color_space", "color_primaries", "color_transfer")


class Tags(NamedTuple):
    """What a film says about its colors, in ffprobe's words; None where it says nothing."""

    color_range: str | None
    color_space: str | None
    color_primaries: str | None
    color_transfer: str | None


class Film:
    """A film.

    Attributes:
        path: the path of the file.
        width, height: the size of its frames as they are stored, before any rotation.
        pixel_format: ffmpeg's name of its pixel format, such as ``"yuv420p10le"``.
        time_base: the unit of the time stamps, such as ``"1/12800"`` seconds.
        times: the time stamps of its frames in seconds, sorted, from the beginning of the file.
        keys: the numbers of the frames that can be decoded without others, sorted.
        tags: its `Tags`.
    """

    def __init__(self, path, stream, stamps):
        self.path, self.times = path, [time for time, _ in stamps]
        self.keys = [number for number, (_, is_key) in enumerate(stamps) if is_key or number == 0]
        self.width, self.height, self.pixel_format, self.time_base, self._fields = (stream.get(key) for key in _FIELDS)
        self.tags = Tags(*(None if stream.get(key) in UNKNOWN else stream[key] for key in _TAGS))

    @property
    def rate(self):
        """The mean number of frames in a second."""
        seconds = self.times[-1] - self.times[0]
        return (len(self.times) - 1) / seconds if seconds else 1.0

    @property
    def interlaced(self):
        """Whether a frame is two fields, of different times."""
        return self._fields in ("tt", "bb", "tb", "bt")

    @cached_property
    def is_rgb(self):
        """Whether the frames are stored as RGB."""
        return bool(re.match(r"gbr|rgb|bgr|argb|abgr|0rgb|0bgr|pal8", self.pixel_format))

    @property
    def matrix(self):
        """The matrix between RGB and YCbCr, as the filter `scale` names it. If the film does not say, players guess."""
        if self.tags.color_space:
            return MATRICES[self.tags.color_space]
        return "bt709" if self.is_rgb or self.width >= 1280 or self.height > 576 else "bt601"

    @property
    def range(self):
        """``"full"`` if black is 0, otherwise ``"limited"``: black is 16 of 255."""
        return "full" if self.tags.color_range == "pc" and not self.is_rgb else "limited"

    @cached_property
    def depth(self):
        """The bits of a channel in the file."""
        if re.search("48|64", self.pixel_format):
            return 16
        found = re.search(r"(9|1\d)(le|be)$", self.pixel_format)
        return int(found[1]) if found else 10 if "x2" in self.pixel_format else 8

    @property
    def bits(self):
        """The bits that a channel is written with: 8, or 10 if it is stored with more than 8."""
        return 8 if self.depth == 8 else 10

    @cached_property
    def chroma(self):
        """The chroma subsampling to write, ``"420"``, ``"422"`` or ``"444"``: never coarser than in the file."""
        if self.is_rgb or re.search(r"444|440|4:4:4|xyz", self.pixel_format):
            return "444"
        return "422" if re.search(r"422|411|410|uyvy|yuyv|yvyu|nv16|[py]21\d", self.pixel_format) else "420"


def is_film(path):
    """Return whether a path has the suffix of a film."""
    return os.path.splitext(path)[1].lower() in SUFFIXES


def open_film(path, option):
    """Return the `Film` that the user gave with ``option``.

    Raises:
        UserError: if ffprobe is not installed, the file cannot be read or has no frames, or the frames are interlaced
            or have a high dynamic range or an unknown matrix.
    """
    what = f"{option} {path}"
    command = [find_tool("ffprobe", f"{what} is a film, which"), "-v", "error", "-select_streams", "V:0", "-of", "json"]
    shown = f"stream={','.join((*_FIELDS, *_TAGS))}:packet=pts_time,dts_time,flags:format=start_time"
    try:
        found = json.loads(run_tool([*command, "-show_entries", shown, url(path)]))
    except ToolError as error:
        raise UserError(f"{what} is not a film that can be read ({error}); give another file") from None
    if not found.get("streams"):
        raise UserError(f"{what} has no video; give another file")
    start = float(found["format"].get("start_time", 0))
    packets = found.get("packets", ())
    packets = [(packet.get("pts_time") or packet.get("dts_time"), packet["flags"]) for packet in packets]
    # Frames with the flag D are decoded, but not shown: a film that was cut without encoding begins with them.
    stamps = sorted((float(time) - start, "K" in flags) for time, flags in packets if time and "D" not in flags)
    if not stamps:
        raise UserError(f"{what} has no frames; give another file")
    film = Film(path, found["streams"][0], stamps)
    _check_frames(film, what)
    return film


def url(path):
    """Return a path as ffmpeg reads it whatever its characters are."""
    return f"file:{os.path.abspath(path)}"


def _check_frames(film, what):
    if film.tags.color_transfer in HDR:
        raise UserError(
            f"{what} has a high dynamic range, and colors are fitted in sRGB; convert it first: "
            f"ffmpeg -i {film.path} -vf {TO_SDR} sdr.mp4"
        )
    if film.interlaced:
        raise UserError(
            f"{what} is interlaced; deinterlace it first: ffmpeg -i {film.path} -vf bwdif -c:a copy whole.mp4"
        )
    if film.tags.color_space not in (None, *MATRICES):
        known = "ffmpeg -i FILM -vf zscale=matrix=709 -colorspace bt709 converted.mp4"
        raise UserError(f"{what} has the color matrix {film.tags.color_space}, which is not known; convert it: {known}")
