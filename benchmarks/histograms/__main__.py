"""Measure the cost of histogram losses and their gradient: the released dense formula, ours, kornia and MONAI.

    python -m benchmarks.histograms                            # ten minutes; prints a table, draws histograms.png
    python -m benchmarks.histograms --torch PYTHON             # adds kornia and MONAI; PYTHON is their interpreter
    python -m benchmarks.histograms --sizes 256 --bins 256     # only the settings of the paper

A batch has four color photographs. Content, reference and output are different images. Each measurement runs in a new
process. The seconds are the median of three or more calls after the first. The memory is the rise of the peak resident
memory during the first call. Errors are relative to the result in float64, for one channel of one image, at 256 x 256
pixels or less. The row "networks" is a training step of U-Net and PatchGAN without histograms. Methods that keep
dense maps are skipped if the maps would not fit into memory. For kornia and MONAI, run
`pip install -r requirements-bench.txt` in a separate environment.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import skimage.data
from matplotlib.figure import Figure
from skimage.color import rgb2yuv
from skimage.filters import gaussian
from skimage.transform import resize

from benchmarks.commands import ROOT

CONTENTS = ("astronaut", "chelsea", "immunohistochemistry", "rocket")
REFERENCES = ("coffee", "hubble_deep_field", "retina", "stereo_motorcycle")
OURS = ("ours", "ours, XLA")
TORCH = ("kornia", "MONAI")
HEAD = "     pixels  bins  method       seconds   speed       MB  loss error  gradient error"
DENSE_MAPS = 10  # maps of pixels x bins that the released formula keeps


def main():
    args = parse()
    methods = ["released", *OURS, *(TORCH if args.torch else [])]
    settings = [(size, 256) for size in args.sizes] + [(256, bins) for bins in args.bins if bins != 256]
    print(HEAD)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size, bins in settings:
            images = Path(folder) / f"{size}.npz"
            np.savez(images, **photographs(size))
            for method in methods + (["networks"] if (size, bins) == (256, 256) else []):
                measured = measurement(method, images, size=size, bins=bins, torch=args.torch)
                rows.append({"size": size, "bins": bins, "method": method, **measured})
                print(line(rows), flush=True)
    plot(rows, args.plot)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[64, 128, 256, 512, 1024, 2048], help="sides in pixels, with 256 bins"
    )
    parser.add_argument(
        "--bins", type=int, nargs="*", default=[32, 64, 128, 256], help="numbers of bins, measured at 256 x 256 pixels"
    )
    parser.add_argument("--torch", metavar="PYTHON", help="Python interpreter of an environment with kornia and MONAI")
    parser.add_argument("--plot", default="histograms.png", help="file for a plot of seconds and memory")
    return parser.parse_args()


def photographs(size):
    """Return content, reference and output: float32 YUV [4, size, size, 3], mostly in [-1, 1], as for the networks."""
    content, wanted = (
        np.stack([resize(skimage_photograph(name), (size, size), anti_aliasing=True) for name in names])
        for names in (CONTENTS, REFERENCES)
    )
    output = 0.8 * gaussian(content, sigma=(0, 2, 2, 0)) + 0.2 * wanted[::-1]
    yuv = (rgb2yuv(image) * 2 - (1, 0, 0) for image in (content, wanted, output))
    return dict(zip(("content", "wanted", "output"), map(np.float32, yuv), strict=True))


def skimage_photograph(name):
    image = getattr(skimage.data, name)()
    return image[0] if name == "stereo_motorcycle" else image


def measurement(method, images, *, size, bins, torch):
    """Measure in a new process, and return the dict that it prints, or {} if dense maps would not fit into memory."""
    if method not in (*OURS, "networks") and DENSE_MAPS * 4 * 3 * size**2 * bins * 4 > free_memory():
        return {}
    python, module = (Path(torch).absolute(), "with_torch") if method in TORCH else (sys.executable, "with_tensorflow")
    command = [python, "-m", f"benchmarks.histograms.{module}", method, images, str(bins)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def free_memory():
    fields = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return int(fields["MemAvailable"].split()[0]) * 1024


def line(rows):
    """Format the last row for the table. Its speed is relative to the released formula at the same size and bins."""
    row = rows[-1]
    start = f"{'4x{0}x{0}'.format(row['size']):>11}{row['bins']:>6}  {row['method']:<11}"
    if "seconds" not in row:
        return start + "  does not fit"
    base = next(r for r in rows if (r["size"], r["bins"]) == (row["size"], row["bins"])).get("seconds")
    speed = f"{base / row['seconds']:.1f}x" if base else "-"
    errors = ((row.get("loss_error"), 12), (row.get("gradient_error"), 16))
    shown = "".join(f"{'-':>{width}}" if error is None else f"{error:>{width}.1e}" for error, width in errors)
    return f"{start}{row['seconds']:>9.3f}{speed:>8}{row['megabytes']:>9.0f}{shown}"


def plot(rows, path):
    """Plot the seconds and the memory over the size of the images."""
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    axes = figure.subplots(1, 2)
    shown = [row for row in rows if row["bins"] == 256 and "seconds" in row and row["method"] != "networks"]
    for axis, key, unit in zip(axes, ("seconds", "megabytes"), ("seconds", "MB of memory"), strict=True):
        for method in dict.fromkeys(row["method"] for row in shown):
            points = [(row["size"], row[key]) for row in shown if row["method"] == method]
            axis.plot(*zip(*points, strict=True), marker="o", label=method)
        axis.set(xscale="log", yscale="log", xlabel="side in pixels (batch 4, 3 channels, 256 bins)", ylabel=unit)
        sizes = sorted({row["size"] for row in shown})
        axis.set_xticks(sizes, sizes, minor=False)
        axis.minorticks_off()
        axis.grid(alpha=0.3)
    axes[0].legend()
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main()
