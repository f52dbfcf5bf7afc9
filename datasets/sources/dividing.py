"""Divide a data set's images into training images and held-out images, and check that there are enough of both."""

import hashlib
import os

from utils import UserError
from utils.images import SUFFIXES


def divide(names, seed, part=0.1, *, least=1):
    """Hold out a fraction of the images, but at least a given number.

    A digest of the seed and an image's name decides whether the image is held out. So if you add or remove an image,
    hardly any other image moves between the two.

    Args:
        names: the names of all images.
        seed: any number or text.
        part: the fraction to hold out, in (0, 1).
        least: the smallest number of images to hold out.

    Returns:
        The indices of the training images and the indices of the held-out images, both sorted. There may be too few of
        the former.
    """
    order = sorted(range(len(names)), key=lambda index: hashlib.sha256(os.fsencode(f"{seed} {names[index]}")).digest())
    count = max(least, round(part * len(names)))
    return sorted(order[count:]), sorted(order[:count])


def divided(group, names, *, task, seed, where):
    """Divide a group of images into training and test images, as `divide` does.

    Args:
        group: the group's name.
        names: the images' names.
        task: `tasks.Task`.
        seed: as in `divide`.
        where: names the data set in the error message.

    Returns:
        A dict from ``"train"`` and ``"test"`` to the indices of the split's images.

    Raises:
        UserError: if there are images, but not enough for both splits.
    """
    least = task.least(group)
    if 0 < len(names) < 2 * least:
        noun = "pair" if group == "pairs" else "image"
        raise UserError(
            f"{where} has {len(names)} {noun}{'s' * (len(names) > 1)}, and {task.name} takes {least} or more to train "
            f"on and {least} or more to test; add some"
        )
    train, test = divide(names, seed, task.test_part, least=least)
    return {"train": train, "test": test}


def check_counts(task, split, counts, *, where, left_out=0):
    """Raise a UserError if a split has too few images for the task.

    Args:
        task: `tasks.Task`.
        split: ``"train"`` or ``"test"``.
        counts: a dict from each group's name to its number of images.
        where: names the data set in the message.
        left_out: the number of bad files, which do not count.
    """
    without = f" without its {left_out} bad file{'s' * (left_out > 1)}" if left_out else ""
    if not sum(counts.values()) or not (task.paired or all(counts.values())):
        empty = " and ".join(f"{split}{name}" if name in "AB" else split for name, n in counts.items() if not n)
        looked = f": looked for {', '.join(SUFFIXES)} in {empty}{' or val' if split == 'test' else ''}"
        raise UserError(
            f"{where} has no {split}ing images{without or f' that can be read{looked}'}; give another data set or "
            "another --layout"
        )
    for group, count in counts.items():
        if 0 < count < task.least(group):
            raise UserError(
                f"{where} has a single {split}ing image{without}, but {task.name} needs two or more; add some"
            )
