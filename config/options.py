"""The options of a run: their sections, what must fit together between them, and what follows from them."""

import re
from pathlib import Path
from typing import Literal

from pydantic import model_validator

from config.sections import LIGHTNESS, Data, Histogram, Losses, Model, Optimizer, Run, Section

TASKS = ("colorization", "color_transfer", "edges2photos")
VARIANTS = ("paper", "released")


class Options(Section):
    """All options of a run; `config.load` makes them."""

    task: Literal[TASKS]
    """what is learnt"""
    variant: Literal[VARIANTS] = "paper"
    """paper, or released: the released code where it differs from the paper (config/released.yaml)"""
    data: Data
    model: Model
    histogram: Histogram = Histogram()
    losses: Losses
    optimizer: Optimizer = Optimizer()
    run: Run

    @model_validator(mode="after")
    def _content_fits(self):
        if self.losses.content == "target" and self.task == "color_transfer":
            raise ValueError("losses.content cannot be target: color_transfer has none; give source or reference")
        if self.data.channels != self.data.out_channels:
            if self.task == "color_transfer":
                raise ValueError("data.channels must be data.out_channels: color_transfer's real picture is the source")
            if self.losses.content == "source":
                raise ValueError("losses.content cannot be source where source and output have different channels")
        return self

    @model_validator(mode="after")
    def _can_skip(self):
        if self.run.on_nonfinite == "skip" and self.run.strategy != "none":
            raise ValueError("run.on_nonfinite cannot be skip with --strategy mirrored: give stop, or one device")
        return self

    @model_validator(mode="after")
    def _decay_ends_after_it_starts(self):
        start, epochs = self.optimizer.decay_from_epoch, self.run.epochs
        if start and start > epochs:
            raise ValueError(f"optimizer.decay_from_epoch must be one of the {epochs} run.epochs, not {start}")
        return self

    @model_validator(mode="after")
    def _colors_fit(self):
        lightness = self.losses.structure_channels == "lightness"
        if lightness and self.histogram_space not in LIGHTNESS and self.data.out_channels == 3:
            raise ValueError(
                f"losses.structure_channels cannot be lightness: {self.histogram_space} has no such channel; "
                "give all, or a histogram.color_space of yuv, hsv or lab"
            )
        return self

    @property
    def histogram_space(self):
        """The colours that histograms are of."""
        return self.histogram.color_space or self.data.color_space

    @property
    def histogram_arguments(self):
        """The options of `histogram_layers.soft_histogram` by its own names; hue is a circle."""
        given = self.histogram
        hue = self.histogram_space == "hsv" and self.data.out_channels == 3
        return {
            "bins": given.bins,
            "value_range": (given.min_value, given.max_value),
            "kernel_width_ratio": given.kernel_width_ratio,
            "boundary": ("cyclic", given.boundary, given.boundary) if hue else given.boundary,
        }

    @property
    def example_arguments(self):
        """What `metrics.examples_of` takes beside pictures."""
        output = dict.fromkeys(("reference", "output", "target"), self.data.out_channels)
        channels = {"source": self.data.channels} | output
        return self.histogram_space, channels, self.losses.content, self.histogram_arguments

    @property
    def structure_channel(self):
        """The number of the one channel that the structure loss is of, or None for all."""
        one = self.losses.structure_channels == "lightness" and self.data.out_channels == 3
        return LIGHTNESS[self.histogram_space] if one else None

    @property
    def image_size(self):
        return self.data.height, self.data.width

    @property
    def cache(self):
        """Where fitted pictures are kept: ``"none"``, ``"memory"`` or a folder."""
        if self.data.cache != "disk":
            return self.data.cache
        return str(Path(self.data.dataroot) / f"{self.data.dataset.replace(':', '_')}.cache")

    @property
    def run_folder(self):
        """OUTPUT_DIR/TASK-DATASET; characters that do not belong into a folder's name become ``_``."""
        return Path(self.run.output_dir) / re.sub(r"[^A-Za-z0-9_.-]", "_", f"{self.task}-{self.data.dataset}")
