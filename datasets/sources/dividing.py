"""Divide a data set's images into those to train on and those that are held out."""

import hashlib
import os


def divide(names, seed, part=0.1):
    """Hold out a fraction of the images, and at least one.

    They are chosen by a digest of the seed and each name, so adding or removing an image hardly changes where the
    others go.

    Args:
        names: the names of all images.
        seed: any number or text.
        part: the fraction to hold out, in (0, 1).

    Returns:
        The indices of the names to train on and of those held out, both sorted.
    """
    order = sorted(range(len(names)), key=lambda index: hashlib.sha256(os.fsencode(f"{seed} {names[index]}")).digest())
    count = max(1, round(part * len(names)))
    return sorted(order[count:]), sorted(order[:count])
