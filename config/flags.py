"""The command line's short names of the nested options.

Every option has a flag of its own name: ``--batch_size`` is ``data.batch_size``. Where two sections have an option of
one name, the first has the plain flag, and the others put their section before it: ``--histogram_color_space``. The
flags of the released code that are called otherwise stand in one table.
"""

from typing import Literal, get_args, get_origin

from config.options import Options
from datasets import TASKS
from utils import Parser, UserError

RELEASED_FLAGS = {
    "img_h": "data.height",
    "img_w": "data.width",
    "img_c": "data.channels",
    "img_out_c": "data.out_channels",
    "bin_num": "histogram.bins",
    "min_val": "histogram.min_value",
    "max_val": "histogram.max_value",
    "gan_loss_weight": "losses.adversarial",
    "mi_loss_weight": "losses.structure",
    "hist_loss_weight": "losses.color",
    "gen_lr": "optimizer.generator_learning_rate",
    "gen_beta_1": "optimizer.generator_beta_1",
    "dis_lr": "optimizer.discriminator_learning_rate",
    "dis_beta_1": "optimizer.discriminator_beta_1",
    "cp_freq": "run.checkpoint_every",
}
VARIANTS = ("paper", "released")
BUFFER_SIZE_NOTE = "--buffer_size has no effect: the whole set is always shuffled"
_YUV = {"true": "yuv", "false": "rgb"}


def _flags_by_name():
    flags = {}
    for section, field in Options.model_fields.items():
        for name in getattr(field.annotation, "model_fields", ()):
            flags[f"{section}_{name}" if name in flags else name] = f"{section}.{name}"
    return flags


FLAGS = _flags_by_name() | RELEASED_FLAGS


def option_of(flag, value):
    """The nested option's name (None for ``buffer_size``, which has none) and value that a flag stands for.

    Raises:
        UserError: for a flag that does not exist, or values of ``yuv`` and ``buffer_size`` that they do not take.
    """
    if flag == "buffer_size":
        if not str(value).isdecimal():
            raise UserError(f"--buffer_size: got {value!r}, takes a whole number")
        return None, value
    if flag == "yuv":
        if str(value).lower() not in _YUV:
            raise UserError(f"--yuv: got {value!r}, takes true or false")
        return "data.color_space", _YUV[str(value).lower()]
    if flag not in FLAGS:
        raise UserError(f"there is no option {flag!r}; the short names are {', '.join([*FLAGS, 'yuv', 'buffer_size'])}")
    return FLAGS[flag], value


def flags_of(option):
    """The flags that stand for a nested option."""
    return [f"--{flag}" for flag, name in FLAGS.items() if name == option]


def training_parser():
    """The command line of train.py."""
    parser = Parser(prog="train.py", description="Train HueNet.")
    parser.add_argument("--resume", metavar="RUN", help="a run's folder: go on where it stopped, with its settings")
    parser.add_argument("--task", help=f"{', '.join(TASKS)}; its defaults are in config/tasks/TASK.yaml")
    parser.add_argument(
        "--variant",
        help=f"{' or '.join(VARIANTS)}: released lays config/experiments/released/TASK.yaml over the task's",
    )
    parser.add_argument("--config", metavar="FILE", help="a YAML file of nested options, such as a run's settings.yml")
    parser.add_argument(
        "--set", metavar="NAME=VALUE", action="append", default=[], help="any nested option: losses.color=50"
    )
    for flag, option in _flags_by_name().items():
        section, name = option.split(".")
        field = Options.model_fields[section].annotation.model_fields[name]
        bare = {"nargs": "?", "const": "true"} if field.annotation is bool else {}
        parser.add_argument(*flags_of(option), dest=flag, metavar="VALUE", help=_help(option, field), **bare)
    parser.add_argument("--yuv", metavar="VALUE", help="true is color_space yuv, false is color_space rgb")
    parser.add_argument("--buffer_size", metavar="VALUE", help=BUFFER_SIZE_NOTE)
    return parser


def _help(option, field):
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
