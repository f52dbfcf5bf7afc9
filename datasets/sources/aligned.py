"""Pairs of files with the same name in two folders."""

import os

from datasets.sources.files import image_files, is_system_folder
from utils import UserError

INPUT, RETOUCHED = "input", "expertC"  # folders, as in MIT-Adobe FiveK


def paired(first_folder, second_folder, *, images, hint):
    """Pair the files of two folders by name. Return a list of tuples of two paths.

    Args:
        first_folder, second_folder: the folders.
        images: names the files in error messages.
        hint: tells the user, in the error message, what to do about a file without a partner.

    Raises:
        UserError: if a file has no partner, or if two files of one folder have the same name.
    """
    first, second = files_by_name(first_folder), files_by_name(second_folder)
    single = sorted(first.keys() ^ second.keys())
    if single:
        names = [first_folder.name, second_folder.name]
        where = f"{first_folder.parent.resolve()}: {images} {', '.join(single)}"
        raise UserError(f"{where} are in only one of the folders {' and '.join(names)}; {hint}")
    duplicates = [paths for paths in (*first.values(), *second.values()) if len(paths) > 1]
    if duplicates:
        raise UserError(
            f"{', '.join(duplicates[0])} have the same name, but aligned images are paired by name; rename one"
        )
    return [(first[name][0], second[name][0]) for name in sorted(first)]


def input_and_retouched(folder):
    """Return the folder ``input`` and the retouched one: expertC or, if there is none, the only other folder."""
    names = [path.name for path in folder.iterdir() if path.is_dir() and not is_system_folder(path.name)]
    others = sorted({*names} - {INPUT})
    retouched = [name for name in others if name == RETOUCHED] or others
    if len(retouched) != 1:
        raise UserError(
            f"{folder.resolve()} has input and {' and '.join(others) or 'no other folder'}; put the retouched "
            f"photographs in one other folder, or name their folder {RETOUCHED}"
        )
    return folder / INPUT, folder / retouched[0]


def files_by_name(folder):
    """Find the images of a folder. Return a dict from each name, without its suffix, to a list of paths."""
    files = {}
    for path in image_files(folder):
        name = os.path.splitext(os.path.relpath(path, folder))[0]
        files.setdefault(name, []).append(path)
    return files
