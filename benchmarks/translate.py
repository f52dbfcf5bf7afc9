"""What one image costs by its size: seconds and the process's peak memory, for HDRNet, the U-Net and the ResNet.

    python -m benchmarks.translate     # docs/translate.md and docs/translate.png; some ten minutes on two CPU cores

Each is measured in a process of its own: an image of 8 bits is translated with the histogram of another one. Weights
are random, which changes nothing. The U-Net and the ResNet are built for the image's own size. A size is left out where
the size before says that it would take more than --gigabytes.
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

GENERATORS = {"HDRNet": "hdrnet", "U-Net": "unet", "ResNet": "resnet"}
SIZES = {
    "256": (256, 256),
    "512": (512, 512),
    "1,024": (1024, 1024),
    "2,048": (2048, 2048),
    "4K": (2176, 3840),
    "8K": (4352, 7680),
}  # multiples of 32, as the U-Net needs
QUICK = 10  # seconds: a call that takes less is timed again


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gigabytes", type=float, default=14)
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs")
    args = parser.parse_args()
    figures = {}
    for label, generator in GENERATORS.items():
        figures[label] = {}
        gigabytes, pixels = 0, 0  # of the size before
        for name, size in SIZES.items():
            if gigabytes * size[0] * size[1] > args.gigabytes * pixels:
                break
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                figures[label][name] = pool.apply(measure, (generator, size))
            gigabytes, pixels = figures[label][name]["gigabytes"], size[0] * size[1]
            print(label, name, json.dumps(figures[label][name]), flush=True)
    args.docs_dir.mkdir(parents=True, exist_ok=True)
    (args.docs_dir / "translate.md").write_text(table(figures, args.gigabytes))
    draw(figures).savefig(args.docs_dir / "translate.png", dpi=100)


def measure(generator, size):
    """Seconds of one call, and the peak memory of a process that does nothing else."""
    import numpy as np
    import skimage.data

    import config
    from engine.factory import build_model, make_translator
    from utils.images import resize

    options = config.load(
        "color_transfer", generator=generator, img_h=size[0], img_w=size[1], color_space="rgb", encoder="dense"
    )
    translator = make_translator(build_model(options, terms=("adversarial",)), options)
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
    """The page of the figures, of which none was to take more than so many gigabytes."""
    lines = [
        "# What one image costs",
        "",
        f"Written by `python -m benchmarks.translate`, on {os.cpu_count()} CPU cores: seconds of one image, and peak",
        f"memory of the whole process, TensorFlow's own included. An empty cell would take more than {gigabytes:g} GB.",
        "",
        "![seconds and memory by size](translate.png)",
        "",
        f"| size | {' | '.join(f'{label}, s | {label}, GB' for label in figures)} |",
        "|---|" + "---|---|" * len(figures),
    ]
    for name, (height, width) in SIZES.items():
        cells = []
        for measured in figures.values():
            found = measured.get(name)
            cells += [f"{found['seconds']:.2f}", f"{found['gigabytes']:.1f}"] if found else ["", ""]
        lines.append(f"| {height}x{width} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def draw(figures):
    """Seconds and gigabytes by the number of pixels."""
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
    main()
