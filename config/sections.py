"""The sections of the options. Only this module defines their names, types, ranges, defaults and descriptions.

Each task's YAML file sets the options that have no default.
"""

from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt, create_model, model_validator

from datasets import LAYOUTS, PAIRINGS
from losses import TERMS
from models import ENCODERS, GENERATORS
from utils.colors import COLOR_SPACES, IMAGE_SPACES
from utils.images import MAX_MEGAPIXELS


def _refuse_bool(value):
    if isinstance(value, bool):
        raise ValueError("Input should be a number, not true or false")
    return value


def _whole_number(value):
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _none(value):
    return None if isinstance(value, str) and value.lower() == "none" else value


T = TypeVar("T")
OrNone = Annotated[T | None, BeforeValidator(_none)]  # the text "none" unsets the option
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
    """folder that holds the data sets"""
    dataset: str
    """data set: a folder in dataroot; a path; tfds:NAME for a data set of TensorFlow Datasets; or sample (the
    photographs that come with scikit-image)"""
    tfds_data_dir: OrNone[str] = None
    """folder of TensorFlow Datasets, for tfds:NAME; none: the default folder"""
    layout: Literal["auto", *LAYOUTS] = "auto"
    """layout of the data set's folder: pairs (side by side, in train and test or val), aligned or unaligned (trainA,
    trainB, ...), flat (one folder tree of photographs), list (train.txt); auto detects it"""
    pairing: Literal[PAIRINGS] = PAIRINGS[0]
    """how samples are made: own, the task's own way; or looks, for color_transfer: source and target are one half of a
    photograph with two random looks, and the reference is the other half with the look of the target"""
    skip_bad: bool = False
    """leave out images that cannot be read; if false, they are reported and training does not start"""
    max_megapixels: Positive = MAX_MEGAPIXELS
    """largest image that is read, in millions of pixels"""
    height: Whole = 256
    """height of the network's images in pixels (sample: 128)"""
    width: Whole = 256
    """width of the network's images in pixels (sample: 128)"""
    channels: Channels = 3
    """channels of the source: 3, or 1 for luminance alone"""
    out_channels: Channels = 3
    """channels of output, reference and target: 3, or 1 for luminance alone"""
    color_space: Literal[IMAGE_SPACES] = "yuv"
    """color space of the network's images"""
    batch_size: Whole = 4
    """images per step"""
    preprocess: Literal["resize", "crop", "pad", "window"] = "resize"
    """how an image gets the network's size: resize stretches it, as released; crop scales it to cover that size and
    cuts off the rest; pad scales it to fit into that size and fills the rest with its mirror image; window trains on
    windows of the image at its own resolution and tests on whole images"""
    interpolation: Literal["nearest", "bilinear", "bicubic", "area"] = "bicubic"
    """how images are resized: bicubic averages when shrinking and is smooth when enlarging; area also averages but
    enlarges in blocks; nearest, as released, keeps exact colors but drops pixels, so that edges look jagged"""
    cache: Literal["none", "memory", "disk"] = "none"
    """keep resized images in memory, or on disk in DATAROOT/DATASET.cache, instead of decoding them every epoch"""
    validation: Fraction = 0.05
    """fraction of the training images to hold out for sample sheets and checkpoint selection; a digest of their names
    selects them (sample: a strip of each photograph instead); 0: use the test images instead, as released"""
    split_seed: Count = 0
    """seed of the split into training and validation images, and test images if the data set has none"""
    jitter: bool
    """augment training images: resize to round(size * 286/256), crop at random and mirror"""
    a2b: bool = False
    """direction of pairs: true: from the right half to the left half (the reverse of pix2pix's convention); false: from
    the left half to the right half; in aligned folders, A counts as the left half"""


class Model(Section):
    generator: Annotated[
        Literal[tuple(GENERATORS)],
        Field(description="; ".join(f"{name}: {row.help}" for name, row in GENERATORS.items())),
    ] = "unet"
    filters: Whole = 64
    """filters in the first layer of unet, resnet and discriminator; later layers have multiples of it (pix2pix's ngf
    and ndf)"""
    blocks: Whole = 9
    """number of residual blocks of the resnet (CycleGAN: 9 at 256 px, 6 at 128)"""
    guide: Literal["curves", "network"] = "curves"
    """how the hdrnet computes its guide from a pixel's color: curves, one for each channel; or network, which is better
    for the gray sources of yuv"""
    identity: bool = False
    """hdrnet: start training with exactly the source as the output"""
    batch_norm: bool = False
    """hdrnet: use batch norm in the inner layers"""
    matched: bool = False
    """hdrnet: also input a copy of the source with its channels matched to the reference's histogram, and start
    training with their mean as the output"""
    source_histogram: bool = False
    """hdrnet: also input the source's own histogram"""
    encoder: Literal[ENCODERS] | None = None
    """how the reference histogram enters the generator: embedding (an embedding of its counts, as released; for
    one image size only), dense (dense layers on the soft histogram), or none; by default the generator's own choice"""
    condition: Literal["source", "reference", "none"]
    """what the discriminator sees besides the image: source (pix2pix), reference (its histogram), or none"""


class Histogram(Section):
    bins: Whole = 256
    """K, the number of bins of every histogram"""
    kernel_width_ratio: Annotated[Number, Field(ge=0.1, le=5000)] = 2.5
    """bin length divided by kernel bandwidth, from 0.1 to 5000: the larger, the sharper the bins"""
    min_value: Number = -1.0
    """v0, the lower end of the histograms' range"""
    max_value: Number = 1.0
    """v1, the upper end of the histograms' range"""
    boundary: Literal["reflect", "cyclic", "none"] = "reflect"
    """what happens to mass beyond the ends: reflect folds it back, cyclic wraps it around, none drops it; hue is always
    cyclic"""
    color_space: OrNone[Literal[tuple(COLOR_SPACES)]] = None
    """color space of the histograms; none: the network's; directions: 13 directions in RGB, whose histograms also
    show how the channels depend on each other (the structure loss and the metrics then use the network's space)"""

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
    """image whose structure the output must keep (in the paper: the source for color_transfer, otherwise the target)"""
    pixel_loss: Literal["l1", "l2"] = "l1"
    """l1: mean absolute difference of values in [-1, 1]; l2: mean squared difference of values in [0, 1]"""
    vgg_weights: OrNone[str] = None
    """file with the weights of VGG-16 without its dense layers, for the perceptual loss; none: Keras downloads them"""
    structure_channels: Literal["all", "lightness"] = "all"
    """channels of the structure loss: all, or lightness alone (Y of yuv, V of hsv, L of lab)"""
    color_order: Order = 2
    """order of the Earth Mover's Distance: 2, as released, or 1, the Wasserstein distance"""

    @model_validator(mode="after")
    def _something_is_learned(self):
        if not any(self.weights.values()):
            raise ValueError(f"the weights losses.{', losses.'.join(self.weights)} cannot all be 0")
        return self

    @property
    def weights(self):
        """The weights of the generator's loss: a dict from the name of a term to its weight."""
        return self.model_dump(include=set(TERMS))


# Add one option for each row of TERMS: the weight of the term.
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
    """how both learning rates fall: linear: from decay_from_epoch on; exponential: by the factor decay_rate in each
    epoch"""
    decay_from_epoch: OrNone[Whole] = None
    """epoch from which both learning rates fall linearly; they reach 0 at the end of the last epoch, regardless of
    max_steps (CycleGAN: half of the epochs); none: they are constant"""
    decay_rate: Annotated[Number, Field(gt=0, lt=1)] = 0.99
    """factor of the exponential decay"""
    clip_norm: OrNone[Positive] = None
    """clip each network's gradient to this norm, on one device; none: do not clip"""
    ema_decay: Fraction = 0.0
    """decay of an exponential moving average of the generator's weights; the averaged weights make the images and are
    saved (0.999 is usual; 0: no average)"""
    image_pool: Count = 0
    """number of past outputs to keep; half of the time, the discriminator sees one of them (CycleGAN: 50; 0: none)"""


class Run(Section):
    strategy: Literal["none", "mirrored", "multi_worker"] = "none"
    """mirrored: divide the batch among all GPUs of this machine; multi_worker: among all machines of TF_CONFIG or of a
    Slurm step; none: one GPU, or the CPU"""
    mixed_precision: bool = False
    """compute in bfloat16, with weights, histograms and losses in float32 (for Ampere GPUs or newer)"""
    xla: bool = False
    """compile the training step with XLA: the first step takes a minute or more; later steps launch fewer and larger
    kernels"""
    output_dir: str = "runs"
    """folder of all runs; a run's own folder is OUTPUT_DIR/TASK-DATASET"""
    output_pre_dir: OrNone[str] = None
    """folder of another run, to start from the weights of its newest checkpoint; none: start from random weights"""
    overwrite: bool = False
    """replace the run that is already in the folder"""
    epochs: Whole
    """passes over the training images"""
    max_steps: OrNone[Whole] = None
    """stop after this number of steps, even within an epoch; none: stop after all epochs"""
    checkpoint_every: Whole
    """epochs between checkpoints (there is always one at the end)"""
    checkpoint_minutes: Positive = 30.0
    """minutes between checkpoints, even within an epoch"""
    max_to_keep: Whole = 3
    """number of checkpoints to keep; the best one on validation images, by the task's criterion, is also kept"""
    log_every: Count = 100
    """steps between lines of losses in the logs (there is always one at an epoch's end); 0: none"""
    sample_every: Count = 1
    """epochs between sheets of sample images; 0: none"""
    on_nonfinite: Literal["stop", "skip"] = "stop"
    """when a loss or gradient is NaN or infinite: save the batch's images, then stop, or skip the batch (at most ten in
    a row)"""
    seed: Annotated[int, BeforeValidator(_refuse_bool), Field(ge=0, lt=2**31)] = 0
    """seed of all random choices except the split: initial weights, order, crops, dropout"""
    training_mode_samples: bool = False
    """make samples and test outputs with batch statistics and dropout, as pix2pix does"""

    @property
    def several_machines(self):
        """Whether the run has several processes, which share its folder."""
        return self.strategy == "multi_worker"
