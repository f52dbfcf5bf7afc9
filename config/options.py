"""The typed options: every name, type, range and explanation, once. What has no default here, each task's YAML sets."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt, model_validator

TASKS = ("colorization", "color_transfer", "edges2photos")
VARIANTS = ("paper", "released")


def _refuse_bool(value):
    if isinstance(value, bool):
        raise ValueError("Input should be a number, not true or false")
    return value


def _whole_number(value):
    return int(value) if isinstance(value, str) and value.isdecimal() else value


Whole = Annotated[PositiveInt, BeforeValidator(_refuse_bool)]
Number = Annotated[float, BeforeValidator(_refuse_bool)]
Positive = Annotated[Number, Field(gt=0)]
Weight = Annotated[Number, Field(ge=0)]
Momentum = Annotated[Number, Field(ge=0, lt=1)]
Channels = Annotated[Literal[1, 3], BeforeValidator(_whole_number)]
Order = Annotated[Literal[1, 2], BeforeValidator(_whole_number)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)


class Data(Section):
    dataroot: str = "data"
    """the folder that holds the data sets"""
    dataset: str
    """the data set: a folder of dataroot, or sample (photographs that come with scikit-image)"""
    height: Whole = 256
    """height of the network's pictures (128 for sample unless given)"""
    width: Whole = 256
    """width of the network's pictures (128 for sample unless given)"""
    channels: Channels = 3
    """channels of the source: 3, or 1 for its luminance alone"""
    out_channels: Channels = 3
    """channels of output, reference and target: 3, or 1 for luminance alone"""
    color_space: Literal["yuv", "rgb"] = "yuv"
    """the network's colours"""
    batch_size: Whole = 4
    """pictures a step"""
    jitter: bool
    """while training, resize to round(size * 286/256), crop at random and mirror"""
    a2b: bool = False
    """of pairs: true = right half -> left half (the reverse of pix2pix's habit), false = left half -> right half"""


class Model(Section):
    encoder: Literal["embedding", "dense", "none"] = "embedding"
    """how the reference histogram enters the generator: embedding (of its counts, as released), dense, or none"""
    condition: Literal["source", "reference", "none"]
    """what the discriminator sees beside the picture"""


class Histogram(Section):
    bins: Whole = 256
    """K, bins of every histogram"""
    kernel_width_ratio: Positive = 2.5
    """bin length over kernel bandwidth: the larger, the sharper the bins"""
    min_value: Number = -1.0
    """v0, the lower end of the histograms' range"""
    max_value: Number = 1.0
    """v1, the upper end of the histograms' range"""
    boundary: Literal["reflect", "cyclic", "none"] = "reflect"
    """what happens to mass beyond the ends: folded back, taken round, or dropped"""

    @model_validator(mode="after")
    def _range_is_ordered(self):
        if self.min_value >= self.max_value:
            raise ValueError(f"min_value must be below max_value, not {self.min_value} and {self.max_value}")
        return self

    @property
    def arguments(self):
        """The options of `histogram_layers.soft_histogram` by its own names."""
        value_range = (self.min_value, self.max_value)
        return self.model_dump(exclude={"min_value", "max_value"}) | {"value_range": value_range}


class Losses(Section):
    adversarial: Weight
    """weight of the adversarial loss"""
    structure: Weight
    """weight of the structure loss (mutual information of output and content)"""
    colour: Weight
    """weight of the colour loss (Earth Mover's Distance of output's histogram to the reference's)"""
    l1: Weight = 0.0
    """weight of the mean absolute difference to the target or, in color_transfer, to the source (pix2pix: 100)"""
    adversarial_loss: Literal["vanilla", "lsgan", "hinge"] = "vanilla"
    """BCE from logits (Goodfellow et al. 2014), least squares (LSGAN), or hinge"""
    structure_loss: Literal["conditional_entropy", "normalized_mi_distance", "mutual_information"]
    """H(content | output) as released, 1 - I/H (Hue-Net, arXiv 1912.06044), or -I"""
    content: Literal["target", "source", "reference"]
    """the picture whose structure the output must keep (paper: the target, or the source in color_transfer)"""
    colour_order: Order = 2
    """l of the Earth Mover's Distance: 2 as released, 1 is the Wasserstein distance"""

    @model_validator(mode="after")
    def _something_is_learnt(self):
        if not any(self.weights.values()):
            raise ValueError(f"the weights losses.{', losses.'.join(self.weights)} cannot all be 0")
        return self

    @property
    def weights(self):
        """The weights of the generator's loss by the terms' names."""
        return self.model_dump(include={"adversarial", "structure", "colour", "l1"})


class Optimizer(Section):
    generator_learning_rate: Positive = 2e-4
    """Adam's learning rate for the generator"""
    generator_beta_1: Momentum = 0.5
    """Adam's beta_1 for the generator"""
    discriminator_learning_rate: Positive = 2e-4
    """Adam's learning rate for the discriminator"""
    discriminator_beta_1: Momentum = 0.5
    """Adam's beta_1 for the discriminator"""


class Run(Section):
    output_dir: str = "runs"
    """the run's results go to OUTPUT_DIR/TASK-DATASET"""
    output_pre_dir: str | None = None
    """a run's folder: start from the weights of its newest checkpoint"""
    overwrite: bool = False
    """replace a run that the folder already holds"""
    epochs: Whole
    """passes over the training pictures"""
    max_steps: Whole | None = None
    """end after so many steps, within an epoch too"""
    checkpoint_every: Whole
    """epochs from one checkpoint to the next (the end always makes one)"""
    seed: Annotated[int, BeforeValidator(_refuse_bool), Field(ge=0, lt=2**31)] = 0
    """of every random choice: initial weights, order, crops, dropout, the flat folder's split"""
    training_mode_samples: bool = False
    """make samples and test outputs with batch statistics and dropout, pix2pix's habit"""


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
            if self.losses.content == "source":
                raise ValueError("losses.content cannot be source where source and output have different channels")
            if self.losses.l1 and self.task == "color_transfer":
                raise ValueError("losses.l1 must be 0 where color_transfer's output has other channels than its source")
        return self

    @property
    def image_size(self):
        return self.data.height, self.data.width

    @property
    def run_folder(self):
        """OUTPUT_DIR/TASK-DATASET; characters that do not belong into a folder's name become ``_``."""
        return Path(self.run.output_dir) / re.sub(r"[^A-Za-z0-9_.-]", "_", f"{self.task}-{self.data.dataset}")
