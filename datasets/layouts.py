"""Folder layouts: which picture files a data set has, and how they are divided.

| layout   | folders                        | its pictures                                                     |
|----------|--------------------------------|------------------------------------------------------------------|
| pix2pix  | train, and test or val         | two halves side by side                                          |
| cyclegan | trainA, trainB, testA, testB   | photographs of two kinds, A and B                                |
| flat     | any                            | photographs: sorted, shuffled by the seed, 90 % train, 10 % test |
"""

import os
from pathlib import Path

import numpy as np

from datasets.addresses import ADDRESSES
from utils.errors import UserError

SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png")
_TAKES = {
    "colorization": ("pix2pix", "cyclegan", "flat"),
    "color_transfer": ("cyclegan", "flat"),
    "edges2photos": ("pix2pix",),
}


def find_files(task, dataroot, dataset, split, seed=0):
    """The files of one split of the data set ``dataroot/dataset``.

    Args:
        task: what they are for.
        dataroot, dataset: the data set's folder.
        split: ``"train"`` or ``"test"``.
        seed: of the flat layout's division.

    Returns:
        A dict of sorted lists of paths: ``{"pairs"}``, ``{"A", "B"}`` or ``{"photos"}``.

    Raises:
        UserError: for a folder that is missing, has no pictures for the split, or not those that the task takes.
    """
    folder = Path(dataroot) / dataset
    if not os.path.isdir(folder):
        address = f"it can be had from {ADDRESSES[dataset]}; " if dataset in ADDRESSES else ""
        raise UserError(
            f"data set {dataset!r} was looked for in {folder.resolve()} and is not there; {address}"
            "name its parent folder with --dataroot, or take --dataset sample, which needs no download"
        )
    if any((folder / name).is_dir() for name in ("trainA", "testA")):
        layout, files = "cyclegan", {side: picture_files(folder / f"{split}{side}") for side in "AB"}
    elif (folder / "train").is_dir():
        layout, files = "pix2pix", {"pairs": picture_files(_pix2pix_folder(folder, split))}
    else:
        layout, files = "flat", {"photos": _divide(picture_files(folder), split, seed)}

    if layout not in _TAKES[task]:
        raise UserError(f"{task} takes the layouts {' and '.join(_TAKES[task])}, but {folder.resolve()} is {layout}")
    counts = [len(paths) for paths in files.values()]
    if not sum(counts) or (task == "color_transfer" and not all(counts)):
        where = " and ".join(f"{split}{side}" for side in "AB") if layout == "cyclegan" else layout + " layout"
        raise UserError(f"{folder.resolve()} has no {split}ing pictures ({', '.join(SUFFIXES)}; {where})")
    if task == "color_transfer" and counts == [1]:
        raise UserError(f"{folder.resolve()} has a single {split}ing picture, but color_transfer needs two or more")
    return files


def picture_files(folder):
    """The sorted paths of the pictures in a folder and its folders."""
    return sorted(str(path) for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def _pix2pix_folder(folder, split):
    if split == "test" and not (folder / "test").is_dir():
        return folder / "val"
    return folder / split


def _divide(paths, split, seed):
    """90 % of the sorted paths to train, 10 % (one at least) to test, drawn by the seed."""
    order = np.random.default_rng(seed).permutation(len(paths))
    held_out = max(1, round(len(paths) / 10))
    chosen = order[held_out:] if split == "train" else order[:held_out]
    return [paths[index] for index in sorted(chosen)]
