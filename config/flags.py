"""The flags of the released code, and ours, as short names of the nested options: one table."""

from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from config.options import TASKS, VARIANTS, Options
from utils.errors import Parser, UserError

FLAGS = {
    "dataroot": "data.dataroot",
    "dataset": "data.dataset",
    "tfds_data_dir": "data.tfds_data_dir",
    "layout": "data.layout",
    "skip_bad": "data.skip_bad",
    "img_h": "data.height",
    "img_w": "data.width",
    "img_c": "data.channels",
    "img_out_c": "data.out_channels",
    "yuv": "data.color_space",
    "color_space": "data.color_space",
    "generator": "model.generator",
    "blocks": "model.blocks",
    "encoder": "model.encoder",
    "condition": "model.condition",
    "batch_size": "data.batch_size",
    "buffer_size": None,
    "preprocess": "data.preprocess",
    "interpolation": "data.interpolation",
    "cache": "data.cache",
    "jitter": "data.jitter",
    "a2b": "data.a2b",
    "bin_num": "histogram.bins",
    "kernel_width_ratio": "histogram.kernel_width_ratio",
    "min_val": "histogram.min_value",
    "max_val": "histogram.max_value",
    "boundary": "histogram.boundary",
    "histogram_color_space": "histogram.color_space",
    "gan_loss_weight": "losses.adversarial",
    "mi_loss_weight": "losses.structure",
    "hist_loss_weight": "losses.colour",
    "l1_loss_weight": "losses.l1",
    "adversarial_loss": "losses.adversarial_loss",
    "structure_loss": "losses.structure_loss",
    "content": "losses.content",
    "structure_channels": "losses.structure_channels",
    "colour_order": "losses.colour_order",
    "gen_lr": "optimizer.generator_learning_rate",
    "gen_beta_1": "optimizer.generator_beta_1",
    "dis_lr": "optimizer.discriminator_learning_rate",
    "dis_beta_1": "optimizer.discriminator_beta_1",
    "decay_from_epoch": "optimizer.decay_from_epoch",
    "clip_norm": "optimizer.clip_norm",
    "average": "optimizer.average",
    "image_pool": "optimizer.image_pool",
    "strategy": "run.strategy",
    "mixed_precision": "run.mixed_precision",
    "output_dir": "run.output_dir",
    "output_pre_dir": "run.output_pre_dir",
    "overwrite": "run.overwrite",
    "epochs": "run.epochs",
    "max_steps": "run.max_steps",
    "cp_freq": "run.checkpoint_every",
    "checkpoint_minutes": "run.checkpoint_minutes",
    "keep": "run.keep",
    "on_nonfinite": "run.on_nonfinite",
    "seed": "run.seed",
    "training_mode_samples": "run.training_mode_samples",
}
BUFFER_SIZE_NOTE = "--buffer_size has no effect: the whole set is always shuffled"
_YUV_HELP = "true = color_space yuv, false = color_space rgb"


def option_of(flag, value):
    """The nested option's name (None for ``buffer_size``, which has none) and value that a flag stands for.

    Raises:
        UserError: for a flag that does not exist, or values of ``yuv`` and ``buffer_size`` that they do not take.
    """
    if flag not in FLAGS:
        raise UserError(f"there is no option {flag!r}; the short names are {', '.join(FLAGS)}")
    if flag == "buffer_size" and not str(value).isdecimal():
        raise UserError(f"--buffer_size: got {value!r}, takes a whole number")
    if flag == "yuv":
        spaces = {"true": "yuv", "false": "rgb"}
        if str(value).lower() not in spaces:
            raise UserError(f"--yuv: got {value!r}, takes true or false")
        value = spaces[str(value).lower()]
    return FLAGS[flag], value


def training_parser():
    """The command line of train.py."""
    parser = Parser(prog="train.py", description="Train HueNet.")
    parser.add_argument("--resume", metavar="RUN", help="a run's folder: go on where it was stopped, with its settings")
    parser.add_argument("--task", help=f"{', '.join(TASKS)}; its defaults are in config/TASK.yaml")
    parser.add_argument("--variant", help=f"{' or '.join(VARIANTS)}: {Options.model_fields['variant'].description}")
    parser.add_argument("--config", metavar="FILE", help="a YAML file of nested options, such as a run's settings.yml")
    parser.add_argument(
        "--set", metavar="NAME=VALUE", action="append", default=[], help="any nested option: losses.colour=50"
    )
    for flag, option in FLAGS.items():
        bare = {"nargs": "?", "const": "true"} if _field(option).annotation is bool else {}
        parser.add_argument(f"--{flag}", metavar="VALUE", help=_help(flag, option), **bare)
    return parser


def _field(option):
    """The field of a nested option, `run.seed`; of none, an empty one."""
    section, _, name = (option or "").partition(".")
    return Options.model_fields[section].annotation.model_fields[name] if name else FieldInfo()


def _help(flag, option):
    if flag in ("buffer_size", "yuv"):
        return {"buffer_size": BUFFER_SIZE_NOTE, "yuv": _YUV_HELP}[flag]
    field = _field(option)
    choices = ", ".join(_choices(field.annotation))
    return f"{option}{f' ({choices})' if choices else ''}: {field.description}".replace("%", "%%")


def _choices(annotation):
    """The values that an option must have one of, as text; none where it takes others."""
    if annotation is bool:
        return ["true", "false"]
    parts = get_args(annotation)
    return (
        [str(part) for part in parts] if get_origin(annotation) is Literal else [c for p in parts for c in _choices(p)]
    )
