"""The table of tasks. This module does not import TensorFlow, so options can be checked without it.

Each task is one row. To add a task, write its row, its function in `samples` (or use an existing one), and its settings
in config/tasks/NAME.yaml.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

LAYOUTS = ("pairs", "aligned", "unaligned", "flat", "list")
OWN_PAIRING = "own"


class Task(NamedTuple):
    """A task: how its samples are made, and which of their images the losses use.

    Attributes:
        name: the value of the option ``task``.
        make_split: ``"module:name"`` of a function that makes a `samples.Split` from a data set's groups of images.
        layouts: the folder layouts that the task accepts, a subset of LAYOUTS.
        in_color: whether sources are color photographs, so that their histograms can be matched.
        paired: whether a sample has a target. If it has, the target is also the reference. If not, the reference is
            another image.
        contents: which images of a sample the structure loss may use as content.
        sample_data: ``"module:name"`` of a function that makes the image groups of the data set ``sample``.
        criterion: the error of validation images by which the best checkpoint is chosen (`metrics.CRITERIA`).
        test_part: fraction of the images to hold out for testing if the data set has no test split.
        to_source: ``"module:name"`` of the function that turns an image, RGB float ``[..., 3]`` in [0, 1], into a
            source. It is used for training and for the user's own images.
        pairings: other ways to make the samples, ``{value of the option data.pairing: {field: value}}``. The fields
            replace the row's own.
    """

    name: str
    make_split: str
    sample_data: str
    layouts: tuple
    in_color: bool
    paired: bool
    contents: tuple
    criterion: str
    test_part: float = 0.1
    to_source: str = "tensorflow:identity"
    pairings: Mapping = MappingProxyType({})

    @property
    def real(self):
        """The name of the image that the discriminator learns as real: ``"target"`` or ``"source"``."""
        return "target" if self.paired else "source"

    def least(self, group):
        """Return how many images a group needs in each split. In one set, the reference is another image."""
        return 2 if group == "photos" and not self.paired else 1

    @property
    def needs_pairs(self):
        """Whether the task needs pairs: it accepts neither the unaligned nor the flat layout."""
        return not {"unaligned", "flat"} & set(self.layouts)

    def paired_by(self, pairing):
        """Return the row with the fields of a pairing, or the row itself for OWN_PAIRING."""
        return self if pairing == OWN_PAIRING else self._replace(**self.pairings[pairing])


_ROWS = (
    Task(
        name="colorization",
        make_split="datasets.samples:photographs",
        sample_data="datasets.sources.sample:crops",
        layouts=LAYOUTS,
        in_color=False,
        paired=True,
        contents=("target", "source", "reference"),
        criterion="delta_e",
        to_source="utils.colors:gray",
    ),
    Task(
        name="color_transfer",
        make_split="datasets.samples:sources_and_references",
        sample_data="datasets.sources.sample:crops",
        layouts=("aligned", "unaligned", "flat", "list"),
        in_color=True,
        paired=False,
        contents=("source", "reference"),
        criterion="transfer_error",
        pairings={
            "looks": {
                "make_split": "datasets.samples:photographs_with_looks",
                "paired": True,
                "criterion": "delta_e",
                "contents": ("target", "source", "reference"),
            }
        },
    ),
    Task(
        name="edges2photos",
        make_split="datasets.samples:pairs",
        sample_data="datasets.sources.sample:edges_and_crops",
        layouts=("pairs", "aligned", "list"),
        in_color=False,
        paired=True,
        contents=("target", "source", "reference"),
        criterion="delta_e",
    ),
    Task(
        name="enhancement",
        make_split="datasets.samples:pairs",
        sample_data="datasets.sources.sample:inputs_and_crops",
        layouts=("pairs", "aligned", "list"),
        in_color=True,
        paired=True,
        contents=("target", "source", "reference"),
        criterion="delta_e",
        test_part=0.2,  # as in the study of loss functions
    ),
)
TASKS = {task.name: task for task in _ROWS}
PAIRINGS = (OWN_PAIRING, *dict.fromkeys(pairing for task in _ROWS for pairing in task.pairings))
