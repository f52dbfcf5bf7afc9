"""Examples of a task: which pictures are its sources, references and targets.

| task           | from the groups                            | source       | target      | reference              |
|----------------|--------------------------------------------|--------------|-------------|------------------------|
| colorization   | any: all photographs, of pairs the targets | its grey     | photograph  | the target             |
| edges2photos   | pairs                                      | first of two | second      | the target             |
| color_transfer | A to B (of pairs too), or photographs      | a photograph | none        | another one, at random |
"""

import hashlib
import json
from collections.abc import Callable
from itertools import chain
from typing import NamedTuple

from datasets.folders import open_folder
from datasets.pictures import Pictures
from datasets.sample import open_sample
from utils.errors import UserError


class Examples(NamedTuple):
    """The examples of one split.

    Attributes:
        pictures: source and target of each; the target alone where the source is its grey; the source alone where
            there are ``references``.
        references: pictures to draw a reference from (`pictures` themselves where there is one set); None where each
            example's reference is its target.
    """

    pictures: Pictures
    references: Pictures | None = None

    @property
    def paired(self):
        return self.references is None

    def fingerprint(self):
        """A digest of the names of all pictures in their order; not of what is in them."""
        names = [self.pictures.names, self.references and self.references.names]
        return hashlib.sha256(json.dumps(names).encode()).hexdigest()

    def own_references(self):
        """A function from an example's index to a reference of its own: its target, or the references counted round."""
        if self.paired:
            return lambda index: self.pictures.read(index)[-1]
        return lambda index: self.references.read(index % len(self.references))[0]


class Dataset(NamedTuple):
    """``about``: what was found, in words; ``examples``: a dict of split to `Examples`."""

    about: str
    examples: dict


def open_dataset(
    task,
    dataset,
    dataroot="data",
    splits=("train", "test"),
    *,
    seed=0,
    a2b=False,
    layout="auto",
    skip_bad=False,
    tfds_data_dir=None,
):
    """The examples of a task in a data set.

    Args:
        task: ``"colorization"``, ``"color_transfer"`` or ``"edges2photos"``.
        dataset, dataroot: ``"sample"``; ``"tfds:NAME"``; or a folder ``dataroot/dataset``.
        splits: of ``"train"`` and ``"test"``, those that are wanted.
        seed: of the division of what is not divided.
        a2b: of pairs: true = right half (or B) to left half (or A), false = left to right, A to B.
        layout, skip_bad: as `folders.open_folder`, for folders.
        tfds_data_dir: as `tfds_sets.open_tfds`, for those.

    Returns:
        `Dataset`.

    Raises:
        UserError: as `folders.open_folder` and `tfds_sets.open_tfds`.
    """
    if layout != "auto" and (dataset == "sample" or dataset.startswith("tfds:")):
        raise UserError(f"--layout: got {layout} for {dataset}, and is for folders")
    if dataset == "sample":
        about, found = open_sample(task, splits)
    elif dataset.startswith("tfds:"):
        from datasets.tfds_sets import open_tfds  # TFDS takes a second to import

        about, found = open_tfds(task, dataset.removeprefix("tfds:"), splits, seed, tfds_data_dir)
    else:
        about, found = open_folder(task, f"{dataroot}/{dataset}", splits, seed, layout, skip_bad)
    return Dataset(about, {split: _EXAMPLES[task](groups, a2b) for split, groups in found.items()})


def _pairs(groups, a2b):
    (pairs,) = groups.values()
    return pairs.turned_round() if a2b else pairs


def _colorization(groups, a2b):
    if "pairs" in groups:
        return Examples(_pairs(groups, a2b).part(1))
    return Examples(_joined(list(groups.values())))


def _color_transfer(groups, a2b):
    if "pairs" in groups:
        pairs = _pairs(groups, a2b)
        return Examples(pairs.part(0), pairs.part(1))
    sets = list(groups.values())  # of A and B, or one for both
    return Examples(sets[0], sets[-1])


_EXAMPLES = {
    "colorization": _colorization,
    "color_transfer": _color_transfer,
    "edges2photos": lambda groups, a2b: Examples(_pairs(groups, a2b)),
}


def _joined(sets):
    """Several pictures as one."""
    place = [(pictures, index) for pictures in sets for index in range(len(pictures))]

    def of(which) -> Callable:
        return lambda index: getattr(place[index][0], which)(place[index][1])

    return Pictures(list(chain.from_iterable(pictures.names for pictures in sets)), of("read"), of("identify"))
