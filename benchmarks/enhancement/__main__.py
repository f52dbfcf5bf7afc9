"""Repeat the study of loss functions for enhancement (Mustafa, You and Mantiuk).

HDRNet is trained with three losses: L2, L2 + VGG, and L2 + HistMatch. Each run uses train.py, with the same pairs and
the same number of steps, and is then measured with test.py on held-out photographs. More runs vary the weight lambda
and the kernel of HistMatch. The tables and the four figures go to docs/enhancement.md:

    python -m benchmarks.enhancement --dataroot data         # an hour on two CPU cores
    python -m benchmarks.enhancement --dataroot data --full  # docs/enhancement-fivek.md; for a GPU

Without --full, the targets are the photographs in --photographs, and the inputs are simulated poor exposures of them
(datasets/sources/cameras.py). L2 + VGG is left out without --vgg_weights. Finished runs are kept. To resume, give the
same command again.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from skimage.io import imread, imsave
from tqdm import tqdm

from benchmarks.commands import ROOT, run, train
from benchmarks.enhancement.figures import draw_figures
from benchmarks.enhancement.perceptual_weight import perceptual_weight
from benchmarks.enhancement.report import PARTS, write_tables
from benchmarks.pages import Page
from datasets import image_files, simulate_camera
from utils import exit_on_user_error, safe_name

EXPERIMENTS = {
    "L2": "enhancement_l2.yaml",
    "L2 + VGG": "enhancement_vgg.yaml",
    "L2 + HistMatch": "enhancement_histmatch.yaml",
}
BINS = 256
# Pairs of HistMatch's lambda and its ratio of bin length to kernel bandwidth. The study uses 1 and 1000.
SWEEP = [*((weight, 1000) for weight in (1 / 256, 1 / 64, 1 / 16, 0.1, 10)), *((weight, 2.5) for weight in (1 / 64, 1))]
SMALL = ["--img_h", "128", "--img_w", "128", "--generator_learning_rate", "3e-3", "--epochs", "100000"]


def main():
    args = parse()
    path = args.docs_dir / (f"enhancement-{safe_name(args.dataset)}.md" if args.full else "enhancement.md")
    page = Page(path, PARTS, "python -m benchmarks.enhancement")
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
    write_tables(page, results)
    draw_figures(path, results)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataroot", type=Path, default=Path("data"), help="folder that holds the data sets")
    parser.add_argument("--photographs", nargs="+", default=["landscapes"], help="folders of photographs in --dataroot")
    parser.add_argument("--dataset", default="fivek", help="with --full: folder that holds input/ and expertC/")
    parser.add_argument("--steps", type=int, default=500, help="training steps of each run (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=3, help="number of runs of each loss (default: %(default)s)")
    parser.add_argument("--vgg_weights", help="file of VGG-16's weights; without it, L2 + VGG is left out")
    parser.add_argument("--full", action="store_true", help="use the study's data, size, learning rate and epochs")
    parser.add_argument("--work_dir", type=Path, default=Path("runs/enhancement"), help="folder to write the runs to")
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs", help="folder of the page and its figures")
    return parser.parse_args()


def make_pairs(dataroot, names, *, folder):
    """Write photographs to ``folder/expertC`` as targets, and poor exposures of them to ``folder/input`` as inputs."""
    files = [path for name in names for path in image_files(dataroot / name)]
    for path in tqdm(files, "pairs", unit="image", leave=False):
        name = f"{safe_name(str(Path(path).relative_to(dataroot)))}.png"
        if not (folder / "expertC" / name).exists():
            photograph = imread(path)
            for kind, image in {"input": simulate_camera(photograph, name), "expertC": photograph}.items():
                (folder / kind).mkdir(parents=True, exist_ok=True)
                imsave(folder / kind / name, image, check_contrast=False)


def plan(args):
    """List the name, options and seed of each run: the study's losses with every seed, then the sweep with seed 0."""
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
    """Train one network, test it, and write the metrics of each held-out image to ``folder/result.json``."""
    trained, minutes = train(*options, folder=folder)
    run("test.py", "--run", trained, "--out", folder / "test")
    rows = [json.loads(line) for line in (folder / "test" / "metrics.jsonl").read_text().splitlines()]
    metrics = {name: [row["metrics"][name] for row in rows] for name in rows[0]["metrics"]}
    assert all(np.isfinite(metrics["psnr"]))
    result = {
        "name": name,
        "minutes": minutes,
        "run": str(trained),
        "step": json.loads((folder / "test" / "metrics.json").read_text())["step"],
        "metrics": metrics,
        "images": [row["images"] for row in rows],
    }
    (folder / "result.json").write_text(json.dumps(result))


if __name__ == "__main__":
    with exit_on_user_error():
        main()
