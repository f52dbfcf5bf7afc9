"""A folder of frames in the colors of one reference: all share one fit."""

from pathlib import Path

import numpy as np
from tqdm import tqdm

import datasets
from utils import UserError, atomic_folder, check_folder
from utils.images import load_image, write_image

FITTED_FRAMES = 8  # most frames that the fit sees


def transfer_frames(fitter, folder, *, references, out, strength):
    """Fit some frames together, and write all of them to a new folder under their own names.

    Args:
        fitter: `models.PairFitter`.
        folder: the folder of frames.
        references: a list of one path.
        out: a new or empty folder. It appears when it is complete.
        strength: from 0, the frames themselves, to 1.

    Raises:
        UserError: for a folder without images, more than one reference, and files that cannot be read or written.
    """
    frames = datasets.image_files(folder)
    if not frames:
        raise UserError(f"--source {folder} has no images; give a folder of frames, or an image")
    if len(references) > 1:
        raise UserError("--reference: a folder of frames takes one; give one")
    check_folder(out, "--out")
    chosen = np.linspace(0, len(frames) - 1, min(FITTED_FRAMES, len(frames))).round().astype(int)
    images = [load_image(frames[number], "--source") for number in chosen]
    reference = load_image(references[0], "--reference")
    with tqdm(desc="fitting", total=fitter.steps, unit="step", leave=False) as bar:
        color_map = fitter.fit(images, reference, on_step=lambda *_: bar.update())
    with atomic_folder(out, "--out") as partial:
        for path in tqdm(frames, "frames", unit="image", leave=False):
            target = partial / Path(path).relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            write_image(target, color_map.translate(load_image(path, "--source"), strength))
