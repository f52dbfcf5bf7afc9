"""Transfer the colors of one reference to a folder of video frames, with one color map for all frames."""

from pathlib import Path

import numpy as np
from tqdm import tqdm

import datasets
from utils import UserError, atomic_folder, check_folder, warn
from utils.images import ACCEPTED, load_image, write_image

FITTED_FRAMES = 8  # the maximum number of frames to fit the map to


def transfer_frames(folder, find_map, *, out, strength, load=load_image):
    """Find one color map for evenly spaced frames, apply it to all frames, and write them under their own names.

    Args:
        folder: the folder of frames.
        find_map: a function that takes a list of images and returns their color map.
        out: a new or empty folder, which is created only once all frames are written; or None to write nothing.
        strength: a number from 0 to 2. At 0 frames stay unchanged, at 1 the map applies in full, and 2 doubles its
            effect.
        load: `utils.images.load_image`, or a version of it with another limit of pixels.

    Returns:
        The color map.

    Raises:
        UserError: if the folder has no images, or a file cannot be read or written.
    """
    frames = datasets.image_files(folder)
    others = datasets.other_images(folder)
    if not frames:
        found = f" that can be read, but {others}" if others else ""
        raise UserError(f"--source {folder} has no images{found}; give a folder of {ACCEPTED} files, or an image")
    if others:
        warn(f"--source {folder}: {others} cannot be read, and {ACCEPTED} are; they are left out")
    if out:
        check_folder(out, "--out")
    chosen = np.linspace(0, len(frames) - 1, min(FITTED_FRAMES, len(frames))).round().astype(int)
    color_map = find_map([load(frames[number], "--source") for number in chosen])
    if out:
        with atomic_folder(out, "--out") as partial:
            for path in tqdm(frames, "frames", unit="image", leave=False):
                target = partial / Path(path).relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                write_image(target, color_map.translate(load(path, "--source"), strength))
    return color_map
