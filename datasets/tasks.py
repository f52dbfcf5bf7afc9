"""The table of tasks. It imports no TensorFlow, so that options can be checked without it.

A task is one row. To add one, write its row, its function in `samples` (or take one that is there), and its settings,
config/tasks/NAME.yaml.
"""

from typing import NamedTuple

LAYOUTS = ("pairs", "aligned", "unaligned", "flat", "list")


class Task(NamedTuple):
    """What a task's samples are made of, and who sees what.

    Attributes:
        name: of the option ``task``.
        samples: ``"module:name"``, a function of a data set's groups of images to a `samples.Split`.
        layouts: the folder layouts that it takes, of LAYOUTS.
        paired: whether a sample has a target. The reference then is the target, and else another image.
        contents: the images that the structure loss may take as content.
        edges: whether the sample data are edges and their photographs, not photographs alone.
    """

    name: str
    samples: str
    layouts: tuple
    paired: bool
    contents: tuple
    edges: bool = False

    @property
    def real(self):
        """The image that the discriminator sees as real."""
        return "target" if self.paired else "source"

    @property
    def needs_pairs(self):
        """Whether each of its images must be one of a pair."""
        return "flat" not in self.layouts


_ROWS = (
    Task(
        name="colorization",
        samples="datasets.samples:photos_and_their_gray",
        layouts=LAYOUTS,
        paired=True,
        contents=("target", "source", "reference"),
    ),
    Task(
        name="color_transfer",
        samples="datasets.samples:sources_and_references",
        layouts=("aligned", "unaligned", "flat", "list"),
        paired=False,
        contents=("source", "reference"),
    ),
    Task(
        name="edges2photos",
        samples="datasets.samples:pairs",
        layouts=("pairs", "aligned", "list"),
        paired=True,
        contents=("target", "source", "reference"),
        edges=True,
    ),
)
TASKS = {task.name: task for task in _ROWS}
