"""The options of a run: the sections, checks that involve several sections, and derived values."""

from pathlib import Path
from typing import Literal

from pydantic import model_validator

from config.sections import Data, Histogram, Losses, Model, Optimizer, Run, Section
from datasets import PAIRINGS, TASKS, dataset_folder
from losses import TERMS
from models import GENERATORS
from utils import safe_name
from utils.colors import COLOR_SPACES, boundaries, channel_names, lightness_channel


class Options(Section):
    """All options of a run. `config.load` creates them."""

    task: Literal[tuple(TASKS)]
    """the task to learn"""
    data: Data
    model: Model
    histogram: Histogram = Histogram()
    losses: Losses
    optimizer: Optimizer = Optimizer()
    run: Run

    @model_validator(mode="after")
    def _pairing_fits(self):
        pairing = self.data.pairing
        if pairing not in (PAIRINGS[0], *TASKS[self.task].pairings):
            having = " and ".join(name for name, row in TASKS.items() if pairing in row.pairings)
            raise ValueError(f"data.pairing cannot be {pairing}: only {having} has this pairing")
        if pairing == "looks" and self.data.preprocess == "window":
            raise ValueError("data.preprocess cannot be window if data.pairing is looks; give crop")
        return self

    @model_validator(mode="after")
    def _content_fits(self):
        task, content = self.task_row, self.losses.content
        if content not in task.contents:
            raise ValueError(
                f"losses.content cannot be {content}: {self.task} has none; give {' or '.join(task.contents)}"
            )
        if self.data.channels != self.data.out_channels:
            if task.real == "source":
                raise ValueError(
                    f"data.channels must be data.out_channels: the real image of {self.task} is the source"
                )
            if content == "source":
                raise ValueError("losses.content cannot be source if source and output have different channels")
        return self

    @model_validator(mode="after")
    def _decay_ends_after_it_starts(self):
        start, epochs = self.optimizer.decay_from_epoch, self.run.epochs
        if start and start > epochs:
            raise ValueError(f"optimizer.decay_from_epoch must be at most {epochs} (run.epochs), not {start}")
        if start and self.optimizer.decay == "exponential":
            raise ValueError("optimizer.decay_from_epoch must be none where optimizer.decay is exponential")
        return self

    @model_validator(mode="after")
    def _colors_fit(self):
        if self.losses.structure_channels == "lightness" and self.structure_channel is None:
            raise ValueError(
                f"losses.structure_channels cannot be lightness: {self.structure_space} has no such channel; "
                "give all, or another histogram.color_space"
            )
        if self.data.out_channels == 1 and self.structure_space != self.histogram_space:
            raise ValueError(
                f"histogram.color_space cannot be {self.histogram_space} if data.out_channels is 1: luminance alone "
                "has no color"
            )
        return self

    @model_validator(mode="after")
    def _encoder_fits(self):
        generator, encoder = self.model.generator, self.model.encoder
        encoders = GENERATORS[generator].encoders
        if encoder not in (None, *encoders):
            raise ValueError(f"model.encoder cannot be {encoder}: the {generator} takes {' or '.join(encoders)}")
        for name in ("matched", "source_histogram"):
            if getattr(self.model, name) and self.encoder is None:
                raise ValueError(f"model.{name} must be false if model.encoder is none")
        if self.model.source_histogram and self.data.channels != self.data.out_channels:
            raise ValueError("model.source_histogram must be false if data.channels is not data.out_channels")
        return self

    @model_validator(mode="after")
    def _generator_takes_its_options(self):
        generator, row = self.model.generator, GENERATORS[self.model.generator]
        taken = {"encoder", *row.options} | ({"filters"} if self.losses.weights["adversarial"] else set())
        of_some = {name for other in GENERATORS.values() for name in other.options}
        for name in sorted(of_some & type(self.model).model_fields.keys() - taken):
            default = type(self.model).model_fields[name].default
            if getattr(self.model, name) != default:
                raise ValueError(f"model.{name} must be {str(default).lower()}: the {generator} does not take it")
        inner = {name for other in GENERATORS.values() for name in other.inner} - set(row.inner)
        for name, weight in self.losses.weights.items():
            missing = [need for need in TERMS[name].needs if need in inner]
            if weight and missing:
                raise ValueError(f"losses.{name} must be 0: the {generator} has no {' and '.join(missing)}")
        return self

    @model_validator(mode="after")
    def _channels_fit(self):
        generator = self.model.generator
        if {self.data.channels, self.data.out_channels} != {3} and not GENERATORS[generator].luminance:
            raise ValueError(f"data.channels and data.out_channels must be 3: the {generator} takes color images only")
        return self

    @model_validator(mode="after")
    def _matching_fits(self):
        matched = self.model.matched
        if matched and not TASKS[self.task].in_color:
            raise ValueError(f"model.matched must be false: the sources of {self.task} have no colors to match")
        if not (matched or GENERATORS[self.model.generator].matches):
            return self
        name = "model.matched must be false" if matched else f"model.generator cannot be {self.model.generator}"
        if self.histogram.boundary == "cyclic":
            raise ValueError(f"{name} if histogram.boundary is cyclic: cyclic channels cannot be matched")
        if COLOR_SPACES[self.histogram_space].cyclic:
            raise ValueError(f"{name}: the hue of {self.histogram_space} is a circle and cannot be matched")
        if self.data.channels != self.data.out_channels:
            raise ValueError(f"{name} if data.channels is not data.out_channels")
        return self

    @model_validator(mode="after")
    def _there_is_a_discriminator(self):
        if self.losses.weights["adversarial"]:
            return self
        reason = "if losses.adversarial is 0: there is no discriminator"
        if self.optimizer.image_pool:
            raise ValueError(f"optimizer.image_pool must be 0 {reason}")
        if self.model.condition == "reference":
            raise ValueError(f"model.condition cannot be reference {reason}")
        return self

    @property
    def task_row(self):
        """The task's row in `datasets.TASKS`, with the fields of the run's pairing."""
        return TASKS[self.task].paired_by(self.data.pairing)

    @property
    def histogram_space(self):
        """The color space of the histograms."""
        return self.histogram.color_space or self.data.color_space

    @property
    def structure_space(self):
        """The color space of the structure loss and the metrics."""
        extends = COLOR_SPACES[self.histogram_space].extends
        return self.data.color_space if extends else self.histogram_space

    @property
    def histogram_channels(self):
        """C, the number of channels of the reference histogram."""
        return len(channel_names(self.histogram_space, self.data.out_channels))

    @property
    def histogram_arguments(self):
        """The keyword arguments of `histogram_layers.soft_histogram`. Hue is cyclic."""
        return self._histogram_arguments(self.histogram_space)

    def _histogram_arguments(self, color_space):
        histogram = self.histogram
        return {
            "bins": histogram.bins,
            "value_range": (histogram.min_value, histogram.max_value),
            "kernel_width_ratio": histogram.kernel_width_ratio,
            "boundary": boundaries(color_space, histogram.boundary, self.data.out_channels),
        }

    @property
    def augment_arguments(self):
        """The keyword arguments of `models.augment`, except the generator."""
        return {
            **self.histogram_arguments,
            "color_space": self.data.color_space,
            "histogram_space": self.histogram_space,
            "joint_space": self.structure_space,
            "joint_boundary": self._histogram_arguments(self.structure_space)["boundary"],
        }

    @property
    def sample_arguments(self):
        """The keyword arguments of `metrics.evaluation_samples`, except the images."""
        output = dict.fromkeys(("reference", "output", "target"), self.data.out_channels)
        return {
            "color_space": self.structure_space,
            "channels": {"source": self.data.channels} | output,
            "content": self.losses.content,
            "in_color": TASKS[self.task].in_color,
            "histogram_options": self._histogram_arguments(self.structure_space),
        }

    @property
    def loss_settings(self):
        """The settings that rows of `losses.TERMS` may name: the loss options and derived values."""
        derived = {
            "structure_channel": self.structure_channel,
            "boundary": self.histogram_arguments["boundary"],
            "color_space": self.data.color_space,
        }
        return self.losses.model_dump() | derived

    @property
    def structure_channel(self):
        """The index of the channel that the structure loss takes, or None for all channels."""
        if self.losses.structure_channels == "all":
            return None
        return lightness_channel(self.structure_space, self.data.out_channels)

    @property
    def encoder(self):
        """How the reference histogram enters the generator, or None if it does not."""
        encoder = self.model.encoder or GENERATORS[self.model.generator].encoders[0]
        return None if encoder == "none" else encoder

    @property
    def takes_reference(self):
        """Whether the generator's output depends on a reference."""
        return self.encoder is not None or GENERATORS[self.model.generator].matches

    @property
    def condition(self):
        """What the discriminator sees besides the image: ``"source"``, ``"reference"`` or None."""
        return None if self.model.condition == "none" else self.model.condition

    @property
    def image_size(self):
        """``(H, W)`` of the network's images."""
        return self.data.height, self.data.width

    @property
    def cache(self):
        """Where resized images are kept: ``"none"``, ``"memory"`` or a folder."""
        if self.data.cache != "disk":
            return self.data.cache
        return f"{dataset_folder(self.data.dataset.replace(':', '_'), self.data.dataroot)}.cache"

    @property
    def run_folder(self):
        """The run's folder, OUTPUT_DIR/TASK-DATASET. Characters that a folder's name should not have become ``_``. If
        the data set is an absolute path or begins with a dot, DATASET is only the last part of the path."""
        dataset = Path(self.data.dataset)
        name = dataset.resolve().name if dataset.is_absolute() or self.data.dataset.startswith(".") else dataset
        return Path(self.run.output_dir) / safe_name(f"{self.task}-{name}")
