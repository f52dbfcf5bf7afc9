"""Open a data set in a folder: find its files, check them, and list their images."""

from itertools import chain
from pathlib import Path

from datasets.sources.checking import find_bad
from datasets.sources.files import other_images
from datasets.sources.image_list import file_images
from datasets.sources.layouts import check_counts, find_files
from utils import UserError


def open_folder(task, folder, *, splits, seed=0, layout="auto", skip_bad=False):
    """Open a data set in a folder.

    Args:
        task, seed, layout: as `layouts.find_files`.
        folder: the data set's.
        splits: which of ``"train"`` and ``"test"`` to open.
        skip_bad: leave out bad files instead of raising an error.

    Returns:
        A description of what was found, and a dict of split to a dict of group to `ImageList`. The groups are those of
        `layouts.Found`: A and B, or photos, or pairs.

    Raises:
        UserError: as `layouts.find_files`; for a missing folder; for bad files, which the message names all.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(_missing(folder))
    found = {split: find_files(task, folder, split, seed=seed, layout=layout) for split in splits}
    paths = {path: files.halves for files in found.values() for path in _paths(files)}
    bad = find_bad([*paths], [path for path, halves in paths.items() if halves], f"{folder}.checked.json")
    if bad and not skip_bad:
        names = "; ".join(f"{path} ({reason})" for path, reason in sorted(bad.items()))
        raise UserError(f"{_count(bad, 'image')} cannot be used: {names}; repair or remove them, or give --skip_bad")
    description = [next(iter(found.values())).layout + " layout"]
    if bad:
        description.append(f"{_count(bad, 'bad file')} left out")
    if others := other_images(folder):
        description.append(f"not used: {', '.join(f'{n} {suffix}' for suffix, n in sorted(others.items()))}")
    groups = {split: _open(task, split, files, bad=bad, folder=folder) for split, files in found.items()}
    return "; ".join(description), groups


def _open(task, split, files, *, bad, folder):
    """The images of a `layouts.Found`, by group, without those in bad files."""
    kept = {
        group: [item for item in items if bad.keys().isdisjoint([item] if isinstance(item, str) else item)]
        for group, items in files.groups.items()
    }
    check_counts(task, split, {group: len(items) for group, items in kept.items()}, where=folder.resolve())
    return {group: file_images(items, folder, files.halves) for group, items in kept.items()}


def _paths(files):
    """All paths of a `layouts.Found`."""
    items = chain.from_iterable(files.groups.values())
    return chain.from_iterable([item] if isinstance(item, str) else item for item in items)


def _missing(folder):
    return (
        f"data set {folder.name!r}: there is no folder {folder.resolve()}; give its parent folder with --dataroot, or "
        f"download it with python -m datasets.download {folder.name} --dataroot {folder.parent} if it is one of those "
        "that python -m datasets.download --help lists, or give --dataset sample, which needs no download"
    )


def _count(files, noun):
    return f"{len(files)} {noun}{'s' * (len(files) != 1)}"
