"""Transfer the colors of one reference to a folder of video frames, with one color map for all frames."""

import functools
import os
from pathlib import Path

import numpy as np
from tqdm import tqdm

import datasets
from utils import UserError, atomic_folder, warn
from utils.films import is_film
from utils.images import ACCEPTED, check_size, write_photograph

FITTED_FRAMES = 8  # the maximum number of frames to fit the map to


def transfer_frames(folder, find_map, *, out, strength, load):
    """Find one color map for evenly spaced frames, apply it to all frames, and write them under their own names.

    A frame that cannot be read is left out, with a warning.

    Args:
        folder: the folder of frames.
        find_map: a function that takes a list of photographs and returns their color map.
        out: a new or empty folder, which is created only once all frames are written; or None to write nothing.
        strength: a number from 0 to 2. At 0 frames stay unchanged, at 1 the map applies in full, and 2 doubles its
            effect.
        load: a function that loads a `Photograph`, as `photograph_loader` returns it.

    Returns:
        The color map, and whether all frames could be read.

    Raises:
        UserError: if the folder has no images, none of the frames to fit can be read, or a file cannot be written.
    """
    frames = find_images(folder)
    readable, bad = functools.partial(_readable, load=load), set()
    chosen = np.linspace(0, len(frames) - 1, min(FITTED_FRAMES, len(frames))).round().astype(int)
    fitted = [*readable([frames[number] for number in chosen], bad)]
    if not fitted:
        raise UserError(f"--source {folder}: none of the {len(chosen)} frames to fit can be read; repair them")
    color_map = find_map([image for _, image in fitted])
    profile = fitted[0][1].profile  # the map is one of this RGB
    if out:
        with atomic_folder(out, "--out") as partial:
            for path, image in readable(tqdm(frames, "frames", unit="image", leave=False), bad):
                target = partial / Path(path).relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                image = image.converted(profile)
                write_photograph(target, image.recolored(color_map.translate(image.rgb, strength)))
    if bad:
        warn(f"frames left out: {len(bad)} of {len(frames)}")
    return color_map, not bad


def find_images(folder):
    """Return the paths of the images in a folder. Warn about those in formats that are not read.

    Raises:
        UserError: if the folder has no images.
    """
    images, others = datasets.image_files(folder), datasets.other_images(folder)
    if not images:
        found = f" that are read in folders, but {others}" if others else ""
        raise UserError(f"--source {folder} has no images{found}; give a folder of {ACCEPTED} files, or an image")
    if others:
        warn(f"--source {folder}: {others} are not read in folders, and {ACCEPTED} are; they are left out")
    return images


def refuse_folders(sources, remedy):
    """Raise a UserError if one of the sources is a folder or a film."""
    for source in sources:
        if os.path.isdir(source) or is_film(source):
            raise UserError(f"--source: {source} is a {'folder' if os.path.isdir(source) else 'film'}; {remedy}")


def _readable(paths, bad, load):
    """Yield the path and the image of each frame that can be read and written. Add the paths of others to ``bad``."""
    for path in paths:
        if path in bad:
            continue
        try:
            image = load(path, "--source")
            check_size(path, image.rgb.shape[:2])
        except UserError as error:
            bad.add(path)
            warn(f"left out: {error}")
        else:
            yield path, image
