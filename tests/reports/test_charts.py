"""Small charts: reduced histograms keep their mass, and the charts show the histograms."""

import re

import numpy as np

from reports.charts import histogram_svg, joint_heat_map, reduced


def test_reduced_histograms_keep_their_mass(rng):
    for bins in (256, 250, 64, 10):
        histogram = rng.dirichlet(np.ones(bins), 3)
        small = reduced(histogram)
        assert small.shape == (3, min(bins, 64))
        np.testing.assert_allclose(small.sum(-1), 1)
    np.testing.assert_allclose(reduced(rng.dirichlet(np.ones(256), 2) * 0 + 1), 4)


def test_the_svg_has_a_curve_per_channel_and_image(rng):
    histograms = {"reference": rng.dirichlet(np.ones(64), 2), "output": rng.dirichlet(np.ones(64), 2)}
    svg = histogram_svg(histograms, ("u", "v"))
    curves = re.findall(r'points="([^"]*)"', svg)
    assert len(curves) == 4 and re.findall(r">([uv])<", svg) == ["u", "v"]
    for curve, histogram in zip(
        curves, [histograms[n][c] for c in (0, 1) for n in ("reference", "output")], strict=True
    ):
        heights = [60 - float(point.split(",")[1]) for point in curve.split()[1:-1]]
        assert np.argmax(heights) == np.argmax(histogram)
        assert np.corrcoef(heights, histogram)[0, 1] > 0.999


def test_the_heat_map_is_bright_where_the_mass_is():
    joint = np.zeros([2, 256, 256])
    joint[0, 40, 200] = joint[1, 128, 4] = 1
    image = joint_heat_map(joint).astype(int)
    assert (image[:, 64:68] == 0).all() and (np.delete(image, range(64, 68), 1)[..., 3] == 255).all()  # a clear gap
    image = image[..., :3].sum(-1)
    assert image.shape == (64, 64 + 4 + 64)
    assert image[10, 50] > image[:, :64].mean() + 300 and image[32, 68 + 1] > image[:, 68:].mean() + 300
