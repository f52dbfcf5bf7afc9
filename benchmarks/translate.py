"""Measure the cost of translating one image at several sizes: seconds and peak memory of HDRNet, U-Net and ResNet.

    python -m benchmarks.translate     # writes docs/translate.md and its figure; about ten minutes on two CPU cores

Each process measures one generator at one size: it translates an 8-bit image with the histogram of another one. The
weights are random, because they do not affect the cost. The U-Net and the ResNet are built for the size of the image.
The memory for a size is predicted from the size before. If it exceeds --gigabytes, that size and larger ones are left
out.
"""

import argparse
import json
import multiprocessing
import os
import resource
import time
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.commands import ROOT
from benchmarks.pages import Page, head, image_path, row
from utils import exit_on_user_error

GENERATORS = {"HDRNet": "hdrnet", "U-Net": "unet", "ResNet": "resnet"}
SIZES = {
    "256": (256, 256),
    "512": (512, 512),
    "1,024": (1024, 1024),
    "2,048": (2048, 2048),
    "4K": (2176, 3840),
    "8K": (4352, 7680),
}  # multiples of 32, as the U-Net needs
QUICK = 10  # seconds; if a call takes longer, it is not repeated


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=14, help="memory limit per process (default: %(default)s)")
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs", help="folder of the page and its figure")
    args = parser.parse_args()
    page = Page(args.docs_dir / "translate.md", ["cost"], "python -m benchmarks.translate")
    figures = {label: measure_sizes(label, args.gigabytes) for label in GENERATORS}
    page.write("cost", table(figures, args.gigabytes))
    draw(figures).savefig(image_path(args.docs_dir / "translate.md", "cost.png"), dpi=100)


def measure_sizes(label, most_gigabytes):
    """Measure a generator at each size: ``{size: {"seconds", "gigabytes"}}``."""
    found = {}
    gigabytes, pixels = 0, 0  # those of the previous size
    for name, size in SIZES.items():
        if gigabytes * size[0] * size[1] > most_gigabytes * pixels:
            break
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            found[name] = pool.apply(measure, (GENERATORS[label], size))
        gigabytes, pixels = found[name]["gigabytes"], size[0] * size[1]
        print(label, name, json.dumps(found[name]), flush=True)
    return found


def measure(generator, size):
    """Return the seconds of one call, and the peak memory of this process, which must do nothing else."""
    import numpy as np
    import skimage.data

    import config
    import engine
    from utils.images import resize

    options = config.load(
        "color_transfer", generator=generator, img_h=size[0], img_w=size[1], color_space="rgb", encoder="dense"
    )
    translator = engine.make_translator(engine.build_model(options, terms=("adversarial",)), options)
    source, reference = (resize(image, size)[None] for image in (skimage.data.coffee(), skimage.data.chelsea()))
    histogram = translator.histogram(reference[:, :256, :256])
    seconds = []
    for _ in range(4):
        start = time.perf_counter()
        assert translator.translate(source, histogram).numpy().dtype == np.uint8
        seconds.append(time.perf_counter() - start)
        if seconds[-1] > QUICK:
            break
    return {"seconds": min(seconds), "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20}


def table(figures, gigabytes):
    """Return the figures as a Markdown table. ``gigabytes`` is the memory limit of a process."""
    lines = [
        f"{os.cpu_count()} CPU cores; an empty cell would take more than {gigabytes:g} GB\n",
        head("size", *(f"{label}, {unit}" for label in figures for unit in ("s", "GB"))),
    ]
    for name, (height, width) in SIZES.items():
        cells = []
        for measured in figures.values():
            found = measured.get(name)
            cells += [f"{found['seconds']:.2f}", f"{found['gigabytes']:.1f}"] if found else ["", ""]
        lines.append(row(f"{height}x{width}", *cells))
    return "\n".join(lines)


def draw(figures):
    """Plot the seconds and the gigabytes over the number of pixels."""
    figure = Figure(figsize=(10, 4), layout="constrained")
    for panel, (key, title) in zip(
        figure.subplots(1, 2), {"seconds": "seconds", "gigabytes": "peak memory (GB)"}.items(), strict=True
    ):
        for label, measured in figures.items():
            pixels = [SIZES[name][0] * SIZES[name][1] / 1e6 for name in measured]
            panel.loglog(pixels, [each[key] for each in measured.values()], "o-", label=label)
        panel.set_xticks([size[0] * size[1] / 1e6 for size in SIZES.values()], SIZES, minor=False)
        panel.set_xticks([], minor=True)
        panel.set(xlabel="size of the image", ylabel=title)
        panel.grid(color="0.9")
    figure.axes[0].legend()
    return figure


if __name__ == "__main__":
    with exit_on_user_error():
        main()
