"""Options from their sources, in order: defaults < task < variant < --config FILE < flags < --set a.b=value."""

from pathlib import Path

import oyaml as yaml
from pydantic import ValidationError

from config.flags import BUFFER_SIZE_NOTE, FLAGS, option_of
from config.options import TASKS, VARIANTS, Options
from utils.aside import written_aside
from utils.errors import UserError, in_one_line

FOLDER = Path(__file__).parent
SAMPLE_SIZE = 128


def load(task=None, *, variant=None, config=None, set=(), **overrides):
    """The options of a run, validated.

    Args:
        task: a task's name; may be left out where the config file names it.
        variant: ``"paper"`` or ``"released"``; the config file may name it too.
        config: a YAML file of nested options.
        set: texts ``"section.name=value"``.
        overrides: options by their flags' names: ``batch_size=2``.

    Returns:
        `config.options.Options`.

    Raises:
        UserError: a sentence that names the option, what it got and what it takes.
    """
    given = _read(config) if config else {}
    task = task or given.get("task")
    if task not in TASKS:
        raise UserError(f"task: got {task!r}, takes {_either(TASKS)}")
    variant = variant or given.get("variant", "paper")
    if variant not in VARIANTS:
        raise UserError(f"variant: got {variant!r}, takes {_either(VARIANTS)}")
    if given.get("variant", variant) != variant:
        raise UserError(f"variant: got {variant}, and {config} holds the settings of variant {given['variant']}")
    values = {}
    _merge(values, _read(FOLDER / f"{task}.yaml"))
    if variant == "released":
        _merge(values, _read(FOLDER / "released.yaml")[task])
    _merge(values, given)
    for flag, value in overrides.items():
        option, value = option_of(flag, value)
        if option is None:
            print(BUFFER_SIZE_NOTE)
        else:
            _merge(values, _nest(option, value))
    for text in set:
        name, equals, value = text.partition("=")
        if not equals or "." not in name:
            raise UserError(f"--set: got {text!r}, takes NAME=VALUE such as losses.colour=50")
        _merge(values, _nest(name, value))
    values |= {"task": task, "variant": variant}
    _shrink_sample(values)
    try:
        return Options.model_validate(values)
    except ValidationError as error:
        raise UserError("; ".join(_sentence(detail) for detail in error.errors())) from None


def save(options, path):
    """Write the options as YAML, by their nested names; `load(config=path)` gives them back.

    Without ``run.overwrite``: it was meant for the run that was there before.
    """
    with written_aside(path, flush=True) as aside:
        aside.write_text(yaml.safe_dump(options.model_dump(exclude={"run": {"overwrite"}})))


def _read(path):
    try:
        values = yaml.safe_load(Path(path).read_text())
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not YAML: {in_one_line(error)}") from None
    if not isinstance(values, dict):
        raise UserError(f"{path} should hold sections of options (data, model, ...), not {type(values).__name__}")
    return values


def _nest(name, value):
    """``"a.b", 1`` to ``{"a": {"b": 1}}``."""
    for part in reversed(name.split(".")):
        value = {part: value}
    return value


def _merge(values, more):
    """Lay ``more`` over ``values``, section by section."""
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(values.get(name), dict):
            _merge(values[name], value)
        else:
            values[name] = value


def _shrink_sample(values):
    """The sample's photographs are small: 128 x 128 unless told otherwise."""
    data = values.get("data")
    if isinstance(data, dict) and data.get("dataset") == "sample":
        data.setdefault("height", SAMPLE_SIZE)
        data.setdefault("width", SAMPLE_SIZE)


def _sentence(detail):
    """One of pydantic's errors as: the option's name (and flag), what it got, what it takes."""
    name = ".".join(str(part) for part in detail["loc"])
    flags = [f"--{flag}" for flag, option in FLAGS.items() if option == name]
    label = f"{name} ({flags[0]})" if flags else name
    if detail["type"] == "extra_forbidden":
        section = Options
        for part in detail["loc"][:-1]:
            section = section.model_fields[part].annotation
        return f"{label}: there is no such option; {_either(section.model_fields)} can be set here"
    takes = detail["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    of_several = detail["type"] == "value_error" and isinstance(detail["input"], dict)
    return takes if of_several else f"{label}: got {detail['input']!r}, {takes}"


def _either(names):
    *most, last = names
    return f"{', '.join(most)} or {last}"
