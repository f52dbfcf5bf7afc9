"""A folder of frames in the colors of one reference: all share one map."""

from pathlib import Path

import numpy as np
from tqdm import tqdm

import datasets
from utils import UserError, atomic_folder, check_folder
from utils.images import load_image, write_image

FITTED_FRAMES = 8  # most frames that a fit sees


def transfer_frames(folder, find_map, *, out, strength):
    """Find the map of some frames together, and write all frames by it to a new folder under their own names.

    Args:
        folder: the folder of frames.
        find_map: a function of a list of images to their map of colors.
        out: a new or empty folder, which appears when it is complete; None: nothing is written.
        strength: from 0, the frames themselves, to 2; 1 is the map.

    Returns:
        The map.

    Raises:
        UserError: for a folder without images, and files that cannot be read or written.
    """
    frames = datasets.image_files(folder)
    if not frames:
        raise UserError(f"--source {folder} has no images; give a folder of frames, or an image")
    if out:
        check_folder(out, "--out")
    chosen = np.linspace(0, len(frames) - 1, min(FITTED_FRAMES, len(frames))).round().astype(int)
    color_map = find_map([load_image(frames[number], "--source") for number in chosen])
    if out:
        with atomic_folder(out, "--out") as partial:
            for path in tqdm(frames, "frames", unit="image", leave=False):
                target = partial / Path(path).relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                write_image(target, color_map.translate(load_image(path, "--source"), strength))
    return color_map
