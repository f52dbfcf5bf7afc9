"""Measure histogram matching before a classifier (Otsuka et al. 2025, arXiv 2506.01346).

The classifier is trained on clean images, and tested on corrupted ones or on the folders of --test:

    python -m benchmarks.classification --dataset data/flowers --labels data/flowers_labels.csv   # docs/matching.md
    python -m benchmarks.classification --dataset data/codan/train --test data/codan/test_day data/codan/test_night
    python -m benchmarks.classification --dataset tfds:cifar10 --size 32 --network MobileNetV2 --epochs 100

Each row of the table trains the same network on the same images, with a different layer or function before it.
Accuracy is measured by five-fold cross-validation: each image is tested by the one network that was not trained on it.
With --test, five networks are trained on all images and tested on the given folders. The table is then printed, and no
page is written. The command first measures how long the networks will take. Finished networks are kept, and a stopped
one resumes at its last epoch: give the same command again.
"""

import argparse
import functools
from pathlib import Path

import numpy as np

from benchmarks.classification.classifiers import FIXED, ROWS, matched_to
from benchmarks.classification.corruptions import CORRUPTIONS, SEVERITIES
from benchmarks.classification.figures import draw_figures
from benchmarks.classification.report import PARTS, accuracy_table, write_tables
from benchmarks.classification.splits import FOLDS, SEED, cross_validation, folders_to_test, load
from benchmarks.classification.training import forecast, train_and_test
from benchmarks.commands import ROOT
from benchmarks.pages import Page
from benchmarks.runs import Run, add_arguments, announce, carry_out, exit_if_failed, run_folder
from utils import exit_on_user_error

SHOWN = 2  # images of each case in the sheet


def main():
    args = parse()
    images, labels = load(args.dataset, args.size, labels=args.labels)
    names = np.unique(labels)
    splits = folders_to_test(images, labels, args) if args.test else cross_validation(images, labels)
    runs = [run for row in ROWS for run in runs_of(args, row, splits, names=names)]
    page = args.docs_dir / "matching.md"
    announce(runs, "the screen" if args.test else page)
    if args.plan:
        return
    parts = None if args.test else Page(page, PARTS, "python -m benchmarks.classification")
    found = [*carry_out(runs)]
    results = dict(zip(ROWS, (found[k : k + FOLDS] for k in range(0, len(found), FOLDS)), strict=True))
    results = {row: folds for row, folds in results.items() if None not in folds}
    if args.test:
        print(accuracy_table(results) if results else "")
    elif "none" in results:
        setting = f"{Path(args.dataset).name}: {len(images)} images of {args.size} px in {len(names)} classes; "
        setting += f"network {args.network}; {args.epochs} epochs in batches of {args.batch_size}"
        write_tables(parts, results, setting)
        draw_figures(page, results, sheet(splits[0], results))
    exit_if_failed([run.name for run, result in zip(runs, found, strict=True) if result is None])


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--dataset", required=True, help="folder of images, with a subfolder per class or with --labels; or tfds:NAME"
    )
    parser.add_argument(
        "--labels", type=Path, help="CSV file with a header: path of an image in the folder, and its class"
    )
    parser.add_argument(
        "--test",
        nargs="+",
        default=[],
        help="folders to test on instead of corrupted images, each with a subfolder per class",
    )
    parser.add_argument("--size", type=int, default=128, help="side of the square images (default: %(default)s)")
    parser.add_argument("--network", default="small", help="small, or the name of a network in keras.applications")
    parser.add_argument("--weights", help="weights for a network of keras.applications: imagenet, or a file")
    parser.add_argument("--epochs", type=int, default=25, help="training epochs (default: %(default)s)")
    parser.add_argument("--batch_size", type=int, default=16, help="images per training step (default: %(default)s)")
    add_arguments(parser, work_dir="runs/classification", docs_dir=ROOT / "docs")
    return parser.parse_args()


def runs_of(args, row, splits, *, names):
    """Return the `Run` that trains and tests the network of a row, for each fold. All folds have one forecast."""
    what = {name: value for name, value in vars(args).items() if name not in ("plan", "work_dir", "docs_dir")}
    predict = functools.cache(functools.partial(forecast, row, splits[0], args, classes=len(names)))
    runs = []
    for fold, split in enumerate(splits):
        folder = run_folder(args.work_dir, f"{row}-{fold}", what)
        seed = SEED + fold if args.test else SEED  # folds have different images
        work = functools.partial(train_and_test, row, split, args, names=names, seed=seed, folder=folder)
        runs.append(Run(f"{row}, fold {fold}", folder, work, predict))
    return runs


def sheet(split, results):
    """Return test images, clean and with each corruption at its worst, before and after each row's method.

    Returns:
        ``{name: images}``, uint8 ``[N, H, W, 3]``.
    """
    (images, _), cases = split
    shown = [case for case in cases if case.split()[0] not in CORRUPTIONS or case.endswith(str(max(SEVERITIES)))]
    before = np.concatenate([cases[case][0][:SHOWN] for case in shown])
    learned = {row: folds[0]["target"] for row, folds in results.items() if folds[0]["target"]}
    after = {row: make(images)(before) for row, make in FIXED.items()}
    return {"as they are": before} | after | {row: matched_to(target)(before) for row, target in learned.items()}


if __name__ == "__main__":
    with exit_on_user_error():
        main()
