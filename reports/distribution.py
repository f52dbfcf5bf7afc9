"""The chart of a metric's values over all images: their distribution, its mean, and that of a baseline."""

import numpy as np

_BINS = 20
_WIDTH, _HEIGHT, _TOP, _BOTTOM = 240, 78, 6, 16  # the numbers below the bars take the bottom


def distribution_svg(values, baseline=None):
    """A histogram of 20 bars with a line at the mean, and a dashed one at the baseline's mean: SVG text.

    Its colors are the page's (``.bar``, ``.mean`` and ``.base`` in web/gallery.css).

    Args:
        values: a metric of each image.
        baseline: a number.
    """
    values = np.asarray(values, float)
    marks = {"mean": values.mean()} | ({} if baseline is None else {"base": baseline})
    low, high = min(values.min(), *marks.values()), max(values.max(), *marks.values())
    if low == high:  # of one image, say
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
    """A number as text: 0.0410, 0.940, 27.0, 123."""
    return f"{value:#.3g}".rstrip(".")
