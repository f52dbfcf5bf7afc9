"""The page of the results: a table, a sheet of images and a chart for each kind of looks."""

import numpy as np
from matplotlib.figure import Figure

from benchmarks.looks.measures import COLUMNS
from benchmarks.pages import head, image_path, row
from benchmarks.pairs import save_chart

SHOWN = ("Monge-Kantorovich (mkl)", "hm-mkl-hm", "IDT, guided filter", "our fit", "looks, one pass")
ROWS = 4  # cases in the sheet of each kind
BEST = ("dE00", "consistency")  # the columns on the axes of the chart
AXES = ("color difference to the right answer (CIEDE2000, less is better)", "spread of one color (Lab, less is better)")


def table(figures):
    """Return the figures of the methods, ``{name: values}``, as a Markdown table."""
    columns = [*COLUMNS, "seconds"]
    rows = [row(name, *(f"{value:.2f}" for value in values)) for name, values in figures.items()]
    return "\n".join([head("method", *columns), *rows])


def write_part(page, kind, *, figures, setting):
    """Write the part of the page for one kind of looks.

    Args:
        page: a `benchmarks.pages.Page`.
        kind: the kind, which is also the part's name: ``"looks"`` or ``"filters"``.
        figures: ``{method: [values of COLUMNS..., seconds]}``.
        setting: a line of text that says what was measured.
    """
    page.write(kind, f"{setting}\n\n{table(figures)}")


def write_images(path, kind, *, chosen, outputs, figures):
    """Draw the sheet and the chart of one kind of looks, and save them in the page's folder of images.

    Args:
        path: path of the page.
        kind: as in `write_part`.
        chosen: a list of `Case`.
        outputs: ``{method: [output, ...]}``.
        figures: as in `write_part`.
    """
    draw_sheet(chosen, outputs).savefig(image_path(path, f"{kind}.jpg"), dpi=110, pil_kwargs={"quality": 88})
    places = [COLUMNS.index(name) for name in BEST]
    points = {name: tuple(values[place] for place in places) for name, values in figures.items()}
    save_chart(image_path(path, f"{kind}-chart.png"), points, axes=AXES)


def draw_sheet(chosen, outputs):
    """Draw source, reference, the outputs of SHOWN and the right answer, one row per case."""
    numbers = np.linspace(0, len(chosen) - 1, min(ROWS, len(chosen))).astype(int)
    names = [name for name in SHOWN if name in outputs]
    height, width = chosen[0].source.shape[:2]
    size = (1.2 * (len(names) + 3), (1.15 * height / width + 0.05) * len(numbers) + 0.4)
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(len(numbers), len(names) + 3, squeeze=False)
    for line, number in zip(panels, numbers, strict=True):
        case = chosen[number]
        images = [case.source, case.reference, *(outputs[name][number] for name in names), case.target]
        for panel, image in zip(line, images, strict=True):
            panel.imshow(image)
            panel.axis("off")
    for panel, title in zip(panels[0], ["source", "reference", *names, "right answer"], strict=True):
        panel.set_title(title.replace(" (", "\n(").replace(", ", ",\n"), fontsize=7)
    return figure
