"""Transfer the colors of one reference to a folder of video frames, with one color map for all frames."""

from pathlib import Path

import numpy as np
from tqdm import tqdm

import datasets
from utils import UserError, atomic_folder, check_folder
from utils.images import load_image, write_image

FITTED_FRAMES = 8  # the maximum number of frames to fit the map to


def transfer_frames(folder, find_map, *, out, strength):
    """Find one color map for evenly spaced frames, apply it to all frames, and write them under their own names.

    Args:
        folder: the folder of frames.
        find_map: a function that takes a list of images and returns their color map.
        out: a new or empty folder, which is created only once all frames are written; or None to write nothing.
        strength: a number from 0 to 2. At 0 frames stay unchanged, at 1 the map applies in full, and 2 doubles its
            effect.

    Returns:
        The color map.

    Raises:
        UserError: if the folder has no images, or a file cannot be read or written.
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
