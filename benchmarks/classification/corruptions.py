"""Corruptions of photographs at five severities, from simple physical models of weather, light and the camera.

Each function takes an image (RGB float ``[H, W, 3]`` in [0, 1]), a severity from 0 to 1, and a random generator. Fog,
sand and the haze of rain follow Koschmieder's model, ``I t + A (1 - t)``. Here I is the image, A is the airlight, and
``t = exp(-density * depth)`` is the transmission. The depth is a smooth random field that grows toward the top of the
image, as it does in landscapes.
"""

import numpy as np
from scipy.ndimage import gaussian_filter
from skimage.transform import rotate

GAMMA = 2.2
SEVERITIES = (1, 2, 3, 4, 5)


def corrupt(image, name, severity, *, seed):
    """Apply one of CORRUPTIONS to an image.

    Args:
        image: RGB ``[H, W, 3]`` in [0, 1].
        name: name of the corruption.
        severity: from 1 to 5.
        seed: seed of the random draws. They are the same at all severities.
    """
    rng = np.random.default_rng([seed, [*CORRUPTIONS].index(name)])  # the same draws at all severities
    return np.clip(CORRUPTIONS[name](np.asarray(image, np.float64), severity / max(SEVERITIES), rng), 0, 1)


def low_light(image, severity, rng):
    """Take away up to five stops of light, and add photon noise. At full light, a white pixel has 1,000 photons."""
    light = image**GAMMA * 2 ** (-5 * severity)
    return (rng.poisson(1000 * light) / 1000) ** (1 / GAMMA)


def fog(image, severity, rng):
    """Add fog, with a nearly white airlight."""
    return _through_air(image, 3 * severity, color=(0.9, 0.9, 0.92), rng=rng)


def sand(image, severity, rng):
    """Add a haze in the color of sand, and grainy noise."""
    hazy = _through_air(image, 2.2 * severity, color=(0.76, 0.6, 0.38), rng=rng)
    return hazy + 0.05 * severity * rng.normal(size=image.shape[:2])[..., None]


def rain(image, severity, rng):
    """Add a slight haze, and bright streaks that all have one direction."""
    drops = rng.random(image.shape[:2]) < 0.012 * severity
    streaks = gaussian_filter(drops.astype(float), (image.shape[0] / 25, 0.5))
    streaks = rotate(streaks, rng.uniform(-20, 20), mode="wrap") * image.shape[0] / 5
    hazy = _through_air(image, 0.8 * severity, color=(0.6, 0.62, 0.65), rng=rng)
    return hazy + (0.9 - hazy) * np.clip(streaks, 0, 0.5)[..., None]


def snow(image, severity, rng):
    """Brighten the image, and add flakes of three sizes. The larger flakes are fewer."""
    covered = np.zeros(image.shape[:2])
    for size, count in ((0.5, 0.03), (1.0, 0.01), (2.0, 0.003)):
        flakes = (rng.random(covered.shape) < count * severity).astype(float)
        covered += gaussian_filter(flakes, size) * (2 * np.pi * size**2)
    bright = image + 0.35 * severity * (1 - image)
    return bright + (1 - bright) * np.clip(covered, 0, 1)[..., None]


def contrast(image, severity, rng):
    """Lower the contrast: pull all values toward the mean of the image."""
    return image + (1 - 0.15 ** (severity * 1.2)) * (image.mean() - image)


def brightness(image, severity, rng):
    """Overexpose the image by up to two stops."""
    return (image**GAMMA * 4**severity) ** (1 / GAMMA)


CORRUPTIONS = {function.__name__: function for function in (low_light, fog, rain, sand, snow, contrast, brightness)}


def _through_air(image, density, *, color, rng):
    height, width, _ = image.shape
    field = gaussian_filter(rng.normal(size=(height, width)), height / 6, mode="wrap")
    field = (field - field.min()) / np.ptp(field)
    depth = 0.5 * field + 0.5 * np.linspace(1, 0, height)[:, None]
    transmission = np.exp(-density * (0.3 + depth))[..., None]
    return image * transmission + np.array(color) * (1 - transmission)
