"""The division of a data set that is not divided into training and test images."""

import hashlib
import os


def hold_out(names, split, seed):
    """The sorted places of the names to train on, or of the 10 % (at least one) to test on.

    They are drawn by a digest of the seed and each name. So the others stay in their split when an image is added or
    removed.
    """
    order = sorted(range(len(names)), key=lambda place: hashlib.sha256(os.fsencode(f"{seed} {names[place]}")).digest())
    held_out = max(1, round(len(names) / 10))
    return sorted(order[held_out:] if split == "train" else order[:held_out])
