"""Divide a data set's images into training images and held-out images."""

import hashlib
import os


def divide(names, seed, part=0.1):
    """Hold out a fraction of the images, but at least one.

    A digest of the seed and an image's name decides whether the image is held out. So if you add or remove an image,
    hardly any other image moves between the two.

    Args:
        names: the names of all images.
        seed: any number or text.
        part: the fraction to hold out, in (0, 1).

    Returns:
        The indices of the training images and the indices of the held-out images, both sorted.
    """
    order = sorted(range(len(names)), key=lambda index: hashlib.sha256(os.fsencode(f"{seed} {names[index]}")).digest())
    count = max(1, round(part * len(names)))
    return sorted(order[count:]), sorted(order[:count])
