"""A data set in a folder: find its files, check them, and list them as images."""

from itertools import chain
from pathlib import Path

from datasets.sources.checking import find_bad
from datasets.sources.files import other_images
from datasets.sources.image_list import file_images
from datasets.sources.layouts import check_counts, find_files
from utils import UserError


def open_folder(task, folder, *, splits, seed=0, layout="auto", skip_bad=False):
    """The images of a folder.

    Args:
        task, seed, layout: as `layouts.find_files`.
        folder: the data set's.
        splits: of ``"train"`` and ``"test"``, those that are wanted.
        skip_bad: leave bad files out, instead of an error.

    Returns:
        A description of what was found, and a dict of split to a dict of group (`layouts.Found`) to `ImageList`.

    Raises:
        UserError: as `layouts.find_files`; for a missing folder; for bad files, with the names of all.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(_missing(folder))
    found = {split: find_files(task, folder, split, seed=seed, layout=layout) for split in splits}
    paths = {path: files.halves for files in found.values() for path in _paths(files)}
    bad = find_bad([*paths], [path for path, halves in paths.items() if halves], f"{folder}.checked.json")
    if bad and not skip_bad:
        names = "; ".join(f"{path} ({reason})" for path, reason in sorted(bad.items()))
        raise UserError(f"{_count(bad, 'image')} cannot be used: {names}; mend or remove them, or give --skip_bad true")
    description = [next(iter(found.values())).layout + " layout"]
    if bad:
        description.append(f"{_count(bad, 'bad file')} left out")
    if others := other_images(folder):
        description.append(f"not taken: {', '.join(f'{n} {suffix}' for suffix, n in sorted(others.items()))}")
    groups = {split: _open(task, split, files, bad=bad, folder=folder) for split, files in found.items()}
    return "; ".join(description), groups


def _open(task, split, files, *, bad, folder):
    kept = {
        group: [item for item in items if bad.keys().isdisjoint([item] if isinstance(item, str) else item)]
        for group, items in files.groups.items()
    }
    check_counts(task, split, {group: len(items) for group, items in kept.items()}, where=folder.resolve())
    return {group: file_images(items, files.halves) for group, items in kept.items()}


def _paths(files):
    items = chain.from_iterable(files.groups.values())
    return chain.from_iterable([item] if isinstance(item, str) else item for item in items)


def _missing(folder):
    return (
        f"data set {folder.name!r} was looked for in {folder.resolve()} and is not there; python -m datasets.download "
        f"{folder.name} --dataroot {folder.parent} brings it if it is a known one, --dataroot names another parent "
        "folder, and --dataset sample needs no download"
    )


def _count(things, name):
    return f"{len(things)} {name}{'s' * (len(things) != 1)}"
