"""Data sets of TensorFlow Datasets, read one image at a time (array_record), with their own splits."""

import numpy as np
import tensorflow_datasets as tfds

from datasets.sources.decoding import decode
from datasets.sources.image_list import ImageList
from datasets.sources.layouts import check_counts, check_fits, hold_out
from utils import UserError, in_one_line


def open_tfds(task, name, *, splits, seed=0, data_dir=None):
    """The images of a TFDS set, which is downloaded and prepared where it was not yet.

    A set with the splits trainA, trainB, ... is unaligned; one with two images an example is one of pairs, the first
    image to the second; else its image is a photograph. Without a test split, validation is taken; without both, 10 %
    of train, drawn by the seed.

    Args:
        task: `tasks.Task`.
        name: such as ``"cycle_gan/horse2zebra"``.
        splits: of ``"train"`` and ``"test"``, those that are wanted.
        data_dir: of TFDS; by default its own.

    Returns:
        As `folders.open_folder`.

    Raises:
        UserError: for a name that TFDS does not know, a set that cannot be had, or one without fitting images.
    """
    builder = _builder(name, data_dir)
    images = [key for key, feature in builder.info.features.items() if isinstance(feature, tfds.features.Image)]
    if len(images) not in (1, 2):
        raise UserError(f"tfds:{name} has {len(images)} images an example, takes sets with one, or two of a pair")
    kinds = {np.dtype(builder.info.features[key].np_dtype).name for key in images}
    if kinds - {"uint8", "uint16"}:
        raise UserError(f"tfds:{name} has images of {' and '.join(sorted(kinds))}, takes uint8 and uint16")
    layout, group = ("flat", "photos") if len(images) == 1 else ("aligned", "pairs")
    check_fits(task, layout, f"tfds:{name}")
    _prepare(builder)
    found = {}
    for split in splits:
        if f"{split}A" in builder.info.splits:
            layout = "unaligned"
            found[split] = {side: _open(builder, images, split=f"{split}{side}") for side in "AB"}
        else:
            own, chosen = _own_split(builder, split, seed)
            found[split] = {group: _open(builder, images, split=own, chosen=chosen)}
        check_counts(task, split, {name: len(images) for name, images in found[split].items()}, where=f"tfds:{name}")
    return f"{layout} layout of {builder.info.full_name}: {' -> '.join(images)}", found


def _builder(name, data_dir):
    try:
        return tfds.builder(name, data_dir=data_dir, file_format="array_record")
    except tfds.core.DatasetNotFoundError:
        raise UserError(f"tfds:{name}: TensorFlow Datasets has no such set; its catalog lists them") from None
    except Exception as error:  # of a wrong configuration or version, a package that a set needs, ...: of any type
        raise UserError(
            f"tfds:{name} cannot be opened ({in_one_line(error)}); some names want a configuration, NAME/CONFIGURATION"
            ", and what was prepared in another format than array_record wants another --tfds_data_dir"
        ) from None


def _prepare(builder):
    try:
        builder.download_and_prepare()
    except Exception as error:  # no network, no space, a set to be downloaded by hand, ...: of any type
        raise UserError(
            f"tfds:{builder.info.full_name} cannot be downloaded and prepared: {in_one_line(error)}"
        ) from None


def _own_split(builder, split, seed):
    """The name of the set's own split, and which of its examples."""
    names = builder.info.splits
    if "train" not in names:
        raise UserError(f"tfds:{builder.name} has the splits {', '.join(names)}, and takes sets with train")
    own = next((name for name in ("test", "validation") if name in names), None)
    if split == "test" and own:
        return own, range(names[own].num_examples)
    every = range(names["train"].num_examples)
    return "train", every if own else hold_out(every, split, seed)


def _open(builder, images, *, split, chosen=None):
    """The images of a split; ``chosen`` are their numbers in it, by default all."""
    if split not in builder.info.splits:
        raise UserError(f"tfds:{builder.name} has no split {split}")
    source = builder.as_data_source(split, decoders=dict.fromkeys(images, tfds.decode.SkipDecoding()))
    chosen = range(len(source)) if chosen is None else chosen

    def read_item(number):
        example = source[number]
        return tuple(decode(example[image]) for image in images)

    return ImageList(
        items=[int(number) for number in chosen],
        names=[f"{split}_{number:06d}" for number in chosen],
        read_item=read_item,
        item_key=lambda number: f"{builder.data_path} {split}_{number:06d}",
        parts=tuple(range(len(images))),
    )
