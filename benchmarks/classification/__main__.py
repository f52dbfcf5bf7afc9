"""Measure histogram matching before a classifier (Otsuka et al. 2025, arXiv 2506.01346).

The classifier is trained on clean images, and tested on corrupted ones or on the folders of --test:

    python -m benchmarks.classification --dataset data/flowers --labels data/flowers_labels.csv   # docs/matching.md
    python -m benchmarks.classification --dataset data/codan/train --test data/codan/test_day data/codan/test_night
    python -m benchmarks.classification --dataset tfds:cifar10 --size 32 --network MobileNetV2 --epochs 100

Each row of the table trains the same network on the same images, with a different layer or function before it.
Accuracy is measured by five-fold cross-validation: each image is tested by the one network that was not trained on it.
With --test, five networks are trained on all images and tested on the given folders. The table is then printed, and no
page is written.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from tensorflow import keras

from benchmarks.classification.classifiers import FIXED, ROWS, learned_target, matched_to, training_batches
from benchmarks.classification.corruptions import CORRUPTIONS, SEVERITIES
from benchmarks.classification.figures import draw_figures
from benchmarks.classification.report import PARTS, accuracy_table, write_tables
from benchmarks.classification.splits import FOLDS, SEED, cross_validation, folders_to_test, load
from benchmarks.commands import ROOT
from benchmarks.pages import Page
from utils import atomic_write, exit_on_user_error, safe_name

BATCH = 64  # images per batch when testing
SHOWN = 2  # images of each case in the sheet


def main():
    args = parse()
    page = None if args.test else Page(args.docs_dir / "matching.md", PARTS, "python -m benchmarks.classification")
    images, labels = load(args.dataset, args.size, labels=args.labels)
    names = np.unique(labels)
    splits = folders_to_test(images, labels, args) if args.test else cross_validation(images, labels)
    results = {row: measure(row, splits, args, names=names) for row in ROWS}
    if args.test:
        print(accuracy_table(results))
        return
    setting = f"{Path(args.dataset).name}: {len(images)} images of {args.size} px in {len(names)} classes; "
    setting += f"network {args.network}; {args.epochs} epochs in batches of {args.batch_size}"
    write_tables(page, results, setting)
    draw_figures(args.docs_dir / "matching.md", results, sheet(splits[0], results))


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
    parser.add_argument("--work_dir", type=Path, default=Path("runs/classification"), help="folder for finished rows")
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs", help="folder of the page and its figures")
    return parser.parse_args()


def measure(row, splits, args, *, names):
    """Return the results of a row, one per fold. Results found in --work_dir are read, not computed again."""
    what = {name: value for name, value in vars(args).items() if name not in ("work_dir", "docs_dir")}
    folder = args.work_dir / hashlib.sha256(json.dumps(what, default=str).encode()).hexdigest()[:16]
    path = folder / f"{safe_name(row)}.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        seeds = range(SEED, SEED + FOLDS) if args.test else [SEED] * FOLDS  # folds have different images
        found = [
            train_and_test(row, split, args, names=names, seed=seed) for split, seed in zip(splits, seeds, strict=True)
        ]
        with atomic_write(path) as partial:
            partial.write_text(json.dumps(found))
    folds = json.loads(path.read_text())
    print(row, {case: round(np.mean([fold[case] for fold in folds]), 3) for case in splits[0][1]}, flush=True)
    return folds


def train_and_test(row, split, args, *, names, seed):
    """Return ``{case: accuracy}``, plus the learned ``target``, which is None if the row learns none."""
    keras.utils.set_random_seed(seed)
    (images, labels), cases = split
    prepare, model = ROWS[row](images, len(names), args)
    model.compile(keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(True), jit_compile=False)
    classes = np.searchsorted(names, labels)
    batches = training_batches(prepare(images), classes, args, augment=row == "augmentation")
    model.fit(batches, epochs=args.epochs, verbose=0)
    result = {"target": learned_target(model)}
    for case, (tested, wanted) in cases.items():
        parts = np.array_split(prepare(tested) / np.float32(255), -(-len(tested) // BATCH))
        logits = np.concatenate([model.predict_on_batch(part) for part in parts])
        result[case] = float(np.mean(names[logits.argmax(-1)] == wanted))
    return result


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
