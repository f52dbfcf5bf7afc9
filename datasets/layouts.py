"""Folder layouts: which picture files a data set has, and how they are divided.

| layout    | what the folder holds                                  | its pictures                                   |
|-----------|--------------------------------------------------------|------------------------------------------------|
| pairs     | train, and test or val                                 | two halves side by side (pix2pix)              |
| aligned   | trainA, trainB, and testA, testB or valA, valB         | pairs: the two files of one name               |
| unaligned | the same                                               | photographs of two kinds, A and B (CycleGAN)   |
| flat      | train, and test or val; or any folders                 | photographs; where undivided, 10 % are to test |
| list      | train.txt, and test.txt or val.txt; or train.txt alone | a path a line, or two with a tab, of a pair    |

Folders are searched to any depth. What a folder or list does not divide itself is sorted and drawn by the seed.
"""

import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from datasets.decoding import FORMATS, SUFFIXES
from utils.errors import UserError

LAYOUTS = ("pairs", "aligned", "unaligned", "flat", "list")
TAKES = {
    "colorization": LAYOUTS,
    "color_transfer": ("aligned", "unaligned", "flat", "list"),
    "edges2photos": ("pairs", "aligned", "list"),
}
OTHER_PICTURES = {*Image.registered_extensions(), ".heic", ".heif"} - {*SUFFIXES}
_LOOKED_AT = 8


class Found(NamedTuple):
    """The files of one split.

    ``groups``: ``{"A", "B"}``, ``{"photos"}`` or ``{"pairs"}``, sorted lists of paths, of pairs in two files of tuples.
    ``halves``: whether each picture is two side by side.
    """

    layout: str
    groups: dict
    halves: bool


def find_files(task, folder, split, seed=0, layout="auto"):
    """The files of one split of a data set.

    Args:
        task: what they are for.
        folder: the data set's.
        split: ``"train"`` or ``"test"``.
        seed: of the division of what is not divided.
        layout: a name of LAYOUTS, or ``"auto"``: found out from the folder.

    Returns:
        `Found`.

    Raises:
        UserError: for a folder that has no pictures for the split, or not those that the task takes.
    """
    folder = Path(folder)
    layout = _detect(task, folder) if layout == "auto" else layout
    check_fits(task, layout, folder)
    groups = _GROUPS[layout](folder, split, seed)
    halves = layout == "pairs" or (task == "edges2photos" and "photos" in groups)
    if halves:
        groups = {"pairs": next(iter(groups.values()))}
    counts = [len(items) for items in groups.values()]
    if not sum(counts) or (task == "color_transfer" and not all(counts)):
        raise UserError(
            f"{folder.resolve()} has no {split}ing pictures ({', '.join(SUFFIXES)}) where the layout {layout} has "
            "them; --layout names another"
        )
    if task == "color_transfer" and "photos" in groups and counts == [1]:
        raise UserError(f"{folder.resolve()} has a single {split}ing picture, but color_transfer needs two or more")
    return Found(layout, groups, halves)


def check_fits(task, layout, where):
    """A UserError where the task takes no pictures in such a layout."""
    if layout not in TAKES[task]:
        raise UserError(f"{task} takes the layouts {', '.join(TAKES[task])}, but {where} is {layout}")


def picture_files(folder):
    """The sorted paths of the pictures in a folder and its folders; hidden ones are not."""
    return [path for path in _visible(folder) if _suffix(path) in SUFFIXES]


def other_pictures(folder):
    """How many pictures of kinds that are not taken a folder has: ``{".gif": 3}``."""
    return Counter(_suffix(path) for path in _visible(folder) if _suffix(path) in OTHER_PICTURES)


def divide(items, split, seed):
    """90 % of the sorted items to train, 10 % (one at least) to test, drawn by the seed."""
    order = np.random.default_rng(seed).permutation(len(items))
    held_out = max(1, round(len(items) / 10))
    chosen = order[held_out:] if split == "train" else order[:held_out]
    return [items[index] for index in sorted(chosen)]


def _visible(folder):
    """The sorted paths of the files in a folder and its folders, but of hidden ones and what macOS adds to archives."""
    found = []
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        found += [os.path.join(root, name) for name in files if not name.startswith(".")]
    return sorted(found)


def _suffix(path):
    return os.path.splitext(path)[1].lower()


def _detect(task, folder):
    if (folder / "train.txt").is_file():
        return "list"
    if any((folder / name).is_dir() for name in ("trainA", "testA")):
        split = "train" if (folder / "trainA").is_dir() else "test"
        first, second = _sides(folder, split)
        return "aligned" if first and first.keys() == second.keys() else "unaligned"
    if (folder / "train").is_dir() and (task == "edges2photos" or _are_twice_as_wide(folder / "train")):
        return "pairs"
    return "flat"


def _are_twice_as_wide(folder):
    """Whether the first pictures of a folder have the shape of two squares side by side."""
    shapes = []
    for path in picture_files(folder)[:_LOOKED_AT]:
        try:
            with Image.open(path, formats=FORMATS) as picture:
                shapes.append(picture.size)
        except Exception:  # a bad file: `checking` names it
            continue
    return all(width == 2 * height for width, height in shapes)


def _pairs(folder, split, seed):
    return {"pairs": picture_files(_split_folder(folder, split))}


def _aligned(folder, split, seed):
    first, second = _sides(folder, split)
    alone = sorted(first.keys() ^ second.keys())
    if alone:
        raise UserError(
            f"{folder.resolve()}: the {split}ing pictures {', '.join(alone)} are in one of the folders A and B only; "
            "give each its partner, or --layout unaligned"
        )
    return {"pairs": [(first[name], second[name]) for name in sorted(first)]}


def _unaligned(folder, split, seed):
    return {side: picture_files(_split_folder(folder, split, side)) for side in "AB"}


def _flat(folder, split, seed):
    if (folder / "train").is_dir():
        return {"photos": picture_files(_split_folder(folder, split))}
    files = picture_files(folder)
    if len(files) == 1:
        raise UserError(
            f"{folder.resolve()} has a single picture, {files[0]}: one to train on and one to test on are two"
        )
    return {"photos": divide(files, split, seed)}


def _list(folder, split, seed):
    divided = (folder / "test.txt").is_file() or (folder / "val.txt").is_file()
    name = "train.txt" if split == "train" or not divided else "test.txt"
    path = folder / ("val.txt" if name == "test.txt" and not (folder / name).is_file() else name)
    try:
        lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read as a list of pictures, a path a line: {error}") from None
    columns = {len(line) for line in lines}
    if columns - {1} and columns - {2}:
        raise UserError(f"{path} should have a path in every line, or in every line the two paths of a pair and a tab")
    items = sorted(tuple(str(folder / column.strip()) for column in line) for line in lines)
    items = items if divided else divide(items, split, seed)
    return {"pairs": items} if columns == {2} else {"photos": [path for (path,) in items]}


_GROUPS = {"pairs": _pairs, "aligned": _aligned, "unaligned": _unaligned, "flat": _flat, "list": _list}


def _sides(folder, split):
    """The files of A and B by their names without ending."""
    folders = [_split_folder(folder, split, side) for side in "AB"]
    return [{os.path.splitext(os.path.relpath(p, side))[0]: p for p in picture_files(side)} for side in folders]


def _split_folder(folder, split, side=""):
    """train, or test, or val where there is no test."""
    if split == "test" and not (folder / f"test{side}").is_dir():
        return folder / f"val{side}"
    return folder / f"{split}{side}"
