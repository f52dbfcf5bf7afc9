"""The samples of a task: which images are its sources, references and targets.

| task           | images of the data set              | source                     | target         | reference       |
|----------------|-------------------------------------|----------------------------|----------------|-----------------|
| colorization   | all photographs, or second of pairs | gray version of the target | the photograph | the target      |
| edges2photos   | pairs                               | first of the pair          | second         | the target      |
| enhancement    | pairs                               | first of the pair          | second         | the target      |
| color_transfer | groups A and B, pairs, or one set   | photograph of A or the set | none           | drawn from B or |
|                |                                     |                            |                | the same set    |
| color_transfer | all photographs, or second of pairs | half of the photograph,    | the same half, | the other half, |
| with looks     |                                     | with one look              | with another   | with the look   |
|                |                                     |                            | look           | of the target   |
"""

import hashlib
import json
from pkgutil import resolve_name
from typing import NamedTuple

from datasets import sources
from datasets.sources import ImageList
from datasets.tasks import OWN_PAIRING, TASKS
from utils import UserError
from utils.images import MAX_MEGAPIXELS


class Split(NamedTuple):
    """The samples of one split.

    Attributes:
        images: the sources, if there are ``references``. Otherwise the pairs of source and target, or only the targets
            if the task makes the sources from them.
        references: the images to draw references from. None if each sample's reference is its target. The same object
            as ``images`` if sources and references are one set.
        looks: whether the sample's images are halves of photographs, with random looks (see `datasets.looks`).
    """

    images: ImageList
    references: ImageList | None = None
    looks: bool = False

    @property
    def paired(self):
        """Whether a sample has a target."""
        return self.references is None or self.looks

    def fingerprint(self):
        """Compute a digest of the names of all images, in order. It does not depend on the pixels."""
        names = [self.images.names, self.references and self.references.names]
        return hashlib.sha256(json.dumps(names).encode()).hexdigest()

    def fixed_references(self, indices):
        """Return an `ImageList` with a fixed reference for each sample: its target, or one of ``references``."""
        if self.references is None:
            return self.images.part(-1).take(indices)
        return self.references.take([index % len(self.references) for index in indices])


class Dataset(NamedTuple):
    """A data set, opened for a task.

    Attributes:
        description: a text for the user that says what was found.
        splits: a dict with a `Split` for each of ``"train"``, ``"validation"`` and ``"test"`` that was opened.
    """

    description: str
    splits: dict


def open_dataset(
    task_name,
    dataset,
    dataroot="data",
    *,
    splits=("train", "test"),
    pairing=OWN_PAIRING,
    seed=0,
    validation=0.0,
    a2b=False,
    layout="auto",
    skip_bad=False,
    same_size=False,
    max_megapixels=MAX_MEGAPIXELS,
    tfds_data_dir=None,
):
    """Open a data set for a task.

    Args:
        task_name: a key of TASKS.
        dataset: ``"sample"``, ``"tfds:NAME"``, the name of a folder in ``dataroot`` or the path of a folder.
        dataroot: the parent folder of data sets.
        splits: which of ``"train"``, ``"validation"`` and ``"test"`` to open.
        pairing: how the samples are made: OWN_PAIRING, or one of the task's ``pairings``.
        seed: seed of every division: into training and test images, if the data set comes without one, and into
            training and validation images.
        validation: fraction of the training images to hold out for validation. A digest of their names decides which.
            If it is 0, the test images are used for validation. ``"sample"``, whose crops overlap, holds out a part of
            each photograph instead.
        a2b: whether to swap the two images of a pair. By default the left half, or the image of A, comes first.
        layout, skip_bad, same_size, max_megapixels: as in `sources.open_folder`. They apply to folders only.
        tfds_data_dir: folder of TFDS data sets, as ``data_dir`` in `sources.open_tfds`.

    Returns:
        `Dataset`.

    Raises:
        UserError: as `sources.open_folder` and `sources.open_tfds`, and if a layout is given for a data set that is
            not a folder.
    """
    task = TASKS[task_name].paired_by(pairing)
    # The split that the validation images come from. The sample comes with its own.
    origin = "test" if not validation else "validation" if dataset == "sample" else "train"
    found = list(dict.fromkeys(origin if split == "validation" else split for split in splits))
    if layout != "auto" and (dataset == "sample" or dataset.startswith("tfds:")):
        raise UserError(f"--layout: got {layout} for {dataset}, but only folders have layouts; leave it out")
    if dataset == "sample":
        description, groups = sources.open_sample(task, found)
    elif dataset.startswith("tfds:"):
        name = dataset.removeprefix("tfds:")
        description, groups = sources.open_tfds(task, name, splits=found, seed=seed, data_dir=tfds_data_dir)
    else:
        folder = sources.dataset_folder(dataset, dataroot)
        description, groups = sources.open_folder(
            task,
            folder,
            splits=found,
            seed=seed,
            layout=layout,
            skip_bad=skip_bad,
            same_size=same_size,
            max_megapixels=max_megapixels,
        )
    if origin == "train" and {"train", "validation"} & set(splits):
        groups["train"], groups["validation"] = _divided(task, groups["train"], part=validation, seed=seed)
    groups.setdefault("validation", groups.get("test"))
    groups = {split: groups[split] for split in splits}
    make_split = resolve_name(task.make_split)
    return Dataset(description, {split: make_split(images, swap=a2b) for split, images in groups.items()})


def _divided(task, groups, *, part, seed):
    """Divide each group of images. Return the training groups and the validation groups.

    If the task takes the photographs of all groups alike, a group that is too small to be divided is for training.
    """
    divided = {
        name: sources.divide(images.names, seed, part, least=task.least(name)) for name, images in groups.items()
    }
    small = [name for name, (kept, _) in divided.items() if len(kept) < task.least(name)]
    if len(small) == len(groups) or (small and not task.paired):
        kept = sum(len(divided[name][0]) for name in small)
        count = sum(len(groups[name]) for name in small)
        noun = "image" if count == 1 else "images"
        where = f" in {' and '.join(f'train{name}' for name in small if groups[name])}" if "A" in groups else ""
        raise UserError(
            f"--validation: got {part}, which leaves {kept or 'none'} of {count} {noun}{where} to train on"
            f"{f', and {task.name} needs two' if kept else ''}; give 0, which takes the test images instead"
        )
    divided |= {name: (range(len(groups[name])), ()) for name in small}
    return [{name: groups[name].take(indices[held]) for name, indices in divided.items()} for held in (0, 1)]


def photographs(groups, *, swap):
    """Make a `Split` for colorization. The targets are all photographs, or the second images of pairs."""
    if "pairs" in groups:
        return Split(_pairs(groups, swap).part(1))
    return Split(sources.joined(groups.values()))


def sources_and_references(groups, *, swap):
    """Make a `Split` for color transfer. Sources come from A and references from B, or both from one set."""
    if "pairs" in groups:
        both = _pairs(groups, swap)
        return Split(both.part(0), both.part(1))
    sets = list(groups.values())
    return Split(sets[0], sets[-1])


def photographs_with_looks(groups, *, swap):
    """Make a `Split` for color transfer by looks. The images are those of `photographs`."""
    images = photographs(groups, swap=swap).images
    return Split(images, images, looks=True)


def pairs(groups, *, swap):
    """Make a `Split` for paired translation, from the first image of each pair to the second."""
    return Split(_pairs(groups, swap))


def _pairs(groups, swap):
    return groups["pairs"].swapped() if swap else groups["pairs"]
