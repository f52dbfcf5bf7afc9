"""Histogram matching before a classifier (Otsuka et al. 2025, arXiv 2506.01346), trained clean, tested corrupted.

    python -m benchmarks.classification --dataset data/flowers --labels data/flowers_labels.csv   # docs/matching.md
    python -m benchmarks.classification --dataset data/codan                                      # a folder of classes
    python -m benchmarks.classification --dataset tfds:cifar10 --size 32 --network MobileNetV2 --epochs 100

Each row trains the same network on the same images with another layer or function before it. Accuracy is that of
five-fold cross-validation: each image is tested by the one network that was not trained on it.
"""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
from skimage.io import imread
from tensorflow import keras
from tqdm import tqdm

from benchmarks.classification_report import write_report
from benchmarks.classifiers import FIXED, ROWS, training_batches
from benchmarks.commands import ROOT
from benchmarks.corruptions import CORRUPTIONS, SEVERITIES, corrupt
from datasets import image_files, resize, scaled_size
from utils import to_uint8

FOLDS = 5


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", required=True, help="a folder class/NAME, or of --labels, or tfds:NAME")
    parser.add_argument("--labels", type=Path, help="a csv file of image and class, with a head")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--network", default="small", help="small, or a network of keras.applications")
    parser.add_argument("--weights", help="of a network of keras.applications: imagenet, or a file")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--batch_size", type=int, default=16)
    parser.add_argument("--work_dir", type=Path, default=Path("runs/classification"))
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs")
    args = parser.parse_args()

    images, labels = load(args)
    names, classes = np.unique(labels, return_inverse=True)
    folds = np.random.default_rng(0).permutation(len(images)) % FOLDS
    cases = cases_of(images)
    results = {}
    for row in ROWS:
        path = args.work_dir / f"{row.replace(' ', '_')}.json"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(cross_validate(row, cases, classes, folds, args=args)))
        results[row] = json.loads(path.read_text())
        print(row, {name: round(float(np.mean(hits)), 3) for name, hits in results[row].items()}, flush=True)
    args.docs_dir.mkdir(parents=True, exist_ok=True)
    what = (
        f"{len(images)} images of {args.size} px in {len(names)} classes; network {args.network}; {args.epochs} epochs"
    )
    write_report(args.docs_dir, results, folds, what=what, shown=sheet(cases))


def load(args):
    """The images, uint8 ``[N, size, size, 3]``, and their classes' names."""
    if args.dataset.startswith("tfds:"):
        import tensorflow_datasets as tfds

        examples = tfds.load(args.dataset.removeprefix("tfds:"), split="train", as_supervised=True)
        pairs = [(image.numpy(), str(int(label))) for image, label in examples]
    elif args.labels:
        with open(args.labels, newline="") as file:
            _, *lines = csv.reader(file)
        pairs = [(imread(Path(args.dataset) / line[0]), line[1]) for line in lines]
    else:
        pairs = [(imread(path), Path(path).parent.name) for path in image_files(Path(args.dataset))]
    return np.stack([square(image, args.size) for image, _ in pairs]), np.array([label for _, label in pairs])


def square(image, size):
    """The middle of an image, scaled until it covers the size."""
    scaled = resize(image, scaled_size(image.shape[:2], (size, size), "crop"))
    top, left = ((side - size) // 2 for side in scaled.shape[:2])
    return scaled[top : top + size, left : left + size]


def cases_of(images):
    """All images clean and under every corruption: a dict of ``clean``, ``fog 3``, ... to uint8 ``[N, H, W, 3]``."""
    corruptions = [(name, severity) for name in CORRUPTIONS for severity in SEVERITIES]
    return {"clean": images} | {
        f"{name} {severity}": np.stack(
            [to_uint8(corrupt(image / 255, name, severity, seed=index)) for index, image in enumerate(images)]
        )
        for name, severity in tqdm(corruptions, "corrupting", leave=False)
    }


def cross_validate(row, cases, classes, folds, *, args):
    """Whether each image is classified rightly in each of the cases: a dict of case to a list of 0 and 1."""
    images = cases["clean"]
    hits = {name: np.zeros(len(images), int) for name in cases}
    for fold in range(FOLDS):
        keras.utils.set_random_seed(fold)
        kept, held_out = folds != fold, folds == fold
        prepare, model = ROWS[row](images[kept], classes.max() + 1, args)
        model.compile(keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(True), jit_compile=False)
        batches = training_batches(prepare(images[kept]), classes[kept], args, augment=row == "augmentation")
        model.fit(batches, epochs=args.epochs, verbose=0)
        for name, case in cases.items():
            logits = model.predict(prepare(case[held_out]) / np.float32(255), batch_size=64, verbose=0)
            hits[name][held_out] = logits.argmax(-1) == classes[held_out]
    return {name: values.tolist() for name, values in hits.items()}


def sheet(cases, count=2):
    """Images clean and under the worst of each corruption, and what the fixed rows make of them: a dict of name to
    uint8 ``[N, H, W, 3]``."""
    images = cases["clean"]
    chosen = np.linspace(0, len(images) - 1, count).round().astype(int)
    shown = ["clean", *(f"{name} {max(SEVERITIES)}" for name in CORRUPTIONS)]
    before = np.concatenate([cases[name][chosen] for name in shown])
    return {"as they are": before} | {row: make(images)(before) for row, make in FIXED.items()}


if __name__ == "__main__":
    main()
