"""Histogram matching before a classifier (Otsuka et al. 2025, arXiv 2506.01346), trained clean, tested corrupted.

    python -m benchmarks.classification --dataset data/flowers --labels data/flowers_labels.csv   # docs/matching.md
    python -m benchmarks.classification --dataset data/codan/train --test data/codan/test_day data/codan/test_night
    python -m benchmarks.classification --dataset tfds:cifar10 --size 32 --network MobileNetV2 --epochs 100

Each row trains the same network on the same images with another layer or function before it. Accuracy is that of
five-fold cross-validation: each image is tested by the one network that was not trained on it. With --test, five
networks are trained on all images and tested on those folders, and the table is only printed.
"""

import argparse
import csv
import hashlib
import json
from pathlib import Path

import numpy as np
from skimage.io import imread
from tensorflow import keras
from tqdm import tqdm

from benchmarks.classification_report import accuracy_table, write_report
from benchmarks.classifiers import FIXED, ROWS, learned_target, matched_to, training_batches
from benchmarks.commands import ROOT
from benchmarks.corruptions import CORRUPTIONS, SEVERITIES, corrupt
from datasets import image_files
from utils import atomic_write, safe_name
from utils.images import resize, scaled_size, to_uint8

FOLDS, SEED = 5, 0
BATCH = 64  # of testing
SHOWN = 2  # images in the sheet


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", required=True, help="a folder class/NAME, or of --labels, or tfds:NAME")
    parser.add_argument("--labels", type=Path, help="a csv file of image and class, with a head")
    parser.add_argument("--test", nargs="+", default=[], help="folders class/NAME to test on, instead of corruptions")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--network", default="small", help="small, or a network of keras.applications")
    parser.add_argument("--weights", help="of a network of keras.applications: imagenet, or a file")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--batch_size", type=int, default=16)
    parser.add_argument("--work_dir", type=Path, default=Path("runs/classification"))
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs")
    args = parser.parse_args()

    images, labels = load(args.dataset, args.size, labels=args.labels)
    names = np.unique(labels)
    splits = given_splits(images, labels, args) if args.test else cross_validation(images, labels)
    what = {name: value for name, value in vars(args).items() if name not in ("work_dir", "docs_dir")}
    folder = args.work_dir / hashlib.sha256(json.dumps(what, default=str).encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    results = {}
    for row in ROWS:
        path = folder / f"{safe_name(row)}.json"
        if not path.exists():
            seeds = range(SEED, SEED + FOLDS) if args.test else [SEED] * FOLDS  # folds differ by their images
            found = [
                train_and_test(row, split, names, args, seed=seed) for split, seed in zip(splits, seeds, strict=True)
            ]
            with atomic_write(path) as partial:
                partial.write_text(json.dumps(found))
        results[row] = json.loads(path.read_text())
        means = {case: round(np.mean([fold[case] for fold in results[row]]), 3) for case in splits[0][1]}
        print(row, means, flush=True)
    if args.test:
        print(accuracy_table(results))
        return
    args.docs_dir.mkdir(parents=True, exist_ok=True)
    what = f"    {Path(args.dataset).name}: {len(images)} images of {args.size} px in {len(names)} classes; "
    what += f"network {args.network}; {args.epochs} epochs in batches of {args.batch_size}"
    write_report(args.docs_dir, results, what=what, shown=sheet(splits[0], results))


def load(dataset, size, labels=None):
    """The images, uint8 ``[N, size, size, 3]``, and the names of their classes."""
    if dataset.startswith("tfds:"):
        import tensorflow_datasets as tfds

        examples = tfds.load(dataset.removeprefix("tfds:"), split="train", as_supervised=True)
        pairs = ((image.numpy(), str(int(label))) for image, label in examples)
    elif labels:
        with open(labels, newline="") as file:
            _, *lines = csv.reader(file)
        pairs = ((imread(Path(dataset) / line[0]), line[1]) for line in lines)
    else:
        pairs = ((imread(path), Path(path).parent.name) for path in image_files(Path(dataset)))
    images, classes = zip(*((square(image, size), label) for image, label in pairs), strict=True)
    return np.stack(images), np.array(classes)


def square(image, size):
    """The middle of an image, scaled until it covers the size."""
    scaled = resize(image, scaled_size(image.shape[:2], (size, size), "crop"))
    top, left = ((side - size) // 2 for side in scaled.shape[:2])
    return scaled[top : top + size, left : left + size]


def cross_validation(images, labels):
    """Five times what to train on, ``(images, labels)``, and a dict of a case's name to what to test on: the images of
    a fold, clean and under every corruption (``fog 3``)."""
    folds = np.random.default_rng(SEED).permutation(len(images)) % FOLDS
    cases = {"clean": images}
    corruptions = [(name, severity) for name in CORRUPTIONS for severity in SEVERITIES]
    for name, severity in tqdm(corruptions, "corrupting", leave=False):
        corrupted = (corrupt(image / 255, name, severity, seed=index) for index, image in enumerate(images))
        cases[f"{name} {severity}"] = np.stack([to_uint8(image) for image in corrupted])
    return [
        (
            (images[folds != fold], labels[folds != fold]),
            {name: (case[folds == fold], labels[folds == fold]) for name, case in cases.items()},
        )
        for fold in range(FOLDS)
    ]


def given_splits(images, labels, args):
    """As `cross_validation`, five times the same: all images to train on, and the folders of --test."""
    return [((images, labels), {Path(folder).name: load(folder, args.size) for folder in args.test})] * FOLDS


def train_and_test(row, split, names, args, *, seed):
    """The accuracy in each case, and the target of a layer that was learned: a dict."""
    keras.utils.set_random_seed(seed)
    training, cases = split
    images, labels = training
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
    """Images of a split, clean and under the worst of each corruption, as they are and as each row matches them: a dict
    of name to uint8 ``[N, H, W, 3]``."""
    (images, _), cases = split
    shown = [case for case in cases if case.split()[0] not in CORRUPTIONS or case.endswith(str(max(SEVERITIES)))]
    before = np.concatenate([cases[case][0][:SHOWN] for case in shown])
    learned = {row: folds[0]["target"] for row, folds in results.items() if folds[0]["target"]}
    after = {row: make(images)(before) for row, make in FIXED.items()}
    return {"as they are": before} | after | {row: matched_to(target)(before) for row, target in learned.items()}


if __name__ == "__main__":
    main()
