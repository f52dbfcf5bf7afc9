"""The chart of a metric's distribution over all images, with its mean and the baseline's mean."""

import numpy as np

_BINS = 20
_WIDTH, _HEIGHT, _TOP, _BOTTOM = 240, 78, 6, 16  # the bottom margin holds the numbers below the bars


def distribution_svg(values, baseline=None):
    """Draw a histogram with a line at the mean and a dashed line at the baseline's mean, and return the SVG text.

    web/gallery.css sets the colors (``.bar``, ``.mean`` and ``.base``).

    Args:
        values: the metric's values, one per image.
        baseline: the baseline's mean, or None if there is no baseline.
    """
    values = np.asarray(values, float)
    marks = {"mean": values.mean()} | ({} if baseline is None else {"base": baseline})
    low, high = min(values.min(), *marks.values()), max(values.max(), *marks.values())
    if low == high:  # for example, if there is a single image
        low, high = low - 0.5, high + 0.5
    counts, _ = np.histogram(values, _BINS, (low, high))
    length, floor = _WIDTH / _BINS, _HEIGHT - _BOTTOM
    scale = (floor - _TOP) / counts.max()
    bars = "".join(
        f'<rect class="bar" x="{place * length + 0.5:.1f}" y="{floor - count * scale:.1f}" width="{length - 1:.1f}" '
        f'height="{count * scale:.1f}"/>'
        for place, count in enumerate(counts)
        if count
    )
    lines = "".join(_line(name, _WIDTH * (mark - low) / (high - low)) for name, mark in marks.items())
    ends = " to ".join(three_digits(value) for value in (values.min(), values.max()))
    label = f"distribution over {len(values)} images, from {ends}"
    return (
        f'<svg class="distribution" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">{bars}'
        f'<path class="axis" d="M0 {floor}H{_WIDTH}"/>{lines}'
        f'<text x="0" y="{_HEIGHT - 3}">{three_digits(low)}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT - 3}" text-anchor="end">{three_digits(high)}</text></svg>'
    )


def _line(name, x):
    return f'<path class="{name}" d="M{min(max(x, 1), _WIDTH - 1):.1f} 0V{_HEIGHT - _BOTTOM}"/>'


def three_digits(value):
    """Format a number with three significant digits: 0.0410, 0.940, 27.0, 123."""
    return f"{value:#.3g}".rstrip(".")
