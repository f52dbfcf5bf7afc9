"""Open a data set in a folder: find its files, check them, and list their images."""

from itertools import chain
from pathlib import Path

import numpy as np

from datasets.sources.checking import examine_files, find_bad
from datasets.sources.dividing import check_counts
from datasets.sources.files import other_images
from datasets.sources.image_list import file_images
from datasets.sources.layouts import find_files
from utils import UserError, atomic_write
from utils.images import MAX_MEGAPIXELS

MOST_NAMED = 10  # number of bad files that an error message names


def dataset_folder(dataset, dataroot):
    """Return the folder of a data set: DATAROOT/NAME or, if there is none, the folder with the path NAME."""
    inside, path = Path(dataroot) / dataset, Path(dataset)
    return path.absolute() if path.is_dir() and not inside.is_dir() else inside


def open_folder(
    task,
    folder,
    *,
    splits,
    seed=0,
    layout="auto",
    skip_bad=False,
    same_size=False,
    max_megapixels=MAX_MEGAPIXELS,
):
    """Open a data set in a folder.

    Args:
        task, seed, layout: as in `layouts.find_files`.
        folder: the data set's folder.
        splits: which of ``"train"`` and ``"test"`` to open.
        skip_bad: whether to leave out bad files instead of raising an error.
        same_size: whether the two images of a pair must have the same size.
        max_megapixels: the largest image that can be used, in millions of pixels.

    Returns:
        A text that describes what was found, and a dict ``{split: {group: ImageList}}``. The groups are A and B, or
        photos, or pairs, as in `layouts.Found`.

    Raises:
        UserError: as `layouts.find_files`, if the folder is missing, and if there are bad files. The message names the
            first bad files, and FOLDER.bad.txt lists all. FOLDER.warned.txt lists files with faults that do not
            prevent their use.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise UserError(_missing(folder))
    found = {split: find_files(task, folder, split, seed=seed, layout=layout) for split in splits}
    paths = {path: files.halves for files in found.values() for path in _paths(files)}
    examined = examine_files([*paths], f"{folder}.checked.json", max_megapixels)
    pairs = [item for files in found.values() for item in files.groups.get("pairs", ()) if not isinstance(item, str)]
    bad = find_bad(
        examined, halves=[path for path, halves in paths.items() if halves], same_size=pairs if same_size else ()
    )
    description = [next(iter(found.values())).layout + " layout"]
    if bad:
        listed = _write_list(f"{folder}.bad.txt", bad)
        if not skip_bad:
            raise UserError(_bad(bad, listed))
        description.append(_listed(f"{_count(bad, 'bad file')} left out", listed))
    if warned := {path: "; ".join(image.notes) for path, image in examined.items() if image.notes and path not in bad}:
        listed = _write_list(f"{folder}.warned.txt", warned)
        description.append(_listed(f"{_count(warned, 'file')} with a warning", listed))
    if others := other_images(folder):
        description.append(f"not used: {others}")
    if deep := sum(image.bits == 16 for image in examined.values()):
        description.append(f"{deep} of {_count(examined, 'file')} of 16 bits")
    dtype = np.uint16 if deep else np.uint8
    groups = {split: _open(task, split, files, bad=bad, folder=folder, dtype=dtype) for split, files in found.items()}
    return "; ".join(description), groups


def _open(task, split, files, *, bad, folder, dtype):
    """Open the images of a `layouts.Found`, by group, without bad files."""
    kept = {
        group: [item for item in items if bad.keys().isdisjoint([item] if isinstance(item, str) else item)]
        for group, items in files.groups.items()
    }
    counts, found = ({group: len(items) for group, items in groups.items()} for groups in (kept, files.groups))
    check_counts(task, split, counts, where=folder.resolve(), found=found)
    return {group: file_images(items, folder, halves=files.halves, dtype=dtype) for group, items in kept.items()}


def _bad(bad, listed):
    """Write the error message about bad files, ``{path: reason}``. ``listed``: the file that lists them, or None."""
    names = [f"{path} ({reason})" for path, reason in sorted(bad.items())]
    named = names[:MOST_NAMED]
    if len(names) > MOST_NAMED:
        named.append(f"and {len(names) - MOST_NAMED} more")
    if listed:
        named.append(f"{listed} lists them")
    return f"{_count(bad, 'image')} cannot be used: {'; '.join(named)}; repair or remove them, or give --skip_bad"


def _listed(text, path):
    return f"{text}, listed in {path}" if path else text


def _write_list(path, files):
    """List files, ``{path: reason}``, in a text file and return its path, or None if it cannot be written."""
    try:
        with atomic_write(path) as temporary:
            text = "".join(f"{name}: {reason}\n" for name, reason in sorted(files.items()))
            temporary.write_text(text, encoding="utf-8", errors="surrogateescape")  # a name may not be valid text
    except OSError:  # a read-only folder, or a full disk
        return None
    return path


def _paths(files):
    """Return all paths of a `layouts.Found`."""
    items = chain.from_iterable(files.groups.values())
    return chain.from_iterable([item] if isinstance(item, str) else item for item in items)


def _missing(folder):
    return (
        f"data set {folder.name!r}: there is no folder {folder.resolve()}; give its path, its parent folder with "
        f"--dataroot, or download it with huenet download {folder.name} --dataroot {folder.parent} if "
        "huenet download --help lists it, or give --dataset sample, which needs no download"
    )


def _count(files, noun):
    return f"{len(files)} {noun}{'s' * (len(files) != 1)}"
