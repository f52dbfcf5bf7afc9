"""Small charts of one image's histograms: curves as SVG, and heat maps of joint histograms."""

import numpy as np
from matplotlib import colormaps

_BINS = 64  # more bins would be invisible at this size
_WIDTH, _HEIGHT, _GAP = 128, 60, 12
_COLORS = {"reference": "#999", "output": "#c40"}
# Each chart is a separate file, so it needs its own rule for dark mode.
_STYLE = "<style>text { fill: #555 } @media (prefers-color-scheme: dark) { text { fill: #bbb } }</style>"


def reduced(histogram, bins=_BINS):
    """Reduce ``[..., K]`` to at most ``bins`` bins of nearly equal width by summing neighboring bins."""
    count = histogram.shape[-1]
    starts = np.linspace(0, count, min(bins, count), endpoint=False).astype(int)
    return np.add.reduceat(histogram, starts, axis=-1)


def histogram_svg(histograms, channels):
    """Draw two histograms over each other, one panel per channel, and return the SVG text.

    Args:
        histograms: dict with the keys ``reference`` and ``output``, each ``[C, K]``.
        channels: names of the channels.
    """
    small = {name: reduced(histogram) for name, histogram in histograms.items()}
    panels = [
        _panel(position, name, {label: histogram[position] for label, histogram in small.items()})
        for position, name in enumerate(channels)
    ]
    width = len(channels) * (_WIDTH + _GAP) - _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT + 16}" font-family="sans-serif" '
        f'font-size="10">{_STYLE}{"".join(panels)}</svg>'
    )


def _panel(position, name, curves):
    top = max(curve.max() for curve in curves.values())
    shapes = []
    for label, curve in curves.items():
        x = np.linspace(0, _WIDTH, len(curve))
        points = " ".join(f"{px:.0f},{_HEIGHT * (1 - value):.1f}" for px, value in zip(x, curve / top, strict=True))
        shapes.append(
            f'<polyline points="0,{_HEIGHT} {points} {_WIDTH},{_HEIGHT}" fill="{_COLORS[label]}" fill-opacity=".25" '
            f'stroke="{_COLORS[label]}"/>'
        )
    text = f'<text x="0" y="{_HEIGHT + 12}">{name}</text>'
    return f'<g transform="translate({position * (_WIDTH + _GAP)})">{"".join(shapes)}{text}</g>'


def joint_heat_map(joint):
    """Draw joint histograms side by side as a heat map on a logarithmic scale.

    Args:
        joint: joint histograms of content and output, ``[C, K, K]``.

    Returns:
        RGBA image, uint8 ``[64, 64 C + gaps, 4]`` (smaller if K < 64). The content's bins run from top to bottom, and
        the output's bins from left to right. The gaps are transparent.
    """
    panels = []
    for plane in joint:
        small = reduced(reduced(plane).T).T
        level = 1 + np.log10(np.maximum(small / small.max(), 1e-4)) / 4  # black at 1/10,000 of the maximum and below
        panels += [np.uint8(colormaps["magma"](level) * 255), np.zeros([len(small), 4, 4], np.uint8)]
    return np.concatenate(panels[:-1], axis=1)
