"""Folder layouts: find the image files of a data set, and divide them into training and test images.

| layout    | contents of the folder                                 | meaning of one image                         |
|-----------|--------------------------------------------------------|----------------------------------------------|
| pairs     | train, and test or val                                 | a pair, two halves side by side (pix2pix)    |
| aligned   | trainA, trainB, and testA, testB or valA, valB         | a pair, two files of the same name           |
|           | input, and expertC or one other folder                 | the same: a photograph and its retouched one |
| unaligned | the same                                               | a photograph of group A or B (CycleGAN)      |
| flat      | train, and test or val; or any folders                 | a photograph                                 |
| list      | train.txt, and test.txt or val.txt; or train.txt alone | a path on each line, or a pair: two paths    |
|           |                                                        | with a tab between them                      |

Folders are searched to any depth. If the folder or the list is not divided into training and test images, `dividing`
holds out the fraction ``test_part`` of the task for testing.
"""

import contextlib
import functools
import os
from pathlib import Path
from typing import NamedTuple

from datasets.sources.aligned import INPUT, files_by_name, input_and_retouched, paired
from datasets.sources.dividing import divided
from datasets.sources.files import image_files
from datasets.sources.list_files import list_groups
from utils import UserError
from utils.images import decode

_SAMPLE_COUNT = 8  # number of images to read to see whether a folder holds pairs side by side


class Found(NamedTuple):
    """The files of one split.

    Attributes:
        layout: the folder's layout.
        groups: a dict from each group's name to a sorted list of paths. The names are A and B, or photos, or pairs. A
            pair of two files is a tuple of two paths.
        halves: whether each file holds a pair side by side.
    """

    layout: str
    groups: dict
    halves: bool


def find_files(task, folder, split, *, seed=0, layout="auto"):
    """Find the files of one split of a data set.

    Args:
        task: `tasks.Task`.
        folder: the data set's folder.
        split: ``"train"`` or ``"test"``.
        seed: seed of the division, if the data set comes without one.
        layout: a name of `tasks.LAYOUTS`, or ``"auto"`` to detect it.

    Returns:
        `Found`.

    Raises:
        UserError: if the task does not accept the layout, if the files do not follow it, or if a list cannot be
            read.
    """
    folder = Path(folder)
    layout = _detect(task, folder) if layout == "auto" else layout
    check_layout(task, layout, folder)
    groups = _GROUPS[layout](folder, split, functools.partial(divided, task=task, seed=seed, where=folder.resolve()))
    halves = layout == "pairs" or (task.needs_pairs and "photos" in groups)
    if halves:
        groups = {"pairs": next(iter(groups.values()))}
    return Found(layout, groups, halves)


def check_layout(task, layout, where):
    """Raise a UserError if the task does not accept this layout. ``where`` names the data set in the message."""
    if layout not in task.layouts:
        raise UserError(
            f"{task.name} takes the layouts {', '.join(task.layouts)}, but {where} is {layout}; --layout overrides it"
        )


def _detect(task, folder):
    if (folder / "train.txt").is_file():
        return "list"
    if task.needs_pairs and (folder / INPUT).is_dir():
        return "aligned"
    if any((folder / f"{split}{side}").is_dir() for split in ("train", "test") for side in "AB"):
        split = "train" if (folder / "trainA").is_dir() else "test"
        first, second = (files_by_name(side) for side in _sides(folder, split))
        return "aligned" if first and first.keys() == second.keys() else "unaligned"
    if (folder / "train").is_dir() and (task.needs_pairs or _are_twice_as_wide(folder / "train")):
        return "pairs"
    return "flat"


def _are_twice_as_wide(folder):
    """Return whether the first images of a folder are twice as wide as they are high."""
    shapes = []
    for path in image_files(folder):
        with contextlib.suppress(Exception):  # of a bad file, which `checking` reports
            shapes.append(decode(Path(path).read_bytes()).shape)
        if len(shapes) == _SAMPLE_COUNT:
            break
    return bool(shapes) and all(width == 2 * height for height, width, _ in shapes)


def _pairs(folder, split, division):
    return {"pairs": image_files(_split_folder(folder, split))}


def _aligned(folder, split, division):
    if not (folder / INPUT).is_dir():
        hint = "add their partners, or give --layout unaligned"
        return {"pairs": paired(*_sides(folder, split), images=f"the {split}ing images", hint=hint)}
    pairs = paired(*input_and_retouched(folder), images="the images", hint="add their partners, or remove them")
    indices = division("pairs", [os.path.relpath(first, folder) for first, _ in pairs])[split]
    return {"pairs": [pairs[index] for index in indices]}


def _unaligned(folder, split, division):
    return {side: image_files(_split_folder(folder, split, side)) for side in "AB"}


def _flat(folder, split, division):
    if (folder / "train").is_dir():
        return {"photos": image_files(_split_folder(folder, split))}
    files = image_files(folder)
    indices = division("photos", [os.path.relpath(path, folder) for path in files])[split]
    return {"photos": [files[index] for index in indices]}


_GROUPS = {"pairs": _pairs, "aligned": _aligned, "unaligned": _unaligned, "flat": _flat, "list": list_groups}


def _sides(folder, split):
    """Return the folders of groups A and B."""
    return [_split_folder(folder, split, side) for side in "AB"]


def _split_folder(folder, split, side=""):
    """Return the folder of a split: train or test, or val if there is no test."""
    if split == "test" and not (folder / f"test{side}").is_dir():
        return folder / f"val{side}"
    return folder / f"{split}{side}"
