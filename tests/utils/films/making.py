"""Films for tests, made by ffmpeg, and their frames, read by ffmpeg."""

import json
import subprocess

import numpy as np


def ffmpeg(*arguments, pixels=None):
    command = ["ffmpeg", "-v", "error", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, input=pixels, capture_output=True).stdout


def make_film(path, *, seconds=1, size="64x48", source="testsrc2", options=()):
    """A film of 10 frames a second of one of ffmpeg's sources of test images."""
    at = f"{source}=s={size}:r=10:d={seconds}"
    ffmpeg("-f", "lavfi", "-i", at, "-pix_fmt", "yuv420p", *options, path)
    return path


def store(path, frames, *, size, pixel_format, tags):
    """A film in Matroska without loss, of frames as they are stored (bytes). ``tags``: ffmpeg's options of colors."""
    raw = ["-f", "rawvideo", "-pix_fmt", pixel_format, "-s", "{}x{}".format(*size), "-r", "10", "-i", "-"]
    ffmpeg(*raw, "-c:v", "ffv1", *tags, path, pixels=frames)
    return path


def stored(path, pixel_format):
    """The frames of a film as they are stored: integers ``[frames, 3, H, W]``, for formats of 4:4:4."""
    (stream,) = streams(path, "v")
    raw = ffmpeg("-noautorotate", "-i", path, "-map", "0:v:0", "-pix_fmt", pixel_format, "-f", "rawvideo", "-")
    dtype = "<u2" if pixel_format.endswith("le") else np.uint8
    return np.frombuffer(raw, dtype).astype(int).reshape(-1, 3, stream["height"], stream["width"])


def streams(path, kind):
    """What ffprobe says about the streams of a kind, such as ``"v"``."""
    command = ["ffprobe", "-v", "error", "-select_streams", kind, "-show_streams", "-of", "json", str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["streams"]


def checksum(path, kind):
    """A line for each packet of a kind: its duration, size and checksum."""
    lines = ffmpeg("-i", path, "-map", f"0:{kind}", "-c", "copy", "-f", "framehash", "-").splitlines()
    return [line.split(b",")[3:] for line in lines if not line.startswith(b"#")]
