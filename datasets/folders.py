"""A data set in a folder: its files found, checked, and opened as pictures."""

from itertools import chain
from pathlib import Path

from datasets.checking import find_bad
from datasets.download import ARCHIVES
from datasets.files import other_pictures
from datasets.layouts import check_counts, find_files
from datasets.pictures import file_pictures
from utils.errors import UserError


def open_folder(task, folder, splits, seed=0, layout="auto", skip_bad=False):
    """The pictures of a folder.

    Args:
        task, seed, layout: as `layouts.find_files`.
        folder: the data set's.
        splits: of ``"train"`` and ``"test"``, those that are wanted.
        skip_bad: leave bad files out, instead of an error.

    Returns:
        A text about what was found, and a dict of split to a dict of group (`layouts.Found`) to `Pictures`.

    Raises:
        UserError: as `layouts.find_files`; for a missing folder; for bad files, with the names of all.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(_missing(folder))
    found = {split: find_files(task, folder, split, seed, layout) for split in splits}
    paths = {path: files.halves for files in found.values() for path in _paths(files)}
    bad = find_bad([*paths], [path for path, halves in paths.items() if halves], f"{folder}.checked.json")
    if bad and not skip_bad:
        names = "; ".join(f"{path} ({reason})" for path, reason in sorted(bad.items()))
        raise UserError(
            f"{_count(bad, 'picture')} cannot be used: {names}; mend or remove them, or give --skip_bad true"
        )
    about = [next(iter(found.values())).layout + " layout"]
    about += [f"{_count(bad, 'bad file')} left out"] if bad else []
    others = other_pictures(folder)
    about += [f"not taken: {', '.join(f'{n} {suffix}' for suffix, n in sorted(others.items()))}"] if others else []
    return "; ".join(about), {split: _open(task, split, files, bad, folder) for split, files in found.items()}


def _open(task, split, files, bad, folder):
    kept = {
        group: [item for item in items if bad.keys().isdisjoint([item] if isinstance(item, str) else item)]
        for group, items in files.groups.items()
    }
    check_counts(task, split, {group: len(items) for group, items in kept.items()}, folder.resolve())
    return {group: file_pictures(items, files.halves) for group, items in kept.items()}


def _paths(files):
    items = chain.from_iterable(files.groups.values())
    return chain.from_iterable([item] if isinstance(item, str) else item for item in items)


def _missing(folder):
    download = ""
    for archive in ARCHIVES.values():
        if archive.folder == folder.name:
            download = f"python -m datasets.download {archive.name} --dataroot {folder.parent} brings it; "
    return (
        f"data set {folder.name!r} was looked for in {folder.resolve()} and is not there; {download}name its parent "
        "folder with --dataroot, or take --dataset sample, which needs no download"
    )


def _count(things, name):
    return f"{len(things)} {name}{'s' * (len(things) != 1)}"
