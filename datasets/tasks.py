"""The table of tasks. It imports no TensorFlow, so that options can be checked without it.

A task is one row. To add one, write its row, its function in `samples` (or use an existing one), and its settings in
config/tasks/NAME.yaml.
"""

from typing import NamedTuple

LAYOUTS = ("pairs", "aligned", "unaligned", "flat", "list")


class Task(NamedTuple):
    """What a task's samples are made of, and which of their images the losses take.

    Attributes:
        name: the value of the option ``task``.
        make_split: ``"module:name"`` of a function that makes a `samples.Split` from a data set's groups of images.
        layouts: the folder layouts that the task takes, a part of LAYOUTS.
        in_color: whether sources are photographs in color, whose histograms can be matched.
        paired: whether a sample has a target. If so, the target is also the reference; if not, the reference is another
            image.
        contents: the images that the structure loss may use as content.
        sample_data: ``"module:name"`` of a function that makes the groups of images of the data set ``sample``.
        test_part: fraction of the images to hold out for testing if the data set has no test split.
        to_source: ``"module:name"`` of the function that makes a source of an image, RGB float ``[..., 3]`` in [0, 1].
            Training and the translation of a user's own images both call it.
    """

    name: str
    make_split: str
    sample_data: str
    layouts: tuple
    in_color: bool
    paired: bool
    contents: tuple
    test_part: float = 0.1
    to_source: str = "tensorflow:identity"

    @property
    def real(self):
        """The image that the discriminator takes as real: ``"target"`` or ``"source"``."""
        return "target" if self.paired else "source"

    @property
    def needs_pairs(self):
        """Whether the task takes no layout of single photographs."""
        return not {"unaligned", "flat"} & set(self.layouts)


_ROWS = (
    Task(
        name="colorization",
        make_split="datasets.samples:photographs",
        sample_data="datasets.sources.sample:crops",
        layouts=LAYOUTS,
        in_color=False,
        paired=True,
        contents=("target", "source", "reference"),
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
    ),
    Task(
        name="edges2photos",
        make_split="datasets.samples:pairs",
        sample_data="datasets.sources.sample:edges_and_crops",
        layouts=("pairs", "aligned", "list"),
        in_color=False,
        paired=True,
        contents=("target", "source", "reference"),
    ),
    Task(
        name="enhancement",
        make_split="datasets.samples:pairs",
        sample_data="datasets.sources.sample:inputs_and_crops",
        layouts=("pairs", "aligned", "list"),
        in_color=True,
        paired=True,
        contents=("target", "source", "reference"),
        test_part=0.2,  # as in the study of loss functions
    ),
)
TASKS = {task.name: task for task in _ROWS}
