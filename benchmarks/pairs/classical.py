"""Classical methods of color transfer. Each takes a source and a reference, RGB float ``[h, w, 3]`` in [0, 1]."""

import numpy as np
from scipy.linalg import sqrtm
from scipy.ndimage import uniform_filter
from scipy.stats import special_ortho_group
from skimage.color import lab2rgb, rgb2lab
from skimage.exposure import match_histograms

ROTATIONS = 30
RADIUS, EPSILON = 8, 0.01  # the guided filter's, the radius in pixels


def source_itself(source, _):
    return source


def reinhard(source, reference):
    """Match the means and standard deviations of L, a and b (Reinhard et al. 2001, here in CIE Lab)."""
    lab, wanted = rgb2lab(source), rgb2lab(reference)
    scale = wanted.std((0, 1)) / np.maximum(lab.std((0, 1)), 1e-6)
    return np.clip(lab2rgb((lab - lab.mean((0, 1))) * scale + wanted.mean((0, 1))), 0, 1)


def monge_kantorovich(source, reference):
    """Match the mean and covariance of RGB by the Monge-Kantorovich linear map (Pitié and Kokaram 2007)."""
    colors, wanted = source.reshape(-1, 3), reference.reshape(-1, 3)
    covariance, wanted_covariance = (np.cov(x, rowvar=False) + 1e-6 * np.eye(3) for x in (colors, wanted))
    root = np.real(sqrtm(covariance))
    inverse = np.linalg.inv(root)
    matrix = inverse @ np.real(sqrtm(root @ wanted_covariance @ root)) @ inverse
    return np.clip((source - colors.mean(0)) @ matrix + wanted.mean(0), 0, 1)


def histogram_matching(source, reference):
    """Match the cumulative histograms of R, G and B, each by itself."""
    return match_histograms(source, reference, channel_axis=-1)


def compound(source, reference):
    """Match histograms, then covariances, then histograms: color-matcher's ``hm-mkl-hm`` (Hahne and Aggoun 2021)."""
    matched = histogram_matching(source, reference)
    return histogram_matching(monge_kantorovich(matched, reference), reference)


def iterative_distribution_transfer(source, reference):
    """Match histograms exactly along the axes of 30 random rotations in turn (Pitié, Kokaram and Dahyot 2007)."""
    colors, wanted = source.reshape(-1, 3).copy(), reference.reshape(-1, 3)
    for rotation in special_ortho_group.rvs(3, ROTATIONS, random_state=0):
        moved, goal = colors @ rotation, np.sort(wanted @ rotation, axis=0)
        places = (np.arange(len(colors)) + 0.5) * len(goal) / len(colors) - 0.5
        for axis in range(3):
            order = np.argsort(moved[:, axis], kind="stable")
            moved[order, axis] = np.interp(places, np.arange(len(goal)), goal[:, axis])
        colors = moved @ rotation.T
    return np.clip(colors.reshape(source.shape), 0, 1)


def filtered_distribution_transfer(source, reference):
    """Apply `iterative_distribution_transfer`, but smooth the change of colors, except at the source's edges."""
    change = iterative_distribution_transfer(source, reference) - source
    return np.clip(source + guided_filter(source, change), 0, 1)


def guided_filter(guide, image):
    """Filter each channel, guided by the same channel of ``guide`` (He, Sun and Tang 2010)."""

    def mean(values):
        return uniform_filter(values, (2 * RADIUS + 1, 2 * RADIUS + 1, 1), mode="reflect")

    covariance = mean(guide * image) - mean(guide) * mean(image)
    variance = mean(guide**2) - mean(guide) ** 2
    slope = covariance / (variance + EPSILON)
    return mean(slope) * guide + mean(mean(image) - slope * mean(guide))


METHODS = {
    "source": source_itself,
    "Reinhard": reinhard,
    "Monge-Kantorovich (mkl)": monge_kantorovich,
    "matching of R, G, B": histogram_matching,
    "hm-mkl-hm": compound,
    "iterative distribution transfer (IDT)": iterative_distribution_transfer,
    "IDT, guided filter": filtered_distribution_transfer,
}
