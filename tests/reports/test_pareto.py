"""The Pareto chart: its front is that of the definition, and its points and labels are where they should be."""

import re

import numpy as np
import pytest

from reports.pareto import pareto_front, pareto_svg


def read(svg):
    """The points' and the labels' places, by the runs' names."""
    circles = re.findall(r'class="(best|dominated)" cx="([\d.]+)" cy="([\d.]+)" r="5.5"><title>(\w+),', svg)
    labels = re.findall(r'class="label" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">(\w+)<', svg)
    return {name: (kind, float(x), float(y)) for kind, x, y, name in circles}, labels


def test_the_front_holds_the_points_that_are_not_dominated(rng):
    for _ in range(20):
        points = {f"r{number}": tuple(point) for number, point in enumerate(rng.integers(0, 6, [8, 2]).tolist())}
        front = pareto_front(points)
        for label, (x, y) in points.items():
            # Dominated: another one is as good in both, and better in one.
            dominated = any(a <= x and b >= y and (a < x or b > y) for a, b in points.values())
            assert (label in front) != dominated
        assert [points[label][0] for label in front] == sorted(points[label][0] for label in front)


def test_points_are_in_proportion_and_the_front_joins_the_best():
    points = {"a": (0.1, 0.5), "b": (0.2, 0.9), "c": (0.3, 0.6)}
    svg = pareto_svg(points, ("rgb_w1", "ssim"))
    places, labels = read(svg)
    assert {name: kind for name, (kind, _, _) in places.items()} == {"a": "best", "b": "best", "c": "dominated"}
    (_, ax, ay), (_, bx, by), (_, cx, cy) = (places[name] for name in "abc")
    assert bx - ax == pytest.approx(cx - bx, abs=0.2) and bx > ax  # 0.1 each
    assert (ay - by) == pytest.approx(4 * (ay - cy), abs=0.4) and by < ay  # higher is up
    assert f'class="front" d="M{ax} {ay}H{bx}V{by}"' in svg
    assert {name for *_, name in labels} == set(points)
    for text in ("rgb_w1: lower is better", "ssim: higher is better", "b: rgb_w1 0.2000, ssim 0.9000"):
        assert text in svg


def test_labels_of_near_points_do_not_lie_over_each_other(rng):
    points = {f"r{number}": tuple(0.5 + 1e-3 * rng.random(2)) for number in range(6)} | {"far": (0.9, 0.1)}
    _, labels = read(pareto_svg(points, ("x", "y")))
    for anchor in ("start", "end"):
        lines = np.sort([float(y) for _, y, side, _ in labels if side == anchor])
        assert (np.diff(lines) >= 16.9).all()
    assert len(labels) == 7


def test_one_run_has_a_chart_too_and_names_are_escaped():
    svg = pareto_svg({"<a>": (0.0, 0.5)}, ("x", "y"))
    assert "<a>" not in svg and svg.count("<circle") == 1 and "nan" not in svg
