"""The flags of the nested options.

Every option has a flag with its own name: ``--batch_size`` sets ``data.batch_size``. If two sections have an option
with the same name, the first section's option has the plain flag, and the other flag starts with its section:
``--histogram_color_space``. RELEASED_FLAGS lists the flags of the released code that have other names.
"""

from config.options import Options
from utils import UserError

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


SECTIONS = {
    name: field.annotation.model_fields
    for name, field in Options.model_fields.items()
    if hasattr(field.annotation, "model_fields")
}


def _flags_by_name():
    flags = {}
    for section, fields in SECTIONS.items():
        for name in fields:
            flags[f"{section}_{name}" if name in flags else name] = f"{section}.{name}"
    return flags


OWN_FLAGS = _flags_by_name()
FLAGS = OWN_FLAGS | RELEASED_FLAGS


def option_of(flag, value):
    """Return the nested option that a flag sets, and its value. For ``buffer_size``, the option is None.

    Raises:
        UserError: if the flag does not exist, or if the value of ``yuv`` or ``buffer_size`` is wrong.
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
    """Return the flags that set a nested option."""
    return [f"--{flag}" for flag, name in FLAGS.items() if name == option]
