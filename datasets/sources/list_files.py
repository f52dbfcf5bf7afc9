"""Lists of images in text files: train.txt, and test.txt or val.txt."""

import os

from utils import UserError


def list_groups(folder, split, division):
    """Read the images of a split: ``{"photos": paths}`` or ``{"pairs": tuples of two paths}``.

    ``division`` is used if there is no list of test images. It is a function that takes the group's name and the
    images' names, and returns a dict from each split to the indices of its images.
    """
    test_file = next((name for name in ("test.txt", "val.txt") if (folder / name).is_file()), None)
    train = _lines(folder / "train.txt")
    if test_file is None:
        indices = division(_group(train), ["\t".join(columns) for columns in train])[split]
        lines = [train[index] for index in indices]
    else:
        test = _lines(folder / test_file)
        common = sorted({*train} & {*test})
        if common:
            raise UserError(
                f"{folder / 'train.txt'} and {test_file} have images in common: {', '.join(common[0])}, ...; "
                "remove them from one of the two lists"
            )
        lines = train if split == "train" else test
    items = [tuple(str(folder / column) for column in line) for line in lines]
    return {"pairs": items} if _group(items) == "pairs" else {"photos": [path for (path,) in items]}


def _group(lines):
    return "pairs" if lines and len(lines[0]) == 2 else "photos"


def _lines(path):
    """Read the lines of a list, sorted and without duplicates: tuples of one path, or of two for a pair."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read ({error}); it should be a text file with a path on each line") from None
    found = {tuple(os.path.normpath(column.strip()) for column in line.split("\t")) for line in lines if line.strip()}
    columns = {len(line) for line in found}
    if columns - {1} and columns - {2}:
        raise UserError(f"{path} should have a path on every line, or two paths with a tab between them on every line")
    return sorted(found)
