"""What a test's page opens with: a few figures by what they say, each with its distribution and its baseline."""

from html import escape
from itertools import groupby

import numpy as np

from reports.distribution import distribution_svg, three_digits

# The metrics, in this order, and what each family of them asks. A page has those that were measured.
OPENING = ("rgb_w1", "emd_output", "ssim_content", "ssim", "delta_e", "fid")
QUESTIONS = {
    "color": "Are these the reference's colors?",
    "structure": "Is the structure kept?",
    "likeness": "Is it like the target?",
    "distribution": "Do all outputs look real?",
}


def opening_figures(values, set_metrics, explained):
    """The figures as HTML, a section a family.

    Args:
        values: a dict of a metric's name to its values, one an image; None where one is not finite.
        set_metrics: a dict of a metric's name to its value for the whole set.
        explained: as `metrics.explain` gives it.
    """
    names = [name for name in OPENING if name in set_metrics or None not in values.get(name, [None])]
    families = groupby(names, lambda name: explained[name]["family"])
    return "\n".join(
        _family(family, [_figure(name, values, set_metrics, row=explained[name]) for name in members])
        for family, members in families
    )


def _family(family, figures):
    return (
        f'<section class="card family" style="--count: {len(figures)}"><h2>{family.capitalize()} '
        f"<span>{QUESTIONS[family]}</span></h2>{''.join(figures)}</section>"
    )


def _figure(name, values, set_metrics, *, row):
    if name in values:
        figure, chart = np.mean(values[name]), _chart(values[name], values.get(row["baseline"]), row["better"])
    else:
        figure, chart = set_metrics[name], "<p>one figure of the whole set</p>"
    return (
        f'<div class="figure"><p><strong>{three_digits(figure)}</strong></p><p><b>{escape(name)}</b> '
        f'{row["better"]} is better</p>{chart}<p class="text">{escape(row["text"])}</p></div>'
    )


def _chart(values, base, better):
    if base is None:
        return distribution_svg(values)
    sign = 1 if better == "higher" else -1
    count = np.sum(sign * np.subtract(values, base) > 0)
    text = f"source {three_digits(np.mean(base))}, beaten in {count} of {len(values)} images"
    return f'{distribution_svg(values, np.mean(base))}<p class="base"><i aria-hidden="true"></i>{text}</p>'
