"""Looks: maps of colors, such as photographers use for grading. Each takes RGB float ``[..., 3]`` in [0, 1]."""

import functools
import importlib.util
import inspect
from pathlib import Path

import numpy as np
from PIL import Image

from utils.colors import apply_lut, read_lut

LUMINANCE = np.array([0.299, 0.587, 0.114])


def random_looks(count, seed=0):
    """Return ``count`` random looks, which are the same for the same seed: ``{name: function}``."""
    return {f"look {number}": random_look(np.random.default_rng([seed, number])) for number in range(count)}


def random_look(draw):
    """Return a look of white balance, tone curve, saturation, split tone and fade.

    Args:
        draw: NumPy generator that the strengths are drawn from.
    """
    balance = np.exp(draw.normal(0, 0.18, 3))
    gamma, contrast = np.exp(draw.normal(0, 0.4)), draw.uniform(-0.4, 0.8)
    saturation = draw.uniform(0.4, 1.5)
    shadows, highlights = draw.normal(0, 0.08, (2, 3))
    black, white = draw.uniform(0, 0.12), draw.uniform(0.88, 1)

    def look(rgb):
        rgb = np.clip(rgb * balance, 0, 1) ** gamma
        rgb = rgb + contrast * rgb * (1 - rgb) * (2 * rgb - 1)
        gray = (rgb @ LUMINANCE)[..., None]
        rgb = gray + saturation * (rgb - gray)
        rgb = rgb + shadows * (1 - gray) ** 2 + highlights * gray**2
        return np.clip(black + (white - black) * rgb, 0, 1)

    return look


def filters():
    """Return the filters of pilgram that map colors, ``{name: function}``. Without pilgram, the dict is empty."""
    if not importlib.util.find_spec("pilgram"):
        print("pilgram is not installed, so its filters are left out; see requirements-bench.txt")
        return {}
    import pilgram  # an optional dependency

    functions = inspect.getmembers(pilgram, inspect.isfunction)
    found = {f"pilgram {name.strip('_')}": _of_arrays(function) for name, function in functions}
    return {name: function for name, function in found.items() if maps_colors(function)}


def cubes(paths):
    """Return the looks of ``.cube`` files, ``{name: function}``."""
    tables = {Path(path).name: read_lut(path) for path in paths}
    return {name: functools.partial(apply_lut, table) for name, table in tables.items()}


def maps_colors(look):
    """Return whether a look keeps an image of one color uniform. A look that darkens the corners does not."""
    flat = (np.broadcast_to(np.float64(color), (32, 48, 3)) for color in ((0.8, 0.5, 0.3), (0.2, 0.4, 0.6)))
    return all(np.ptp(look(image), axis=(0, 1)).max() < 1.5 / 255 for image in flat)


def _of_arrays(function):
    def look(rgb):
        image = Image.fromarray(np.uint8(np.round(255 * rgb)))
        return np.asarray(function(image).convert("RGB")) / 255

    return look
