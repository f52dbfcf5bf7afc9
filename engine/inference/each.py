"""Transfer colors to each image of a folder by itself, and write all outputs as the same tree of files."""

import os
from pathlib import Path

from tqdm import tqdm

import datasets
from engine.distributed import user_error_if_out_of_memory
from engine.inference.frames import find_images
from engine.inference.output_files import check_apart, check_new_folder
from utils import FullDiskError, UserError, probe, user_error_on_oserror, warn


def check_each(sources, references, *, out, resume):
    """Raise a UserError unless `transfer_each` can begin: there is one folder of images, one reference, and an ``out``.

    ``out`` must be new or empty or, with ``resume``, any folder. It may not hold the folder of images, nor be in it.
    """
    if len(sources) > 1 or not os.path.isdir(sources[0]):
        raise UserError(f"--each: takes one folder of images as --source, got {' '.join(sources)}; leave --each out")
    if len(references) > 1:
        raise UserError("--each: takes one --reference, an image or a folder of images with the same names")
    for option, folder in (("--source", sources[0]), ("--reference", references[0])):
        if os.path.isdir(folder):
            check_apart(out, option, folder)
    if resume and os.path.isdir(out):
        with user_error_on_oserror(f"--out {out}", "give another folder"):
            probe(Path(out, "image"))
        return
    try:
        check_new_folder(out)
    except UserError as error:
        remedy = ", or --resume to keep what it holds" if os.path.isdir(out) else ""
        raise UserError(f"{error}{remedy}") from None


def transfer_each(folder, transfer_one, *, out, resume=False):
    """Write an output for each image of a folder, under the same name. An image that fails is left out with a warning.

    Args:
        folder: the folder of images.
        transfer_one: a function that takes the name of an image in the folder and the path of its output, and writes
            the output.
        out: the folder of the outputs, as in `check_each`.
        resume: whether to keep the outputs that exist. Otherwise, ``out`` is empty.

    Returns:
        Whether there is an output of each image.

    Raises:
        UserError: if the folder has no images, or the disk is full.
    """
    names = [os.path.relpath(path, folder) for path in find_images(folder)]
    kept = failed = 0
    for name in tqdm(names, "images", unit="image", leave=False):
        target = Path(out, name)
        if resume and target.exists():
            kept += 1
            continue
        try:
            with user_error_on_oserror(target.parent, "give another folder"):
                target.parent.mkdir(parents=True, exist_ok=True)
            with user_error_if_out_of_memory(f"give a smaller image than {Path(folder, name)}"):
                transfer_one(name, target)
        except FullDiskError:  # the others would fail too
            raise
        except UserError as error:
            failed += 1
            warn(f"left out: {error}")
    print(f"images: {len(names)}; written: {len(names) - kept - failed}, kept: {kept}, left out: {failed}")
    return not failed


def reference_finder(folder):
    """Return a function that takes a source's name and returns the path of the reference of this name in a folder.

    A reference with another suffix is taken if there is none with the same one. If there is none at all, the function
    raises a UserError.
    """
    paths = datasets.image_files(folder)
    names = [os.path.relpath(path, folder) for path in paths]
    by_name = dict(zip(map(_stem, names), paths, strict=True)) | dict(zip(names, paths, strict=True))

    def find(name):
        if found := by_name.get(name) or by_name.get(_stem(name)):
            return found
        raise UserError(f"{name} has no reference: --reference {folder} has no image of this name; add one")

    return find


def _stem(name):
    return os.path.splitext(name)[0]
