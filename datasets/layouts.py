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

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from datasets.decoding import FORMATS, SUFFIXES
from datasets.files import picture_files
from utils.errors import UserError

LAYOUTS = ("pairs", "aligned", "unaligned", "flat", "list")
TAKES = {
    "colorization": LAYOUTS,
    "color_transfer": ("aligned", "unaligned", "flat", "list"),
    "edges2photos": ("pairs", "aligned", "list"),
}
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
        UserError: for a folder that has other pictures than the task takes, and for lists that cannot be read.
    """
    folder = Path(folder)
    layout = _detect(task, folder) if layout == "auto" else layout
    check_fits(task, layout, folder)
    groups = _GROUPS[layout](folder, split, seed)
    halves = layout == "pairs" or (task == "edges2photos" and "photos" in groups)
    if halves:
        groups = {"pairs": next(iter(groups.values()))}
    return Found(layout, groups, halves)


def check_fits(task, layout, where):
    """A UserError where the task takes no pictures in such a layout."""
    if layout not in TAKES[task]:
        raise UserError(
            f"{task} takes the layouts {', '.join(TAKES[task])}, but {where} is {layout}; --layout has the last word"
        )


def check_counts(task, split, counts, where):
    """A UserError where the groups of a split, a dict of name to number of pictures, are too few for the task."""
    if not sum(counts.values()) or (task == "color_transfer" and not all(counts.values())):
        empty = " and ".join(f"{split}{name}" if name in "AB" else split for name, n in counts.items() if not n)
        raise UserError(
            f"{where} has no {split}ing pictures that can be read: looked for {', '.join(SUFFIXES)} in {empty}"
            f"{' or val' if split == 'test' else ''}; --layout names another way to look"
        )
    if task == "color_transfer" and counts == {"photos": 1}:
        raise UserError(f"{where} has a single {split}ing picture, but color_transfer needs two or more")


def hold_out(names, split, seed):
    """Which of the names are to train on, or the 10 % (one at least) to test on: their places, sorted.

    Drawn by a digest of the seed and each name, so that the others stay where they are when one comes or goes.
    """
    order = sorted(range(len(names)), key=lambda place: hashlib.sha256(os.fsencode(f"{seed} {names[place]}")).digest())
    held_out = max(1, round(len(names) / 10))
    return sorted(order[held_out:] if split == "train" else order[:held_out])


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
    for path in picture_files(folder):
        try:
            with Image.open(path, formats=FORMATS) as picture:
                shapes.append(picture.size)
        except Exception:  # a bad file: `checking` names it
            continue
        if len(shapes) == _LOOKED_AT:
            break
    return bool(shapes) and all(width == 2 * height for width, height in shapes)


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
    several = [paths for paths in (*first.values(), *second.values()) if len(paths) > 1]
    if several:
        raise UserError(f"{', '.join(several[0])} have one name, and aligned pictures are found by their names")
    return {"pairs": [(first[name][0], second[name][0]) for name in sorted(first)]}


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
    places = hold_out([os.path.relpath(path, folder) for path in files], split, seed)
    return {"photos": [files[place] for place in places]}


def _list(folder, split, seed):
    tests = next((name for name in ("test.txt", "val.txt") if (folder / name).is_file()), None)
    train = _lines(folder / "train.txt")
    if tests is None:
        places = hold_out(["\t".join(columns) for columns in train], split, seed)
        lines = [train[place] for place in places]
    else:
        test = _lines(folder / tests)
        both = sorted({*train} & {*test})
        if both:
            raise UserError(f"{folder / 'train.txt'} and {tests} have pictures in common: {', '.join(both[0])}, ...")
        lines = train if split == "train" else test
    items = [tuple(str(folder / column) for column in line) for line in lines]
    return {"pairs": items} if items and len(items[0]) == 2 else {"photos": [path for (path,) in items]}


def _lines(path):
    """The different lines of a list, sorted: tuples of a path, or of the two of a pair."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read as a list of pictures, a path a line: {error}") from None
    found = {tuple(os.path.normpath(column.strip()) for column in line.split("\t")) for line in lines if line.strip()}
    columns = {len(line) for line in found}
    if columns - {1} and columns - {2}:
        raise UserError(f"{path} should have a path in every line, or in every line the two paths of a pair and a tab")
    return sorted(found)


_GROUPS = {"pairs": _pairs, "aligned": _aligned, "unaligned": _unaligned, "flat": _flat, "list": _list}


def _sides(folder, split):
    """The files of A and B by their names without ending."""
    return [_by_name(_split_folder(folder, split, side)) for side in "AB"]


def _by_name(folder):
    named = {}
    for path in picture_files(folder):
        name = os.path.splitext(os.path.relpath(path, folder))[0]
        named.setdefault(name, []).append(path)
    return named


def _split_folder(folder, split, side=""):
    """train, or test, or val where there is no test."""
    if split == "test" and not (folder / f"test{side}").is_dir():
        return folder / f"val{side}"
    return folder / f"{split}{side}"
