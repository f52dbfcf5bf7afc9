"""Divide a data set into training and test images."""

import hashlib
import os


def hold_out(names, split, seed):
    """Hold out 10 % of the images, and at least one, for testing.

    They are drawn by a digest of the seed and each name. So the other images stay in their split if an image is added
    or removed.

    Args:
        names: of all images.
        split: ``"train"`` or ``"test"``.
        seed: any number.

    Returns:
        The sorted indices of the split's names.
    """
    order = sorted(range(len(names)), key=lambda index: hashlib.sha256(os.fsencode(f"{seed} {names[index]}")).digest())
    test_count = max(1, round(len(names) / 10))
    return sorted(order[test_count:] if split == "train" else order[:test_count])
