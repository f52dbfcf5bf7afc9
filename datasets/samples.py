"""The samples of a task: which images are its sources, references and targets.

| task           | images of the data set                     | source       | target      | reference              |
|----------------|--------------------------------------------|--------------|-------------|------------------------|
| colorization   | all photographs; of pairs the second       | its gray     | photograph  | the target             |
| edges2photos   | pairs                                      | first of two | second      | the target             |
| color_transfer | A to B (of pairs too), or photographs      | a photograph | none        | another one, at random |
"""

import hashlib
import json
from pkgutil import resolve_name
from typing import NamedTuple

from datasets import sources
from datasets.sources import ImageList
from datasets.tasks import TASKS
from utils import UserError


class Split(NamedTuple):
    """The samples of one split.

    Attributes:
        images: pairs of source and target; or the targets alone, where the source is the target's gray; or the sources
            alone, where there are ``references``.
        references: images from which a reference is drawn, or None where each sample's reference is its target. Where
            there is one set for both, it is ``images`` itself.
    """

    images: ImageList
    references: ImageList | None = None

    @property
    def paired(self):
        """Whether a sample has a target."""
        return self.references is None

    @property
    def gray_sources(self):
        """Whether a sample's source is its target's gray."""
        return self.paired and len(self.images.parts) == 1

    def fingerprint(self):
        """A digest of the names of all images in their order. It does not depend on what is in them."""
        names = [self.images.names, self.references and self.references.names]
        return hashlib.sha256(json.dumps(names).encode()).hexdigest()

    def own_reference(self, index):
        """A fixed reference of sample ``index``, RGB uint8 ``[h, w, 3]``: its target, or one of the references."""
        if self.paired:
            return self.images.read(index)[-1]
        return self.references.read(index % len(self.references))[0]


class Dataset(NamedTuple):
    """``description``: what was found, in words; ``splits``: a dict of name to `Split`."""

    description: str
    splits: dict


def open_dataset(
    task,
    dataset,
    dataroot="data",
    *,
    splits=("train", "test"),
    seed=0,
    a2b=False,
    layout="auto",
    skip_bad=False,
    tfds_data_dir=None,
):
    """The samples of a task in a data set.

    Args:
        task: a name in TASKS.
        dataset, dataroot: ``"sample"``; ``"tfds:NAME"``; or a folder ``dataroot/dataset``.
        splits: the wanted ones of ``"train"`` and ``"test"``.
        seed: of the division of a data set that is not divided.
        a2b: of pairs: true is right half (or B) to left half (or A), false is left to right, A to B.
        layout, skip_bad: of `sources.open_folder`, for folders.
        tfds_data_dir: of `sources.open_tfds`, for those.

    Returns:
        `Dataset`.

    Raises:
        UserError: as `sources.open_folder` and `sources.open_tfds`.
    """
    row = TASKS[task]
    if layout != "auto" and (dataset == "sample" or dataset.startswith("tfds:")):
        raise UserError(f"--layout: got {layout} for {dataset}, and is for folders")
    if dataset == "sample":
        description, found = sources.open_sample(splits, edges=row.edges)
    elif dataset.startswith("tfds:"):
        description, found = sources.open_tfds(
            row, dataset.removeprefix("tfds:"), splits=splits, seed=seed, data_dir=tfds_data_dir
        )
    else:
        description, found = sources.open_folder(
            row, f"{dataroot}/{dataset}", splits=splits, seed=seed, layout=layout, skip_bad=skip_bad
        )
    make = resolve_name(row.samples)
    return Dataset(description, {split: make(groups, swap=a2b) for split, groups in found.items()})


def photos_and_their_gray(groups, *, swap):
    """Colorization: the targets are all photographs, of pairs the second image."""
    if "pairs" in groups:
        return Split(_pairs(groups, swap).part(1))
    return Split(sources.joined(groups.values()))


def sources_and_references(groups, *, swap):
    """Color transfer: sources from A and references from B, or both from one set of photographs."""
    if "pairs" in groups:
        both = _pairs(groups, swap)
        return Split(both.part(0), both.part(1))
    sets = list(groups.values())
    return Split(sets[0], sets[-1])


def pairs(groups, *, swap):
    """Paired translation: the first image of a pair to the second."""
    return Split(_pairs(groups, swap))


def _pairs(groups, swap):
    return groups["pairs"].swapped() if swap else groups["pairs"]
