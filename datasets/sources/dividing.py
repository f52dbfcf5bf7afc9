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


def check_counts(task, split, counts, *, where, found=None):
    """Raise a UserError if a split has too few images for the task.

    Args:
        task: `tasks.Task`.
        split: ``"train"`` or ``"test"``.
        counts: a dict from each group's name to its number of images.
        where: names the data set in the message.
        found: the same dict before bad files were left out, or None if there are none.
    """
    lacking = [group for group, count in counts.items() if count < task.least(group)]
    if not lacking or (task.paired and any(counts.values())):  # the images of all groups are targets alike
        return
    left = sum(counts[group] for group in lacking)
    bad = sum((found or counts)[group] for group in lacking) - left
    places = [f"{split}{group}" for group in lacking if group in "AB"]
    has = f"{where} has {'a single' if left else 'no'} {split}ing image{'s' * (not left)}"
    if bad:
        needs = f", and {task.name} needs two or more" if left else ""
        place = f" in {' and '.join(places)}" if places else ""
        raise UserError(f"{has} left{place}: --skip_bad leaves out {bad} of {bad + left}{needs}; repair or add some")
    if left:
        raise UserError(f"{has}, but {task.name} needs two or more; add some")
    raise UserError(
        f"{has} that can be read: looked for {', '.join(SUFFIXES)} in {' and '.join(places) or split}"
        f"{' or val' if split == 'test' else ''}; give another data set or another --layout"
    )
