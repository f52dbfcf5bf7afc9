"""Load the images of the classification benchmark, and split them into training and test sets."""

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
    """Load a data set.

    Args:
        dataset: folder, or ``tfds:NAME``. Without ``labels``, an image's class is the name of its folder.
        size: side of the square images.
        labels: path of a CSV file with a header, whose columns are the image's path in the folder and its class.

    Returns:
        The images, uint8 ``[N, size, size, 3]``, and the names of their classes, ``[N]``.
    """
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
    """Scale the shorter side of an image to ``size``, and crop the middle square."""
    scaled = resize(image, scaled_size(image.shape[:2], (size, size), "crop"))
    top, left = ((side - size) // 2 for side in scaled.shape[:2])
    return scaled[top : top + size, left : left + size]


def cross_validation(images, labels):
    """Split the images into folds, and corrupt them for the tests.

    Returns:
        A list of one pair ``(training, tests)`` per fold. ``training`` is ``(images, labels)`` of the other folds.
        ``tests`` is ``{case: (images, labels)}`` of this fold: ``clean``, and one case for each corruption and
        severity, such as ``fog 3``.
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
    """Return the same pair ``(training, tests)`` five times, in the form of `cross_validation`.

    All images are for training. The tests are the folders of --test.
    """
    return [((images, labels), {Path(folder).name: load(folder, args.size) for folder in args.test})] * FOLDS
