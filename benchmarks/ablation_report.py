"""The table and the sheet of images of benchmarks/ablation.py."""

import matplotlib.pyplot as plt
import numpy as np
from skimage.io import imread

from benchmarks.chart import save_chart
from benchmarks.methods import classical_methods
from benchmarks.pairs import measure

IMAGES = 3  # of each task in the sheet
INTRODUCTION = """# What each loss brings

Written by `python -m benchmarks.ablation`. Figures are means over held-out images, each with its own reference (the
target where the task has one) and with an exemplar (another test image). EMD is the Earth Mover's Distance of order 1
between the histograms of output and reference, as a fraction of the channel's range (`emd_output` of test.py). MI is
the mutual information of luminance with the content, in nats, and SSIM is that of luminance with the content. The
content is the target in paired tasks and the source in color_transfer, whose own references are other images too. PSNR
is to the target, in dB. rgb_w1 is the distance of all colors, R, G and B together (test.py). Minutes are those of
training, while other work ran on the machine. `released` is tested as it is trained, with batch statistics and dropout,
the others without.
"""
SHEET = "![held-out images in the colors of exemplars]({})\n"
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


def write_table(path, results):
    """A Markdown table, a section a task; the first row of each is the source itself."""
    lines = [INTRODUCTION, SHEET.format(path.with_suffix(".png").name)]
    for task in dict.fromkeys(result["task"] for result in results):
        of_task = [result for result in results if result["task"] == task]
        lines += [f"## {task}", "", _row(["", "steps", "minutes", *COLUMNS]), _row(["---"] * (len(COLUMNS) + 3))]
        lines.append(_row(["the source itself", "", "", *_cells(of_task[0]["metrics"], "source")]))
        for result in of_task:
            figures = _cells(result["metrics"], "output")
            lines.append(_row([result["network"], result["steps"], f"{result['minutes']:.0f}", *figures]))
        lines.append("")
    path.write_text("\n".join(lines))


def _row(cells):
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _cells(metrics, of):
    """A row's figures, of the ``output`` or of the ``source``; of the source, only distances."""
    for reference, names in COLUMNS.values():
        distances = {name: name.replace("emd_output", "emd_source") for name in names if name.startswith("emd")}
        distances |= {"rgb_w1": "rgb_w1_source"}
        wanted = names if of == "output" else [distances.get(name) for name in names]
        values = [metrics[reference].get(name) for name in wanted]
        yield "" if None in values else f"{np.mean(values):.3f}"


def write_chart(path, results):
    """rgb_w1 against SSIM of color_transfer with exemplars: each network's longest run, and classical methods."""
    runs = [result for result in results if result["task"] == "color_transfer"]
    figures = {}
    for result in sorted(runs, key=lambda result: result["steps"]):
        means = result["metrics"]["exemplar"]
        figures[result["network"]] = means["rgb_w1"], means["ssim_content"]
    images = runs[0]["folder"] / "exemplar" / "images"
    stems = sorted(file.name.removesuffix("_output.png") for file in images.glob("*_output.png"))
    pairs = [[imread(images / f"{stem}_{label}.png") for label in ("source", "reference")] for stem in stems]
    for name, method in classical_methods().items():
        figures[name] = measure([method(*pair) for pair in pairs], pairs)
    save_chart(path, figures)


def write_sheet(path, results):
    """Held-out images in the colors of exemplars: a task's networks are its columns, the longest run of each."""
    tasks = {}
    for result in sorted(results, key=lambda result: result["steps"]):
        tasks.setdefault(result["task"], {})[result["network"]] = result
    width = 2 + max(map(len, tasks.values()))
    size = 1.3 * width, 4.3 * len(tasks)
    figure, axes = plt.subplots(len(tasks) * IMAGES, width, figsize=size, layout="constrained")
    for axis in axes.flat:
        axis.set_axis_off()
    for number, networks in enumerate(tasks.values()):
        columns, any_run = ["source", "exemplar", *networks], next(iter(networks.values()))
        block = axes[number * IMAGES :, : len(columns)]
        for row, stem in zip(block, _stems(any_run), strict=False):
            for axis, column in zip(row, columns, strict=True):
                label = {"source": "source", "exemplar": "reference"}.get(column, "output")
                shown = networks.get(column, any_run)
                axis.imshow(imread(shown["folder"] / "exemplar" / "images" / f"{stem}_{label}.png"))
        for axis, column in zip(block[0], columns, strict=True):
            steps = f"\n{networks[column]['steps']} steps" if column in networks else "\n"
            axis.set_title(column.replace(", ", ",\n").replace("without ", "without\n") + steps, fontsize=7)
    figure.savefig(path, dpi=100)
    plt.close(figure)


def _stems(result):
    """The names of some test images of a run, evenly spread."""
    names = sorted(file.stem.removesuffix("_output") for file in (result["folder"] / "exemplar").rglob("*_output.png"))
    return [names[round(position)] for position in np.linspace(0, len(names) - 1, IMAGES)]
