"""Corruptions of photographs in five severities, by simple physical models of weather, light and the camera.

Each is a function of an image, RGB float ``[H, W, 3]`` in [0, 1], a severity from 0 to 1, and a random generator.
Fog, sand and the air between raindrops are ``I t + A (1 - t)`` with the transmission ``t = exp(-density * depth)`` and
the airlight A (Koschmieder); the depth is a smooth random field that grows toward the top, as in landscapes.
"""

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.transform import rotate

GAMMA = 2.2
SEVERITIES = (1, 2, 3, 4, 5)


def corrupt(image, name, severity, *, seed):
    """An image ``[H, W, 3]`` under one of CORRUPTIONS. ``severity``: from 1 to 5; ``seed``: chooses the weather."""
    rng = np.random.default_rng([seed, [*CORRUPTIONS].index(name)])  # all severities share the weather
    return np.clip(CORRUPTIONS[name](np.asarray(image, np.float64), severity / max(SEVERITIES), rng), 0, 1)


def low_light(image, severity, rng):
    """Up to five stops less light, with its Poisson noise. In full light a white pixel has 1,000 photons."""
    light = image**GAMMA * 2 ** (-5 * severity)
    return (rng.poisson(1000 * light) / 1000) ** (1 / GAMMA)


def fog(image, severity, rng):
    """White airlight."""
    return _through_air(image, 3 * severity, color=(0.9, 0.9, 0.92), rng=rng)


def sand(image, severity, rng):
    """Airlight in the color of sand, and grains."""
    hazy = _through_air(image, 2.2 * severity, color=(0.76, 0.6, 0.38), rng=rng)
    return hazy + 0.05 * severity * rng.normal(size=image.shape[:2])[..., None]


def rain(image, severity, rng):
    """Bright streaks in one direction, through slightly hazy air."""
    drops = rng.random(image.shape[:2]) < 0.012 * severity
    streaks = gaussian_filter(drops.astype(float), (image.shape[0] / 25, 0.5))
    streaks = rotate(streaks, rng.uniform(-20, 20), mode="wrap") * image.shape[0] / 5
    hazy = _through_air(image, 0.8 * severity, color=(0.6, 0.62, 0.65), rng=rng)
    return hazy + (0.9 - hazy) * np.clip(streaks, 0, 0.5)[..., None]


def snow(image, severity, rng):
    """Flakes of three sizes, nearer ones larger and fewer, over a brighter landscape."""
    covered = np.zeros(image.shape[:2])
    for size, count in ((0.5, 0.03), (1.0, 0.01), (2.0, 0.003)):
        flakes = (rng.random(covered.shape) < count * severity).astype(float)
        covered += gaussian_filter(flakes, size) * (2 * np.pi * size**2)
    bright = image + 0.35 * severity * (1 - image)
    return bright + (1 - bright) * np.clip(covered, 0, 1)[..., None]


def contrast(image, severity, rng):
    """Toward the mean of the image."""
    return image + (1 - 0.15 ** (severity * 1.2)) * (image.mean() - image)


def brightness(image, severity, rng):
    """Up to two stops of overexposure."""
    return (image**GAMMA * 4**severity) ** (1 / GAMMA)


CORRUPTIONS = {function.__name__: function for function in (low_light, fog, rain, sand, snow, contrast, brightness)}


def _through_air(image, density, *, color, rng):
    height, width, _ = image.shape
    field = gaussian_filter(rng.normal(size=(height, width)), height / 6, mode="wrap")
    field = (field - field.min()) / np.ptp(field)
    depth = 0.5 * field + 0.5 * np.linspace(1, 0, height)[:, None]
    transmission = np.exp(-density * (0.3 + depth))[..., None]
    return image * transmission + np.array(color) * (1 - transmission)
