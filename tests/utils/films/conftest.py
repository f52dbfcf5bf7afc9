"""The tests of films skip where ffmpeg is not installed."""

import shutil

import pytest


@pytest.fixture(autouse=True)
def _needs_ffmpeg():
    if not (shutil.which("ffmpeg") and shutil.which("ffprobe")):
        pytest.skip("no ffmpeg: install it")
