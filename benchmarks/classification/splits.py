"""The images of the classification benchmark, and what to train on and to test on."""

import csv
from pathlib import Path

import numpy as np
from skimage.io import imread
from tqdm import tqdm

from benchmarks.classification.corruptions import CORRUPTIONS, SEVERITIES, corrupt
from datasets import image_files
from utils.images import resize, scaled_size, to_uint8

FOLDS, SEED = 5, 0


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
    """The middle of an image, after scaling its shorter side to the size."""
    scaled = resize(image, scaled_size(image.shape[:2], (size, size), "crop"))
    top, left = ((side - size) // 2 for side in scaled.shape[:2])
    return scaled[top : top + size, left : left + size]


def cross_validation(images, labels):
    """A list of one pair per fold: the training set, ``(images, labels)`` of the other folds, and the test sets.

    The test sets are a dict of a case's name to ``(images, labels)`` of the fold, ``clean`` and under each corruption
    (``fog 3``).
    """
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


def folders_to_test(images, labels, args):
    """As `cross_validation`, five times the same: all images for training, and the folders of --test."""
    return [((images, labels), {Path(folder).name: load(folder, args.size) for folder in args.test})] * FOLDS
