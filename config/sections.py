"""The sections of the options: every name, type, range and explanation, once.

What has no default here, each task's YAML sets.
"""

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt, create_model, model_validator

from datasets import LAYOUTS
from losses import TERMS
from models import ENCODERS, GENERATORS
from utils.colors import COLOR_SPACES, IMAGE_SPACES


def _refuse_bool(value):
    if isinstance(value, bool):
        raise ValueError("Input should be a number, not true or false")
    return value


def _whole_number(value):
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _none(value):
    return None if isinstance(value, str) and value.lower() == "none" else value


T = TypeVar("T")
OrNone = Annotated[T | None, BeforeValidator(_none)]  # an option that "none" unsets
Whole = Annotated[PositiveInt, BeforeValidator(_refuse_bool)]
Number = Annotated[float, BeforeValidator(_refuse_bool)]
Positive = Annotated[Number, Field(gt=0)]
Weight = Annotated[Number, Field(ge=0)]
Fraction = Annotated[Number, Field(ge=0, lt=1)]
Channels = Annotated[Literal[1, 3], BeforeValidator(_whole_number)]
Count = Annotated[int, BeforeValidator(_refuse_bool), Field(ge=0)]
Order = Annotated[Literal[1, 2], BeforeValidator(_whole_number)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)


class Data(Section):
    dataroot: str = "data"
    """the folder that holds the data sets"""
    dataset: str
    """the data set: a folder of dataroot, or a path; tfds:NAME of TensorFlow Datasets; or sample (photographs that come
    with scikit-image)"""
    tfds_data_dir: OrNone[str] = None
    """the folder of TensorFlow Datasets, for tfds:NAME; none: its own"""
    layout: Literal["auto", *LAYOUTS] = "auto"
    """of the data set's folder: pairs side by side in train and test (or val), aligned or unaligned photographs in
    trainA, trainB, ..., photographs in one folder tree (flat), a list in train.txt; auto finds out which"""
    skip_bad: bool = False
    """leave out images that cannot be read; otherwise they are named and training does not start"""
    height: Whole = 256
    """height of the network's images (128 for sample unless given)"""
    width: Whole = 256
    """width of the network's images (128 for sample unless given)"""
    channels: Channels = 3
    """channels of the source: 3, or 1 for its luminance alone"""
    out_channels: Channels = 3
    """channels of output, reference and target: 3, or 1 for luminance alone"""
    color_space: Literal[IMAGE_SPACES] = "yuv"
    """the color space of the network's images"""
    batch_size: Whole = 4
    """images in a step"""
    preprocess: Literal["resize", "crop", "pad", "window"] = "resize"
    """how an image of another shape gets the network's: resize stretches, as released; crop scales until it covers and
    crops; pad scales until it fits and fills up with its mirror image; window trains on windows at the image's own
    resolution, and tests on whole images"""
    interpolation: Literal["nearest", "bilinear", "bicubic", "area"] = "bicubic"
    """of scaling: bicubic averages where it shrinks and is smooth where it enlarges; area is the same but blocky
    there; nearest, the released code's, keeps each color but drops pixels, which frays photographs"""
    cache: Literal["none", "memory", "disk"] = "none"
    """keep resized images in memory, or on disk in DATAROOT/DATASET.cache, instead of decoding them every epoch"""
    validation: Fraction = 0.05
    """part of the training images, by a digest of their names, that is not trained on: of them are the samples, and by
    them the best checkpoint is chosen; 0: the test images are taken, as the released code does"""
    split_seed: Count = 0
    """seed of what is held out for testing, where the data set does not say, and for validation"""
    jitter: bool
    """while training, resize to round(size * 286/256), crop at random and mirror"""
    a2b: bool = False
    """of pairs: true = right half -> left half (the reverse of pix2pix's habit), false = left half -> right half; of
    aligned folders, A counts as left"""


class Model(Section):
    generator: Annotated[
        Literal[tuple(GENERATORS)],
        Field(description="; ".join(f"{name}: {row.help}" for name, row in GENERATORS.items())),
    ] = "unet"
    filters: Whole = 64
    """filters of the first layer of both networks; the others have multiples of it (pix2pix's ngf and ndf)"""
    blocks: Whole = 9
    """residual blocks of the resnet: CycleGAN takes 9 at 256 px, 6 at 128"""
    guide: Literal["curves", "network"] = "curves"
    """what makes the hdrnet's guide of a pixel's color: curves, one for each channel; or network, which is better for
    the gray sources of yuv"""
    batch_norm: bool = False
    """of the hdrnet: normalize the inner layers"""
    matched: bool = False
    """of the hdrnet: it also sees the source with its channels matched to the reference's histogram, and starts from
    the mean of both"""
    source_histogram: bool = False
    """of the hdrnet: it also sees the source's own histogram"""
    encoder: Literal[ENCODERS] | None = None
    """how the reference histogram enters the generator, by default the generator's own way: embedding (of its counts,
    as released; tied to the image size), dense (the soft histogram through dense layers), or none"""
    condition: Literal["source", "reference", "none"]
    """what the discriminator sees beside the image: source (pix2pix), reference (its histogram), or none"""


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
    """what happens to mass beyond the ends: reflect folds it back, cyclic takes it to the other end, none drops it; hue
    is always cyclic"""
    color_space: OrNone[Literal[tuple(COLOR_SPACES)]] = None
    """the color space of the histograms; none: the network's; directions: 13 directions of RGB, which see what colors
    occur together; the structure loss and the metrics then stay in the network's space"""

    @model_validator(mode="after")
    def _range_is_ordered(self):
        if self.min_value >= self.max_value:
            raise ValueError(f"min_value must be below max_value, not {self.min_value} and {self.max_value}")
        return self


class _LossOptions(Section):
    adversarial_loss: Literal["vanilla", "lsgan", "hinge"] = "vanilla"
    """vanilla: BCE from logits (Goodfellow et al. 2014); lsgan: least squares (Mao et al. 2017); hinge: margin 1 (Lim
    and Ye 2017)"""
    structure_loss: Literal["conditional_entropy", "normalized_mi_distance", "mutual_information"] = (
        "conditional_entropy"
    )
    """conditional_entropy: H(content | output), as released; normalized_mi_distance: 1 - I/H (Hue-Net, arXiv
    1912.06044); mutual_information: -I"""
    content: Literal["target", "source", "reference"]
    """the image whose structure the output must keep (paper: the target, or the source in color_transfer)"""
    pixel_loss: Literal["l1", "l2"] = "l1"
    """l1: mean absolute difference in [-1, 1]; l2: mean squared difference of values in [0, 1]"""
    vgg_weights: OrNone[str] = None
    """a file of VGG-16's weights without its dense layers, for the perceptual loss; none: Keras downloads them"""
    structure_channels: Literal["all", "lightness"] = "all"
    """channels of the structure loss: all, or the one that is free of color (Y of yuv, V of hsv, L of lab)"""
    color_order: Order = 2
    """order of the Earth Mover's Distance: 2 as released, 1 is the Wasserstein distance"""

    @model_validator(mode="after")
    def _something_is_learned(self):
        if not any(self.weights.values()):
            raise ValueError(f"the weights losses.{', losses.'.join(self.weights)} cannot all be 0")
        return self

    @property
    def weights(self):
        """The weights of the generator's loss by the terms' names."""
        return self.model_dump(include=set(TERMS))


# A weight for each row of the table of terms.
Losses = create_model(
    "Losses",
    __base__=_LossOptions,
    **{
        name: (Weight, Field(... if term.weight is None else term.weight, description=term.help))
        for name, term in TERMS.items()
    },
)


class Optimizer(Section):
    generator_learning_rate: Positive = 2e-4
    """Adam's learning rate for the generator"""
    generator_beta_1: Fraction = 0.5
    """Adam's beta_1 for the generator"""
    discriminator_learning_rate: Positive = 2e-4
    """Adam's learning rate for the discriminator"""
    discriminator_beta_1: Fraction = 0.5
    """Adam's beta_1 for the discriminator"""
    decay: Literal["linear", "exponential"] = "linear"
    """how both learning rates fall: linear, from decay_from_epoch on; exponential, by the factor decay_rate an epoch"""
    decay_from_epoch: OrNone[Whole] = None
    """from this epoch on both learning rates fall linearly to 0 at the end of epochs, regardless of max_steps
    (CycleGAN: from half of the epochs); none: they are constant"""
    decay_rate: Annotated[Number, Field(gt=0, lt=1)] = 0.99
    """the factor of the exponential decay"""
    clip_norm: OrNone[Positive] = None
    """clip each network's gradient to this norm; on one device; none: do not clip"""
    ema_decay: Fraction = 0.0
    """decay of an exponential moving average of the generator's weights, with which images are made and checkpoints
    saved (0.999 is usual; 0 = none)"""
    image_pool: Count = 0
    """show the discriminator, half of the time, one of so many past outputs (CycleGAN: 50; 0 = none)"""


class Run(Section):
    strategy: Literal["none", "mirrored", "multi_worker"] = "none"
    """mirrored: the batch is divided among all GPUs of this machine; multi_worker: of all machines in TF_CONFIG, or
    of a Slurm step; none: one GPU, or the CPU"""
    mixed_precision: bool = False
    """compute in bfloat16, with weights, histograms and losses in float32 (for GPUs from Ampere on)"""
    xla: bool = False
    """compile the training step with XLA: a minute or more before the first step, and fewer, larger kernels"""
    output_dir: str = "runs"
    """the run's results go to OUTPUT_DIR/TASK-DATASET"""
    output_pre_dir: OrNone[str] = None
    """a run's folder: start from the weights of its newest checkpoint; none: from random weights"""
    overwrite: bool = False
    """replace a run that the folder already holds"""
    epochs: Whole
    """passes over the training images"""
    max_steps: OrNone[Whole] = None
    """end after so many steps, within an epoch too; none: after all epochs"""
    checkpoint_every: Whole
    """epochs from one checkpoint to the next (the end always makes one)"""
    checkpoint_minutes: Positive = 30.0
    """minutes from one checkpoint to the next, within an epoch too"""
    max_to_keep: Whole = 3
    """how many of the last checkpoints stay; the one with the least EMD on validation images stays too"""
    log_every: Count = 100
    """steps from one line of losses in the logs to the next (each epoch's end has one too); 0: none"""
    sample_every: Count = 1
    """epochs from one sheet of sample images to the next; 0: none"""
    on_nonfinite: Literal["stop", "skip"] = "stop"
    """where a loss or a gradient is NaN or infinite: stop and save the batch's images, or save them and skip the
    batch, at most ten in a row"""
    seed: Annotated[int, BeforeValidator(_refuse_bool), Field(ge=0, lt=2**31)] = 0
    """seed of every random choice but the split's: initial weights, order, crops, dropout"""
    training_mode_samples: bool = False
    """make samples and test outputs with batch statistics and dropout, pix2pix's habit"""

    @property
    def several_machines(self):
        """Whether other processes take part, so that this one may not be alone with the run's folder."""
        return self.strategy == "multi_worker"
