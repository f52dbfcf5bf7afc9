"""Divide a data set's images into those to train on and those that are held out."""

import hashlib
import os


def divide(names, seed, part=0.1):
    """Hold out a part of the images, and at least one.

    They are drawn by a digest of the seed and each name. So the other images stay where they are if an image is added
    or removed.

    Args:
        names: of all images.
        seed: any number or text.
        part: of all, in (0, 1); for testing it is a tenth.

    Returns:
        The indices of the names that are trained on, and of those that are held out, both sorted.
    """
    order = sorted(range(len(names)), key=lambda index: hashlib.sha256(os.fsencode(f"{seed} {names[index]}")).digest())
    count = max(1, round(part * len(names)))
    return sorted(order[count:]), sorted(order[:count])
