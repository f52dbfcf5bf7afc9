"""Folder layouts: which picture files a data set has, and how they are divided.

| layout   | folders                        | its pictures                                                     |
|----------|--------------------------------|------------------------------------------------------------------|
| pix2pix  | train, and test or val         | two halves side by side                                          |
| cyclegan | trainA, trainB, testA, testB   | photographs of two kinds, A and B                                |
| flat     | any                            | photographs: sorted, shuffled by the seed, 90 % train, 10 % test |
"""

from pathlib import Path

import numpy as np

from datasets.addresses import ADDRESSES
from utils.errors import UserError

SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp"}


def find_files(dataroot, dataset, split, seed=0):
    """The files of one split.

    Args:
        dataroot, dataset: the data set is the folder ``dataroot/dataset``.
        split: ``"train"`` or ``"test"``.
        seed: of the flat layout's division.

    Returns:
        The layout's name, and a dict of sorted lists of paths: ``{"pairs"}``, ``{"A", "B"}`` or ``{"photos"}``.

    Raises:
        UserError: for a folder that is missing, or that has no pictures for the split.
    """
    folder = Path(dataroot) / dataset
    if not folder.is_dir():
        address = f"it can be had from {ADDRESSES[dataset]}; " if dataset in ADDRESSES else ""
        raise UserError(
            f"data set {dataset!r} was looked for in {folder.resolve()} and is not there; {address}"
            "name its parent folder with --dataroot, or take --dataset sample, which needs no download"
        )
    if any((folder / name).is_dir() for name in ("trainA", "testA")):
        layout, files = "cyclegan", {side: _pictures(folder / f"{split}{side}") for side in "AB"}
    elif (folder / "train").is_dir():
        layout, files = "pix2pix", {"pairs": _pictures(_pix2pix_folder(folder, split))}
    else:
        layout, files = "flat", {"photos": _divide(_pictures(folder), split, seed)}
    if not any(files.values()):
        raise UserError(
            f"{folder.resolve()} has no {split}ing pictures ({', '.join(sorted(SUFFIXES))}) in the {layout} layout"
        )
    return layout, files


def _pictures(folder):
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
