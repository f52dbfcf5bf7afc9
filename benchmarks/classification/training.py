"""Train and test one network of the classification benchmark, or measure how long that takes."""

import time

import numpy as np
from tensorflow import keras

from benchmarks.classification.classifiers import PART, ROWS, in_parts, learned_target, training_batches
from benchmarks.pace import STEPS, seconds_per_step
from benchmarks.runs import Forecast
from engine.run_folder import environment


def train_and_test(row, split, args, *, names, seed, folder):
    """Train the network of a row, or resume it at its last epoch, and test it.

    Args:
        row: a name in ROWS.
        split: images to train on, and cases to test (see `splits.cross_validation`).
        args: the command's arguments.
        names: the names of the classes, sorted.
        seed: seed of the network and of the training.
        folder: folder for what the network needs to resume.

    Returns:
        ``{case: accuracy}``, plus the learned ``target``, which is None if the row learns none.
    """
    keras.utils.set_random_seed(seed)
    (images, labels), cases = split
    prepare, model = _build(row, images, args, classes=len(names))
    batches = training_batches(prepare(images), np.searchsorted(names, labels), args, augment=row == "augmentation")
    resuming = keras.callbacks.BackupAndRestore(str(folder / "backup"))
    model.fit(batches, epochs=args.epochs, shuffle=False, verbose=0, callbacks=[resuming])
    result = {"target": learned_target(model)}
    for case, (tested, wanted) in cases.items():
        result[case] = float(np.mean(names[_logits(model, prepare(tested)).argmax(-1)] == wanted))
    return result


def forecast(row, split, args, *, classes):
    """Measure 20 training steps of a row, and the testing of a batch. Return a `Forecast` of one network."""
    (images, _), cases = split
    some = images[: STEPS * args.batch_size]
    prepare, model = _build(row, some, args, classes=classes)
    batches = training_batches(some, np.zeros(len(some), int), args, augment=row == "augmentation").repeat()
    step = seconds_per_step(model, batches)
    for _ in range(2):  # the first time, TensorFlow traces its functions
        start = time.perf_counter()
        _logits(model, prepare(some[:PART]))
        image = (time.perf_counter() - start) / len(some[:PART])
    steps = args.epochs * -(-len(images) // args.batch_size)
    prepared = len(images) + sum(len(case) for case, _ in cases.values())
    return Forecast(environment()["device"], steps, step, steps * step + prepared * image)


def _build(row, images, args, *, classes):
    """Return the function to apply to images first, and the compiled network."""
    prepare, model = ROWS[row](images, classes, args)
    model.compile(keras.optimizers.Adam(1e-3), keras.losses.SparseCategoricalCrossentropy(True), jit_compile=False)
    return prepare, model


def _logits(model, images):
    return np.concatenate([model.predict_on_batch(part / np.float32(255)) for part in in_parts(images)])
