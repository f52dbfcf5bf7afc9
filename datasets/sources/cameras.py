"""Simulate poor exposures of photographs, to make pairs for enhancement.

A simulated camera changes exposure and white balance in linear light, then saturation and tone in gamma-encoded
values. The photograph's name is the random seed for the choice of the camera and of its settings.
"""

import hashlib
from typing import NamedTuple

import numpy as np

from utils.colors import LUMINANCE
from utils.images import to_float, to_uint8

GAMMA = 2.2  # of the display


class Camera(NamedTuple):
    """The range, ``(low, high)``, of each of a camera's settings. Settings are drawn from these ranges.

    Attributes:
        exposure: change of brightness, in stops.
        warmth: increase of red and decrease of blue, in stops.
        tint: increase of green, in stops.
        saturation: factor that scales the distance to gray.
        contrast: factor that scales the distance to middle gray.
        black: the level that black is raised to.
    """

    exposure: tuple
    warmth: tuple = (-0.1, 0.1)
    tint: tuple = (-0.05, 0.05)
    saturation: tuple = (0.8, 1.0)
    contrast: tuple = (0.9, 1.0)
    black: tuple = (0.0, 0.02)


CAMERAS = {
    "dark": Camera(exposure=(-2.0, -1.0), saturation=(0.6, 0.9)),
    "flat": Camera(exposure=(-0.3, 0.2), saturation=(0.4, 0.7), contrast=(0.5, 0.7), black=(0.05, 0.1)),
    "warm": Camera(exposure=(-0.6, 0.1), warmth=(0.3, 0.6)),
    "cold": Camera(exposure=(-0.8, 0.0), warmth=(-0.6, -0.3), saturation=(0.6, 0.9)),
    "green": Camera(exposure=(-1.0, -0.2), tint=(0.15, 0.35), contrast=(0.7, 0.9)),
}


def simulate_camera(photograph, name):
    """Simulate one of CAMERAS, chosen by ``name``: uint8 ``[H, W, 3]`` to ``[H, W, 3]``."""
    rng = np.random.default_rng([*hashlib.sha256(name.encode()).digest()])
    camera = CAMERAS[[*CAMERAS][rng.integers(len(CAMERAS))]]
    drawn = Camera(*(rng.uniform(*limits) for limits in camera))
    stops = drawn.exposure + np.array([drawn.warmth, drawn.tint, -drawn.warmth])
    rgb = np.minimum(to_float(photograph) ** GAMMA * 2**stops, 1) ** (1 / GAMMA)
    gray = (rgb @ LUMINANCE)[..., None]
    rgb = gray + drawn.saturation * (rgb - gray)
    rgb = 0.5 + drawn.contrast * (rgb - 0.5)
    return to_uint8(np.clip(drawn.black + (1 - drawn.black) * rgb, 0, 1))
