"""Repeat the study of loss functions for enhancement (Mustafa, You and Mantiuk).

HDRNet is trained with three losses: L2, L2 + VGG, and L2 + HistMatch. Each run uses train.py, with the same pairs and
the same number of steps, and is then measured with test.py on held-out photographs. More runs vary the weight lambda
and the kernel of HistMatch. The tables and the four figures go to docs/enhancement.md:

    python -m benchmarks.enhancement --dataroot data         # an hour on two CPU cores
    python -m benchmarks.enhancement --dataroot data --full  # docs/enhancement-fivek.md; for a GPU

Without --full, the targets are the photographs in --photographs, and the inputs are simulated poor exposures of them
(datasets/sources/cameras.py). L2 + VGG is left out without --vgg_weights. --plan and --full first measure how long the
runs will take. Finished runs are kept, and a stopped one resumes from its last checkpoint: give the same command again.
"""

import argparse
import functools
import json
from pathlib import Path

import numpy as np
from skimage.io import imread, imsave
from tqdm import tqdm

from benchmarks.commands import ROOT, add_training_arguments, forecast, run, run_module, train, training_arguments
from benchmarks.enhancement.figures import draw_figures
from benchmarks.enhancement.report import PARTS, write_tables
from benchmarks.pages import Page
from benchmarks.runs import Run, add_arguments, announce, carry_out, exit_if_failed, run_folder
from datasets import image_files, simulate_camera
from utils import UserError, exit_on_user_error, safe_name

EXPERIMENTS = {
    "L2": "enhancement_l2",
    "L2 + VGG": "enhancement_vgg",
    "L2 + HistMatch": "enhancement_histmatch",
}
BINS = 256
# HistMatch's lambda, its ratio of bin length to kernel bandwidth, and the number of seeds. The study uses lambda 1 and
# the ratio 1000. With a mean over bins in place of their sum, lambda 1 is 1/256 here; the smooth kernel gives it the
# most gradients: the claim's fairest reading, so it has every seed.
SWEEP = [
    *((weight, 1000, 1) for weight in (1 / 256, 1 / 64, 1 / 16, 0.1, 10)),
    (1 / 256, 2.5, 3),
    *((weight, 2.5, 1) for weight in (1 / 64, 1)),
]
SMALL = ["--img_h", "128", "--img_w", "128", "--generator_learning_rate", "3e-3", "--epochs", "100000"]


def main():
    args = parse()
    page = args.docs_dir / (f"enhancement-{safe_name(args.dataset)}.md" if args.full else "enhancement.md")
    runs = plan(args)
    if args.full or args.plan:
        announce(runs, page)
    if args.plan:
        return
    parts = Page(page, PARTS, "python -m benchmarks.enhancement")
    results = [*carry_out(runs)]
    found = [result | {"folder": each.folder} for each, result in zip(runs, results, strict=True) if result]
    if any(result["name"] == "L2" for result in found):
        write_tables(parts, found)
        draw_figures(page, found)
    exit_if_failed([each.name for each, result in zip(runs, results, strict=True) if not result])


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataroot", type=Path, default=Path("data"), help="folder that holds the data sets")
    parser.add_argument("--photographs", nargs="+", default=["landscapes"], help="folders of photographs in --dataroot")
    parser.add_argument("--dataset", default="fivek", help="with --full: folder that holds input/ and expertC/")
    parser.add_argument("--steps", type=int, default=500, help="training steps of each run (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=3, help="number of runs of each loss (default: %(default)s)")
    parser.add_argument("--vgg_weights", help="file of VGG-16's weights; without it, L2 + VGG is left out")
    parser.add_argument("--full", action="store_true", help="use the study's data, size, learning rate and epochs")
    add_training_arguments(parser)
    add_arguments(parser, work_dir="runs/enhancement", docs_dir=ROOT / "docs")
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
    """List the `Run` of each loss: the study's losses with every seed, then the sweep."""
    data = ["--dataroot", args.dataroot, "--dataset", args.dataset]
    if not args.full:
        pairs = args.work_dir / f"pairs-{'-'.join(args.photographs)}"
        make_pairs(args.dataroot, args.photographs, folder=pairs)
        data = ["--dataroot", args.work_dir, "--dataset", pairs.name, *SMALL, "--max_steps", args.steps]
    data += training_arguments(args)
    runs = []
    for name, experiment in EXPERIMENTS.items():
        options = ["--config", experiment]
        if name == "L2 + VGG":
            if not args.vgg_weights:
                continue
            options += ["--vgg_weights", args.vgg_weights, "--perceptual", perceptual_weight(args.vgg_weights)]
        runs += [run_of(args, name, [*options, *data], seed=seed) for seed in range(args.seeds)]
    for weight, ratio, seeds in SWEEP:
        options = ["--task", "enhancement", "--hist_loss_weight", weight * BINS, "--kernel_width_ratio", ratio]
        name = f"lambda {weight:.3g}, ratio {ratio}"
        runs += [run_of(args, name, [*options, *data], seed=seed) for seed in range(min(seeds, args.seeds))]
    return runs


def perceptual_weight(vgg_weights):
    """Return the weight of L2 + VGG, as text. It is measured in a process of its own, which frees the GPU's memory."""
    print("measuring the weight of L2 + VGG", flush=True)
    try:
        return run_module("benchmarks.enhancement.perceptual_weight", "--vgg_weights", vgg_weights)
    except UserError as error:
        raise UserError(f"--vgg_weights {vgg_weights}: {error}") from None


def run_of(args, name, options, *, seed):
    """Return the `Run` of a loss with a seed. ``options``: the arguments of train.py."""
    options = [*options, "--seed", seed]
    folder = run_folder(args.work_dir, f"{name}-{seed}", options)
    work = functools.partial(train_and_test, folder, name, options, seed=seed)
    return Run(f"{name}, seed {seed}", folder, work, functools.partial(forecast, options, tests=1))


def train_and_test(folder, name, options, *, seed):
    """Train one network, test it, and return the metrics of each held-out image."""
    trained, minutes = train(options, folder)
    run("test.py", "--run", trained, "--out", folder / "test", log=folder / "log.txt")
    rows = [json.loads(line) for line in (folder / "test" / "metrics.jsonl").read_text().splitlines()]
    metrics = {name: [row["metrics"][name] for row in rows] for name in rows[0]["metrics"]}
    assert all(np.isfinite(metrics["psnr"]))
    return {
        "name": name,
        "seed": seed,
        "minutes": minutes,
        "run": str(trained),
        "step": json.loads((folder / "test" / "metrics.json").read_text())["step"],
        "metrics": metrics,
        "images": [row["images"] for row in rows],
    }


if __name__ == "__main__":
    with exit_on_user_error():
        main()
