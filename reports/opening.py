"""The top of a test's page: its headline metrics, each with its distribution and the source's mean."""

from html import escape
from itertools import groupby

import numpy as np

from reports.distribution import distribution_svg, three_digits

# In the order of the page. A metric that was not measured is left out.
HEADLINE = ("palette", "emd_output", "ssim_content", "ssim", "delta_e", "fid")
# The families of metrics in the order of the page, each with the question that it answers.
QUESTIONS = {
    "color": "Does the output have the reference's colors?",
    "structure": "Is the structure preserved?",
    "likeness": "How close is the output to the target?",
    "distribution": "Do the outputs look like real images?",
}


def by_family(explained):
    """Sort the result of `metrics.explain` by family, in the order of the page."""
    families = list(QUESTIONS)
    return dict(sorted(explained.items(), key=lambda item: families.index(item[1]["family"])))


def headline_cards(values, set_metrics, explained):
    """Return the headline metrics as HTML, with one section per family.

    Args:
        values: ``{name: [value, ...]}``, the values of each metric, one per image. None stands for a value that is
            missing or not finite; a metric with such a value is not shown.
        set_metrics: ``{name: value}``, the metrics of the whole set of images.
        explained: the result of `metrics.explain` for all metrics.
    """
    names = [name for name in HEADLINE if name in set_metrics or None not in values.get(name, [None])]
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
        count = len(next(iter(values.values())))
        figure, chart = set_metrics[name], f"<p>one value for all {count} images</p>"
    return (
        f'<div class="figure"><p><strong>{three_digits(figure)}</strong></p><p><b>{escape(name)}</b> '
        f'{row["better"]} is better</p>{chart}<p class="text">{escape(row["text"])}</p></div>'
    )


def _chart(values, base, better):
    if base is None:
        return distribution_svg(values)
    sign = 1 if better == "higher" else -1
    count = np.sum(sign * np.subtract(values, base) > 0)
    text = f"source: {three_digits(np.mean(base))}; the output is better in {count} of {len(values)} images"
    return f'{distribution_svg(values, np.mean(base))}<p class="base">{text}</p>'
