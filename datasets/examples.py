"""Examples of a task: which pictures are its sources, references and targets.

| task           | from the layouts                          | source        | target      | reference              |
|----------------|-------------------------------------------|---------------|-------------|------------------------|
| colorization   | any: all photographs, of pairs one half   | its grey      | photograph  | the target             |
| edges2photos   | pix2pix                                   | one half      | other half  | the target             |
| color_transfer | cyclegan (A to B), flat (from one set)    | a photograph  | none        | another one, at random |
"""

from itertools import chain

import tensorflow as tf

from datasets.layouts import find_files
from datasets.pictures import ArrayPictures, FilePictures
from datasets.sample import sample_groups
from utils.color_spaces import grey


class PairedExamples:
    """Each picture gives a source and a target.

    Args:
        pictures: numbered pictures.
        split: a function of one picture, giving its source and target, RGB float ``[H, W, 3]`` of one size.
    """

    paired = True

    def __init__(self, pictures, split):
        self.names = pictures.names
        self._pictures, self._split = pictures, split

    def __len__(self):
        return len(self.names)

    def load(self, index):
        """Source and target of example ``index``."""
        return self._split(self._pictures.load(index))

    def load_reference_of(self, index):
        """The reference of example ``index``: its target."""
        return self.load(index)[1]


class UnpairedExamples:
    """Sources and references, drawn apart.

    Args:
        sources, references: numbered pictures; where both are one set, a source is never its own reference.
    """

    paired = False

    def __init__(self, sources, references):
        self.names = sources.names
        self._sources, self._references = sources, references

    def __len__(self):
        return len(self.names)

    def load_source(self, index):
        """Picture ``index`` of the sources."""
        return self._sources.load(index)

    def load_reference(self, index, key):
        """A reference for source ``index``, drawn from all of them by the stateless ``key``."""
        count = len(self._references)
        if self._references is not self._sources:
            drawn = tf.random.stateless_uniform([], key, 0, count, tf.int64)
        else:
            drawn = (index + tf.random.stateless_uniform([], key, 1, count, tf.int64)) % count
        return self._references.load(drawn)

    def load_reference_of(self, index):
        """Reference number ``index``, counted round."""
        return self._references.load(index % len(self._references))


def open_examples(task, dataset, dataroot, split, seed=0, a2b=False):
    """The examples of a task in one split of a data set.

    Args:
        task: ``"colorization"``, ``"color_transfer"`` or ``"edges2photos"``.
        dataset, dataroot: ``"sample"``, or a folder ``dataroot/dataset`` in one of the layouts.
        split: ``"train"`` or ``"test"``.
        seed: of the flat layout's division.
        a2b: of pairs: true = right half to left half, false = left half to right half.

    Raises:
        UserError: as `find_files`.
    """
    if dataset == "sample":
        groups, make_pictures = sample_groups(split, pairs=task == "edges2photos"), ArrayPictures
    else:
        groups, make_pictures = find_files(task, dataroot, dataset, split, seed), FilePictures
    if task == "color_transfer":
        sets = [make_pictures(items) for items in groups.values()]  # of A and B, or one for both
        return UnpairedExamples(sets[0], sets[-1])
    pictures = make_pictures(list(chain.from_iterable(groups.values())))
    if task == "edges2photos":
        return PairedExamples(pictures, lambda pair: _halves(pair, a2b))
    if "pairs" in groups:
        return PairedExamples(pictures, lambda pair: _grey_and_photograph(_halves(pair, a2b)[1]))
    return PairedExamples(pictures, _grey_and_photograph)


def _grey_and_photograph(photograph):
    return grey(photograph), photograph


def _halves(pair, a2b):
    """A picture ``[H, 2 W, 3]`` as source and target."""
    width = tf.shape(pair)[1] // 2
    left, right = pair[:, :width], pair[:, width : 2 * width]
    return (right, left) if a2b else (left, right)
