"""The study of loss functions for enhancement (Mustafa, You and Mantiuk): L2, L2 + VGG, L2 + HistMatch on HDRNet.

Trains each with train.py on the same pairs for the same number of steps and measures it with test.py on photographs
that are held out; then a sweep of HistMatch's weight lambda and of its kernel. Writes a page with a table and four
figures:

    python -m benchmarks.enhancement --dataroot data         # docs/enhancement.md; an hour on two CPU cores
    python -m benchmarks.enhancement --dataroot data --full  # FiveK (docs/data.md) with the study's settings, for a GPU

Without --full the targets are the photographs in dataroot's folders (--photographs). The inputs are made of them: each
is what a careless camera would have taken (datasets/sources/cameras.py). L2 + VGG is left out without --vgg_weights.
Runs that are finished are not made again: it goes on where it was stopped.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from skimage.io import imread, imsave
from tqdm import tqdm

from benchmarks.commands import ROOT, run, train
from benchmarks.enhancement_report import write_report
from benchmarks.perceptual_weight import perceptual_weight
from datasets import image_files
from datasets.sources.cameras import take
from utils import safe_name

EXPERIMENTS = {
    "L2": "enhancement_l2.yaml",
    "L2 + VGG": "enhancement_vgg.yaml",
    "L2 + HistMatch": "enhancement_histmatch.yaml",
}
BINS = 256
# HistMatch's lambda, and the ratio of bin to bandwidth; the study's own are 1 and 1000.
SWEEP = [*((weight, 1000) for weight in (1 / 256, 1 / 64, 1 / 16, 0.1, 10)), *((weight, 2.5) for weight in (1 / 64, 1))]
SETTING = {
    True: "The settings are the study's.",
    False: "The targets are photographs, and the inputs are made of them: each is what a careless camera would have "
    "taken (`datasets/sources/cameras.py`). Networks learn from windows of 128 px at 30 times the study's rate, as the "
    "minutes of a CPU allow.",
}
SMALL = ["--img_h", "128", "--img_w", "128", "--generator_learning_rate", "3e-3", "--epochs", "100000"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataroot", type=Path, default=Path("data"))
    parser.add_argument("--photographs", nargs="+", default=["landscapes"], help="folders of dataroot")
    parser.add_argument("--dataset", default="fivek", help="with --full: the folder that holds input and expertC")
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--vgg_weights", help="a file of VGG-16's weights, for L2 + VGG")
    parser.add_argument("--full", action="store_true", help="the study's data, size, rate and epochs")
    parser.add_argument("--work_dir", type=Path, default=Path("runs/enhancement"))
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs")
    args = parser.parse_args()

    data = ["--dataroot", args.dataroot, "--dataset", args.dataset]
    if not args.full:
        pairs = args.work_dir / f"pairs-{'-'.join(args.photographs)}"
        make_pairs(args.dataroot, args.photographs, folder=pairs)
        data = ["--dataroot", args.work_dir, "--dataset", pairs.name, *SMALL, "--max_steps", args.steps]
    what = f"{args.dataset}-full" if args.full else f"{'-'.join(args.photographs)}-{args.steps}"
    results = []
    for name, options, seed in plan(args):
        folder = args.work_dir / what / safe_name(f"{name}-{seed}")
        if not (folder / "result.json").exists():
            train_and_test(folder, name, [*options, *data, "--seed", seed])
        results.append(json.loads((folder / "result.json").read_text()) | {"folder": folder})
    args.docs_dir.mkdir(parents=True, exist_ok=True)
    page = args.docs_dir / (f"enhancement-{args.dataset}.md" if args.full else "enhancement.md")
    write_report(page, results, SETTING[args.full])


def make_pairs(dataroot, names, *, folder):
    """Write photographs as targets, ``folder/expertC``, and what careless cameras make of them, ``folder/input``."""
    files = [path for name in names for path in image_files(dataroot / name)]
    for path in tqdm(files, "pairs", unit="image", leave=False):
        name = f"{safe_name(str(Path(path).relative_to(dataroot)))}.png"
        if not (folder / "expertC" / name).exists():
            photograph = imread(path)
            for kind, image in {"input": take(photograph, name), "expertC": photograph}.items():
                (folder / kind).mkdir(parents=True, exist_ok=True)
                imsave(folder / kind / name, image, check_contrast=False)


def plan(args):
    """Name, options and seed of each run: those of the study with every seed, then the sweep with one."""
    runs = []
    for name, experiment in EXPERIMENTS.items():
        options = ["--config", ROOT / "config" / "experiments" / experiment]
        if name == "L2 + VGG":
            if not args.vgg_weights:
                continue
            options += ["--vgg_weights", args.vgg_weights, "--perceptual", perceptual_weight(args.vgg_weights)]
        runs += [(name, options, seed) for seed in range(args.seeds)]
    for weight, ratio in SWEEP:
        options = ["--task", "enhancement", "--hist_loss_weight", weight * BINS, "--kernel_width_ratio", ratio]
        runs.append((f"lambda {weight:.3g}, ratio {ratio}", options, 0))
    return runs


def train_and_test(folder, name, options):
    """Train one network, test it, and keep the figures of each held-out image in ``folder/result.json``."""
    trained, minutes = train(*options, folder=folder)
    run("test.py", "--run", trained, "--out", folder / "test")
    rows = [json.loads(line) for line in (folder / "test" / "metrics.jsonl").read_text().splitlines()]
    metrics = {name: [row["metrics"][name] for row in rows] for name in rows[0]["metrics"]}
    images = [row["images"] for row in rows]
    assert all(np.isfinite(metrics["psnr"]))
    result = {"name": name, "minutes": minutes, "run": str(trained), "metrics": metrics, "images": images}
    (folder / "result.json").write_text(json.dumps(result))


if __name__ == "__main__":
    main()
