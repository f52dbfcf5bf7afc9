"""The command line of train.py. It has a flag for every option, grouped by section."""

import argparse
from types import NoneType
from typing import Literal, get_args, get_origin

from config.flags import BUFFER_SIZE_NOTE, OWN_FLAGS, SECTIONS, VARIANTS, flags_of
from config.loading import EXPERIMENTS, load
from config.resuming import load_resumed
from datasets import TASKS
from utils import Parser

_KINDS = {int: "N", float: "FLOAT", str: "PATH", NoneType: "none"}


def parse_training(arguments=None, prog="train.py"):
    """Parse a command line and return the keyword arguments of `engine.train`."""
    parsed = training_parser(prog).parse_args(arguments)
    return {"options": load_arguments(parsed), "resume": parsed.resume}


def load_arguments(arguments: argparse.Namespace):
    """Load the options from the arguments that `training_parser` parsed: with `load_resumed` if ``--resume`` is given,
    otherwise with `load`."""
    overrides = {name: value for name, value in vars(arguments).items() if value is not None}
    run = overrides.pop("resume", None)
    return load_resumed(run, **overrides) if run else load(**overrides)


def training_parser(prog="train.py"):
    """Return the parser of train.py. It keeps values as text, because `load` checks them."""
    parser = Parser(
        prog=prog,
        usage="\n       ".join(f"{prog} --{given} [options]" for given in ("task TASK", "config FILE", "resume RUN")),
        description="Train HueNet. A new run goes to OUTPUT_DIR/TASK-DATASET.",
    )
    parser.add_argument("--resume", metavar="RUN", help="folder of a run to resume where it stopped, with its settings")
    parser.add_argument("--task", metavar=_braces(TASKS), help="the task to learn; each task has its own defaults")
    parser.add_argument(
        "--variant", metavar=_braces(VARIANTS), help="released: use the settings of the released code, not the paper's"
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="YAML file of nested options, such as a run's settings.yml; or the name of an experiment: "
        + ", ".join(EXPERIMENTS),
    )
    add_set_option(parser, help="set any nested option: losses.color=50")
    groups = {
        section: parser.add_argument_group(section, f"{section}.NAME in --set and YAML files") for section in SECTIONS
    }
    for flag, option in OWN_FLAGS.items():
        section, name = option.split(".")
        field = SECTIONS[section][name]
        bare = {"nargs": "?", "const": "true"} if field.annotation is bool else {}
        values = _braces(_values(field.annotation))
        groups[section].add_argument(*flags_of(option), dest=flag, metavar=values, help=_help(field), **bare)
    groups["data"].add_argument("--yuv", metavar="{true,false}", help="true: color_space yuv; false: color_space rgb")
    groups["data"].add_argument("--buffer_size", metavar="N", help=BUFFER_SIZE_NOTE)
    return parser


def add_set_option(parser, *, help):
    """Add ``--set NAME=VALUE``, which may be given several times. The parsed list is ``assignments``, as in `load`."""
    parser.add_argument("--set", dest="assignments", metavar="NAME=VALUE", action="append", default=[], help=help)


def _help(field):
    default = str(field.default).lower() if isinstance(field.default, bool) else field.default
    shown = "" if field.is_required() or default is None else f" (default: {default})"
    return f"{field.description}{shown}".replace("%", "%%")


def _values(annotation):
    """Return what --help shows for the value of an option: its choices, or the kind of its value."""
    if annotation is bool:
        return ["true", "false"]
    if get_origin(annotation) is Literal:
        return [str(choice) for choice in get_args(annotation)]
    if annotation in _KINDS:
        return [_KINDS[annotation]]
    return [value for part in get_args(annotation) for value in _values(part)]


def _braces(values):
    """Join values as ``{a,b}``. Return a single value without braces."""
    distinct = list(dict.fromkeys(values))
    return f"{{{','.join(distinct)}}}" if len(distinct) > 1 else distinct[0]
