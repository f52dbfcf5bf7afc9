"""What docs/options.md says of the colors beyond the range of YUV, computed from BT.601's matrix in float64."""

import numpy as np

from tests.commands import ROOT
from utils.colors import to_network

RGB_TO_YUV = np.array(
    [[0.299, 0.587, 0.114], [-0.14714119, -0.28886916, 0.43601035], [0.61497538, -0.51496512, -0.10001026]]
)
ZERO = np.array([1, 0, 0])  # minus the network's values of black
RED, CYAN = np.eye(3)[0], 1 - np.eye(3)[0]


def in_network(rgb):
    return rgb @ RGB_TO_YUV.T * 2 - ZERO


def test_the_figures_in_the_documentation_are_those_of_all_8_bit_colors():
    text = " ".join((ROOT / "docs" / "options.md").read_text().split())
    levels = np.arange(256) / 255
    beyond = [np.abs(2 * sum(np.meshgrid(*(row[:, None] * levels), sparse=True))) > 1 for row in RGB_TO_YUV[1:]]
    assert not beyond[0].any()
    red = in_network(RED)
    made = (np.clip(red, -1, 1) + ZERO) / 2 @ np.linalg.inv(RGB_TO_YUV).T
    r, g, b = np.round(255 * np.clip(made, 0, 1)).astype(int)
    for figure in (
        f"V, which reaches {red[2]:.2f} for pure red and {in_network(CYAN)[2]:.2f} for pure cyan",
        f"{100 * beyond[1].mean():.1f} % of all 8-bit colors",
        f"red, (255, 0, 0), becomes ({r}, {g}, {b})",
        f"{red[2]:.2f} shares a bin with {2 - red[2]:.2f}",
    ):
        assert figure in text, figure
    np.testing.assert_allclose(to_network(np.float32(RED), "yuv"), red, atol=1e-4)


def test_the_other_color_spaces_stay_in_the_range():
    assert "`--color_space rgb`, `hsv` and `lab` have no such colors" in (ROOT / "docs" / "options.md").read_text()
    levels = np.linspace(0, 1, 33, dtype=np.float32)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1)
    for space in ("rgb", "hsv", "lab"):
        assert np.abs(to_network(cube, space)).max() <= 1 + 1e-5, space
