"""Folder layouts: which image files a data set has, and which of them are for training and testing.

| layout    | what the folder holds                                  | its images                                   |
|-----------|--------------------------------------------------------|------------------------------------------------|
| pairs     | train, and test or val                                 | two halves side by side (pix2pix)              |
| aligned   | trainA, trainB, and testA, testB or valA, valB         | pairs: the two files of one name               |
| unaligned | the same                                               | photographs of two kinds, A and B (CycleGAN)   |
| flat      | train, and test or val; or any folders                 | photographs; where undivided, 10 % are to test |
| list      | train.txt, and test.txt or val.txt; or train.txt alone | a path a line, or two with a tab, of a pair    |

Folders are searched to any depth. What a folder or list does not divide itself is divided by the seed (`dividing`).
"""

import os
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from datasets.sources.decoding import FORMATS, SUFFIXES
from datasets.sources.dividing import hold_out
from datasets.sources.files import image_files
from datasets.sources.list_files import list_groups
from utils import UserError

_LOOKED_AT = 8


class Found(NamedTuple):
    """The files of one split.

    ``groups``: ``{"A", "B"}``, ``{"photos"}`` or ``{"pairs"}``, sorted lists of paths, of pairs in two files of tuples.
    ``halves``: whether each image is two side by side.
    """

    layout: str
    groups: dict
    halves: bool


def find_files(task, folder, split, *, seed=0, layout="auto"):
    """The files of one split of a data set.

    Args:
        task: `tasks.Task`.
        folder: the data set's.
        split: ``"train"`` or ``"test"``.
        seed: of the division of what is not divided.
        layout: a name of `tasks.LAYOUTS`, or ``"auto"``: found out from the folder.

    Returns:
        `Found`.

    Raises:
        UserError: for a folder that has other images than the task takes, and for lists that cannot be read.
    """
    folder = Path(folder)
    layout = _detect(task, folder) if layout == "auto" else layout
    check_fits(task, layout, folder)
    groups = _GROUPS[layout](folder, split, seed)
    halves = layout == "pairs" or (task.needs_pairs and "photos" in groups)
    if halves:
        groups = {"pairs": next(iter(groups.values()))}
    return Found(layout, groups, halves)


def check_fits(task, layout, where):
    """A UserError where the task takes no images in such a layout."""
    if layout not in task.layouts:
        raise UserError(
            f"{task.name} takes the layouts {', '.join(task.layouts)}, but {where} is {layout}; --layout overrides it"
        )


def check_counts(task, split, counts, *, where):
    """A UserError where the groups of a split, a dict of name to number of images, are too few for the task."""
    if not sum(counts.values()) or not (task.paired or all(counts.values())):
        empty = " and ".join(f"{split}{name}" if name in "AB" else split for name, n in counts.items() if not n)
        raise UserError(
            f"{where} has no {split}ing images that can be read: looked for {', '.join(SUFFIXES)} in {empty}"
            f"{' or val' if split == 'test' else ''}; --layout names another way to look"
        )
    if not task.paired and counts == {"photos": 1}:
        raise UserError(f"{where} has a single {split}ing image, but {task.name} needs two or more")


def _detect(task, folder):
    if (folder / "train.txt").is_file():
        return "list"
    if any((folder / name).is_dir() for name in ("trainA", "testA")):
        split = "train" if (folder / "trainA").is_dir() else "test"
        first, second = _sides(folder, split)
        return "aligned" if first and first.keys() == second.keys() else "unaligned"
    if (folder / "train").is_dir() and (task.needs_pairs or _are_twice_as_wide(folder / "train")):
        return "pairs"
    return "flat"


def _are_twice_as_wide(folder):
    """Whether the first images of a folder have the shape of two squares side by side."""
    shapes = []
    for path in image_files(folder):
        try:
            with Image.open(path, formats=FORMATS) as image:
                shapes.append(image.size)
        except Exception:  # a bad file: `checking` names it
            continue
        if len(shapes) == _LOOKED_AT:
            break
    return bool(shapes) and all(width == 2 * height for width, height in shapes)


def _pairs(folder, split, seed):
    return {"pairs": image_files(_split_folder(folder, split))}


def _aligned(folder, split, seed):
    first, second = _sides(folder, split)
    alone = sorted(first.keys() ^ second.keys())
    if alone:
        raise UserError(
            f"{folder.resolve()}: the {split}ing images {', '.join(alone)} are in one of the folders A and B only; "
            "give each its partner, or --layout unaligned"
        )
    several = [paths for paths in (*first.values(), *second.values()) if len(paths) > 1]
    if several:
        raise UserError(f"{', '.join(several[0])} have one name, and aligned images are found by their names")
    return {"pairs": [(first[name][0], second[name][0]) for name in sorted(first)]}


def _unaligned(folder, split, seed):
    return {side: image_files(_split_folder(folder, split, side)) for side in "AB"}


def _flat(folder, split, seed):
    if (folder / "train").is_dir():
        return {"photos": image_files(_split_folder(folder, split))}
    files = image_files(folder)
    if len(files) == 1:
        raise UserError(
            f"{folder.resolve()} has a single image, {files[0]}: one to train on and one to test on are two"
        )
    places = hold_out([os.path.relpath(path, folder) for path in files], split, seed)
    return {"photos": [files[place] for place in places]}


_GROUPS = {"pairs": _pairs, "aligned": _aligned, "unaligned": _unaligned, "flat": _flat, "list": list_groups}


def _sides(folder, split):
    """The files of A and B by their names without ending."""
    return [_by_name(_split_folder(folder, split, side)) for side in "AB"]


def _by_name(folder):
    named = {}
    for path in image_files(folder):
        name = os.path.splitext(os.path.relpath(path, folder))[0]
        named.setdefault(name, []).append(path)
    return named


def _split_folder(folder, split, side=""):
    """train, or test, or val where there is no test."""
    if split == "test" and not (folder / f"test{side}").is_dir():
        return folder / f"val{side}"
    return folder / f"{split}{side}"
