"""Data sets of TensorFlow Datasets. They are stored as array_record, so images can be read in any order."""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from datasets.sources.dividing import check_counts, divided
from datasets.sources.image_list import ImageList
from datasets.sources.layouts import check_layout
from utils import UserError, in_one_line
from utils.images import decode, with_depth


@dataclass(frozen=True, eq=False)
class TfdsImages(ImageList):
    """Images of a TFDS split. An item is the number of an example in the split.

    Attributes:
        examples: TFDS's data source of the split, a sequence of dicts with the encoded images.
        features: the names of the images in an example: one name, or two for a pair.
        location: the folder of the prepared data set.
    """

    examples: Any = None
    features: tuple = ()
    location: str = ""

    def read(self, index):
        """See `ImageList.read`."""
        example = self.examples[self.items[index]]
        return tuple(with_depth(decode(example[self.features[part]]), self.dtype) for part in self.parts)

    def item_key(self, index):
        """Return the data set's folder and the example's name. A prepared data set does not change."""
        return f"{self.location} {self.names[index]}"

    def content(self, index):
        """Return the encoded images of the example."""
        example = self.examples[self.items[index]]
        return b"".join(example[feature] for feature in self.features)


def open_tfds(task, name, *, splits, seed=0, data_dir=None):
    """Open a TFDS data set. It is downloaded and prepared if needed.

    A data set with splits such as trainA and trainB is unaligned. A data set with two images in each example holds
    pairs, from the first image to the second. Any other data set holds photographs. If there is no split ``test``, the
    split ``validation`` is used for testing. If there is neither, a fraction of ``train``, drawn by the seed, is used.

    Args:
        task: `tasks.Task`.
        name: TFDS's name of the data set, such as ``"cycle_gan/horse2zebra"``.
        splits: which of ``"train"`` and ``"test"`` to open.
        seed: seed of the division of a data set that has only the split ``train``.
        data_dir: the folder of TFDS data sets. By default, TFDS chooses it.

    Returns:
        As `folders.open_folder`.

    Raises:
        UserError: if TFDS does not know the name, if the data set cannot be downloaded or prepared, or if it has no
            images that the task can use.
    """
    builder = _builder(name, data_dir)
    features = _image_features(builder, name)
    layout, group = ("flat", "photos") if len(features) == 1 else ("aligned", "pairs")
    check_layout(task, layout, f"tfds:{name}")
    _prepare(builder)
    groups = {}
    for split in splits:
        if f"{split}A" in builder.info.splits:
            layout = "unaligned"
            groups[split] = {side: _images(builder, features, split=f"{split}{side}") for side in "AB"}
        else:
            division = functools.partial(divided, group, task=task, seed=seed, where=f"tfds:{name}")
            tfds_split, numbers = _choose_examples(builder, split, division)
            groups[split] = {group: _images(builder, features, split=tfds_split, numbers=numbers)}
        check_counts(task, split, {name: len(images) for name, images in groups[split].items()}, where=f"tfds:{name}")
    return f"{layout} layout of {builder.info.full_name}: {' -> '.join(features)}", groups


def _builder(name, data_dir):
    try:
        return tfds.builder(name, data_dir=data_dir, file_format="array_record")
    except tfds.core.DatasetNotFoundError:
        raise UserError(
            f"tfds:{name}: TensorFlow Datasets has no such set; tensorflow.org/datasets/catalog lists all sets"
        ) from None
    except Exception as error:  # of any type: a wrong configuration or version, a missing package, ...
        raise UserError(
            f"tfds:{name} cannot be opened ({in_one_line(error)}); give NAME/CONFIGURATION if it has several "
            "configurations, or another --tfds_data_dir if it was prepared in a format other than array_record"
        ) from None


def _image_features(builder, name):
    """Return the names of the images in an example: one name, or two for a pair."""
    features = {
        key: feature for key, feature in builder.info.features.items() if isinstance(feature, tfds.features.Image)
    }
    if len(features) not in (1, 2):
        raise UserError(
            f"tfds:{name} has {len(features)} images in an example; give a data set with one image or a pair of images"
        )
    types = {np.dtype(feature.np_dtype).name for feature in features.values()}
    if types - {"uint8", "uint16"}:
        raise UserError(
            f"tfds:{name} has images of {' and '.join(sorted(types))}; give a data set with images of uint8 or uint16"
        )
    return tuple(features)


def _prepare(builder):
    try:
        builder.download_and_prepare()
    except Exception as error:  # of any type: no network, no space, a data set to download by hand, ...
        raise UserError(
            f"tfds:{builder.info.full_name} cannot be downloaded and prepared: {in_one_line(error)}"
        ) from None


def _choose_examples(builder, split, division):
    """Choose the examples for ``"train"`` or ``"test"``. Return a TFDS split and the numbers of its examples."""
    tfds_splits = builder.info.splits
    if "train" not in tfds_splits:
        raise UserError(
            f"tfds:{builder.name} has the splits {', '.join(tfds_splits)}; give a data set that has the split train"
        )
    test = next((name for name in ("test", "validation") if name in tfds_splits), None)
    if split == "test" and test:
        return test, range(tfds_splits[test].num_examples)
    numbers = range(tfds_splits["train"].num_examples)
    return "train", numbers if test else division(numbers)[split]


def _images(builder, features, *, split, numbers=None):
    """Open the images of a TFDS split: all of them, or only the examples with these numbers."""
    if split not in builder.info.splits:
        raise UserError(f"tfds:{builder.name} has no split {split}; give a data set that has it")
    examples = builder.as_data_source(split, decoders=dict.fromkeys(features, tfds.decode.SkipDecoding()))
    numbers = range(len(examples)) if numbers is None else numbers
    return TfdsImages(
        items=[int(number) for number in numbers],
        names=[f"{split}_{number:06d}" for number in numbers],
        parts=tuple(range(len(features))),
        dtype=np.result_type(*(builder.info.features[name].np_dtype for name in features)),
        examples=examples,
        features=features,
        location=builder.data_path,
    )
