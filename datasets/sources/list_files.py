"""Lists of images in text files: train.txt, and test.txt or val.txt."""

import os

from datasets.sources.dividing import hold_out
from utils import UserError


def list_groups(folder, split, seed):
    """The images of a split: ``{"photos": paths}`` or ``{"pairs": tuples of two paths}``."""
    tests = next((name for name in ("test.txt", "val.txt") if (folder / name).is_file()), None)
    train = _lines(folder / "train.txt")
    if tests is None:
        places = hold_out(["\t".join(columns) for columns in train], split, seed)
        lines = [train[place] for place in places]
    else:
        test = _lines(folder / tests)
        both = sorted({*train} & {*test})
        if both:
            raise UserError(f"{folder / 'train.txt'} and {tests} have images in common: {', '.join(both[0])}, ...")
        lines = train if split == "train" else test
    items = [tuple(str(folder / column) for column in line) for line in lines]
    return {"pairs": items} if items and len(items[0]) == 2 else {"photos": [path for (path,) in items]}


def _lines(path):
    """The different lines of a list, sorted: tuples of a path, or of the two of a pair."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read as a list of images, a path a line: {error}") from None
    found = {tuple(os.path.normpath(column.strip()) for column in line.split("\t")) for line in lines if line.strip()}
    columns = {len(line) for line in found}
    if columns - {1} and columns - {2}:
        raise UserError(f"{path} should have a path in every line, or in every line the two paths of a pair and a tab")
    return sorted(found)
