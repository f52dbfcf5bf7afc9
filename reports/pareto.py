"""A Pareto chart with one point per run: x is a color distance, where lower is better; y is a structural similarity."""

from html import escape

from matplotlib.ticker import MaxNLocator

_WIDTH, _HEIGHT = 520, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 16, 46  # margins
_LINE = 17  # the height of a label


def pareto_front(points):
    """Return the labels of the points on the Pareto front, sorted by x.

    The front consists of the points that are not dominated. A point is dominated if another one is at least as good in
    both coordinates and better in one.

    Args:
        points: ``{label: (x, y)}``. Lower x and higher y are better.
    """

    def dominated(point):
        return any(other != point and other[0] <= point[0] and other[1] >= point[1] for other in points.values())

    return sorted((label for label, point in points.items() if not dominated(point)), key=points.get)


def pareto_svg(points, names):
    """Return the chart as SVG text, with a line through the front. web/comparison.css sets the colors.

    Args:
        points: ``{label: (x, y)}``, as in `pareto_front`.
        names: names of the x axis and the y axis.
    """
    (x_ticks, to_x), (y_ticks, to_y) = (
        _axis([point[place] for point in points.values()], ends)
        for place, ends in enumerate([(_LEFT, _WIDTH - _RIGHT), (_HEIGHT - _BOTTOM, _TOP)])
    )
    places = {label: (to_x(x), to_y(y)) for label, (x, y) in points.items()}
    front = pareto_front(points)
    grid = "".join(
        f'<path class="grid" d="M{to_x(tick):.1f} {_TOP}V{_HEIGHT - _BOTTOM}"/>'
        f'<text x="{to_x(tick):.1f}" y="{_HEIGHT - _BOTTOM + 17}" text-anchor="middle">{tick:.4g}</text>'
        for tick in x_ticks
    ) + "".join(
        f'<path class="grid" d="M{_LEFT} {to_y(tick):.1f}H{_WIDTH - _RIGHT}"/>'
        f'<text x="{_LEFT - 8}" y="{to_y(tick) + 4:.1f}" text-anchor="end">{tick:.4g}</text>'
        for tick in y_ticks
    )
    (first_x, first_y), *others = (places[label] for label in front)
    steps = f"M{first_x:.1f} {first_y:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in others)
    axes = (
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">{escape(names[0])}: lower is better ←</text>'
        f'<text x="{_LEFT + 8}" y="{_TOP + 4}">↑ {escape(names[1])}: higher is better</text>'
    )
    spoken = "; ".join(f"{label}: {names[0]} {x:.4f}, {names[1]} {y:.4f}" for label, (x, y) in points.items())
    return (
        f'<svg class="pareto" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(spoken)}">{grid}'
        f'<path class="front" d="{steps}"/>{_marks(places, front)}{axes}</svg>'
    )


def _axis(values, ends):
    """Return the ticks of an axis, and a function that maps a value to a position between ``ends``, with a margin."""
    low, high = min(values), max(values)
    margin = (high - low) * 0.15 or abs(high) * 0.1 or 1
    low, high = low - margin, high + margin
    ticks = [tick for tick in MaxNLocator(5).tick_values(low, high) if low <= tick <= high]
    return ticks, lambda value: ends[0] + (value - low) / (high - low) * (ends[1] - ends[0])


def _marks(places, front):
    """Draw each run's point with its label beside it. A label is moved down if another one is in the way."""
    marks, taken = [], []
    for label, (x, y) in sorted(places.items(), key=lambda item: item[1][1]):
        left = x > _WIDTH / 2
        line = y + 4
        while any(side == left and abs(line - other) < _LINE for side, other in taken):
            line += 1
        taken.append((left, line))
        kind, where = ("best", "on the front") if label in front else ("dominated", "dominated by another run")
        marks.append(
            f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="5.5"><title>{escape(label)}, {where}</title></circle>'
            f'<text class="label" x="{x - 11 if left else x + 11:.1f}" y="{line:.1f}" '
            f'text-anchor="{"end" if left else "start"}">{escape(label)}</text>'
        )
    return "".join(marks)
