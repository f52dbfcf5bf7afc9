"""The small chart of a distribution: its bars are the counts, its lines the means."""

import re

import numpy as np
import pytest

from reports.distribution import distribution_svg, three_digits


def read(svg):
    """The bars' places and heights, and the lines' places, by their class."""
    bars = np.array(re.findall(r'class="bar" x="([\d.]+)" y="[\d.]+" width="[\d.]+" height="([\d.]+)"', svg), float)
    lines = {name: float(x) for name, x in re.findall(r'class="(mean|base)" d="M([\d.]+) ', svg)}
    return bars, lines


def test_bars_are_the_counts_and_lines_stand_at_the_means(rng):
    values = rng.gamma(2, size=500)
    bars, lines = read(distribution_svg(values, baseline=6.0))
    counts, edges = np.histogram(values, 20)
    assert np.allclose(bars[:, 1] / bars[:, 1].max(), counts[counts > 0] / counts.max(), atol=0.01)
    place = np.interp([values.mean(), 6.0], edges, np.linspace(0, 240, 21))
    assert [lines["mean"], lines["base"]] == pytest.approx(list(place), abs=0.1)


def test_a_baseline_beyond_the_values_is_still_on_the_chart():
    bars, lines = read(distribution_svg([1.0, 2.0], baseline=5.0))
    assert lines["base"] == 239 and lines["mean"] == pytest.approx(240 / 8, abs=0.1) and bars[:, 0].max() < 240 / 4 + 12
    assert "base" not in read(distribution_svg([1.0, 2.0]))[1]


def test_one_image_has_one_bar_and_its_mean_in_it():
    bars, lines = read(distribution_svg([0.7]))
    assert len(bars) == 1 and lines == {"mean": 120} and 108 <= bars[0, 0] <= 120.5


@pytest.mark.parametrize("value,text", [(0.041, "0.0410"), (0.94, "0.940"), (27, "27.0"), (123.4, "123"), (0, "0.00")])
def test_figures_have_three_digits(value, text):
    assert three_digits(value) == text
