"""The tables, the sheet of images and the chart of the ablation."""

import matplotlib.pyplot as plt
import numpy as np
from skimage.io import imread

from benchmarks.pages import head, row
from benchmarks.pairs import classical_methods, distance_and_similarity

IMAGES = 3  # rows of the sheet for each task
COLUMNS = {
    "EMD own, Y": ("own", ("emd_output_y",)),
    "EMD own, U V": ("own", ("emd_output_u", "emd_output_v")),
    "EMD exemplar, Y": ("exemplar", ("emd_output_y",)),
    "EMD exemplar, U V": ("exemplar", ("emd_output_u", "emd_output_v")),
    "MI": ("own", ("mi_y",)),
    "SSIM": ("own", ("ssim_content",)),
    "SSIM exemplar": ("exemplar", ("ssim_content",)),
    "PSNR": ("own", ("psnr",)),
    "rgb_w1 exemplar": ("exemplar", ("rgb_w1",)),
}


def table(results):
    """Return a task's results as a Markdown table. The first row is the source itself."""
    lines = [head("", "steps", "minutes", *COLUMNS)]
    lines.append(row("the source itself", "", "", *_cells(results[0]["metrics"], "source")))
    for result in results:
        figures = _cells(result["metrics"], "output")
        minutes = "" if result["minutes"] is None else f"{result['minutes']:.0f}"  # a resumed run has none
        lines.append(row(result["network"], result["steps"], minutes, *figures))
    return "\n".join(lines)


def _cells(metrics, image):
    """Yield the cells of a row for ``image``, ``"output"`` or ``"source"``. The source has only color distances."""
    for reference, names in COLUMNS.values():
        distances = {name: name.replace("emd_output", "emd_source") for name in names if name.startswith("emd")}
        distances |= {"rgb_w1": "rgb_w1_source"}
        wanted = names if image == "output" else [distances.get(name) for name in names]
        values = [metrics[reference].get(name) for name in wanted]
        yield "" if None in values else f"{np.mean(values):.3f}"


def trade_off(results):
    """Return rgb_w1 and SSIM with exemplars, for each network's longest run and for the classical methods.

    Args:
        results: of color_transfer, each with its ``folder``.

    Returns:
        ``{name: (rgb_w1, SSIM)}``.
    """
    figures = {}
    for result in sorted(results, key=lambda result: result["steps"]):
        means = result["metrics"]["exemplar"]
        figures[result["network"]] = means["rgb_w1"], means["ssim_content"]
    images = results[0]["folder"] / "exemplar" / "images"
    stems = sorted(file.name.removesuffix("_output.png") for file in images.glob("*_output.png"))
    pairs = [[imread(images / f"{stem}_{label}.png") for label in ("source", "reference")] for stem in stems]
    for name, method in classical_methods().items():
        figures[name] = distance_and_similarity([method(*pair) for pair in pairs], pairs)
    return figures


def trade_off_table(figures):
    """Return the figures of `trade_off` as a Markdown table."""
    rows = [row(name, *(f"{value:.3f}" for value in values)) for name, values in figures.items()]
    return "\n".join([head("", "rgb_w1", "SSIM"), *rows])


def write_sheet(path, results):
    """Draw held-out images translated with exemplars, one column for each network's longest run.

    Args:
        path: path of the PNG.
        results: ``{task: [result, ...]}``.
    """
    tasks = [
        {result["network"]: result for result in sorted(runs, key=lambda result: result["steps"])}
        for runs in results.values()
    ]
    width = 2 + max(map(len, tasks))
    size = 1.3 * width, 4.3 * len(tasks)
    figure, axes = plt.subplots(len(tasks) * IMAGES, width, figsize=size, layout="constrained", squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for number, networks in enumerate(tasks):
        _draw_task(axes[number * IMAGES : (number + 1) * IMAGES, : 2 + len(networks)], networks)
    figure.savefig(path, dpi=100)
    plt.close(figure)


def _draw_task(axes, networks):
    """Fill a task's rows of the sheet: source, exemplar, and each network's output."""
    columns, any_run = ["source", "exemplar", *networks], next(iter(networks.values()))
    for line, stem in zip(axes, _stems(any_run), strict=True):
        for axis, column in zip(line, columns, strict=True):
            label = {"source": "source", "exemplar": "reference"}.get(column, "output")
            folder = networks.get(column, any_run)["folder"]
            axis.imshow(imread(folder / "exemplar" / "images" / f"{stem}_{label}.png"))
    for axis, column in zip(axes[0], columns, strict=True):
        steps = f"\n{networks[column]['steps']} steps" if column in networks else "\n"
        axis.set_title(column.replace(", ", ",\n").replace("without ", "without\n") + steps, fontsize=7)


def _stems(result):
    """Return the names of IMAGES test images of a run, evenly spread over all of them."""
    names = sorted(file.stem.removesuffix("_output") for file in (result["folder"] / "exemplar").rglob("*_output.png"))
    return [names[round(position)] for position in np.linspace(0, len(names) - 1, IMAGES)]
