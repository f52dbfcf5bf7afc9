"""Options from their sources, in order: defaults < task < variant < --config FILE < flags < --set a.b=value."""

from pathlib import Path

import oyaml as yaml
from pydantic import ValidationError

from config.flags import BUFFER_SIZE_NOTE, VARIANTS, flags_of, option_of
from config.options import Options
from datasets import TASKS
from models import GENERATORS
from utils import UserError, atomic_write, in_one_line

SETTINGS = "settings.yml"
_SAMPLE_SIZE = {"height": 128, "width": 128}  # the sample's photographs are small
_FOLDER = Path(__file__).parent


def load(task=None, *, variant=None, config=None, set=(), **overrides):
    """The options of a run, validated.

    Args:
        task: a task's name; may be left out where the config file names it.
        variant: ``"paper"``, or ``"released"`` for the experiment file of that name.
        config: a YAML file of nested options.
        set: texts ``"section.name=value"``.
        overrides: options by their flags' names: ``batch_size=2``.

    Returns:
        `config.options.Options`.

    Raises:
        UserError: a sentence that names the option, what it got and what it takes.
    """
    from_file = read_settings(config) if config else {}
    if task and from_file.get("task", task) != task:
        raise UserError(f"--task: got {task}, and {config} is of the task {from_file['task']}; give one of them")
    task = task or from_file.get("task")
    if task not in TASKS:
        raise UserError(f"task: got {task!r}, takes {_either(TASKS)}")
    if variant not in (None, *VARIANTS):
        raise UserError(f"variant: got {variant!r}, takes {_either(VARIANTS)}")
    chosen = {}  # over the task's own settings
    if variant == "released":
        released = _FOLDER / "experiments" / "released" / f"{task}.yaml"
        if not released.exists():
            raise UserError(f"--variant: got released, but no code of {task} was released; leave it out")
        _merge(chosen, read_settings(released))
    _merge(chosen, from_file)
    for flag, value in overrides.items():
        option, value = option_of(flag, value)
        if option is None:
            print(BUFFER_SIZE_NOTE)
        else:
            _merge(chosen, _nest(option, value))
    for text in set:
        name, equals, value = text.partition("=")
        if not equals or "." not in name:
            raise UserError(f"--set: got {text!r}, takes NAME=VALUE such as losses.color=50")
        _merge(chosen, _nest(name, value))
    values = read_settings(_FOLDER / "tasks" / f"{task}.yaml")
    if isinstance(chosen.get("data"), dict) and chosen["data"].get("dataset") == "sample":
        _merge(values, {"data": _SAMPLE_SIZE})
    _merge(values, _weights_of_the_generator(values, chosen))
    _merge(values, chosen)
    values["task"] = task
    try:
        return Options.model_validate(values)
    except ValidationError as error:
        raise UserError("; ".join(_sentence(detail) for detail in error.errors())) from None


def save(options, path):
    """Write the options as YAML, by their nested names; `load(config=path)` gives them back.

    ``run.overwrite`` is left out: it was meant for the run that was there before.
    """
    with atomic_write(path, flush=True) as temporary:
        temporary.write_text(yaml.safe_dump(options.model_dump(exclude={"run": {"overwrite"}})))


def read_settings(path):
    """The nested options in a YAML file. A UserError where there are none."""
    try:
        values = yaml.safe_load(Path(path).read_text())
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not YAML: {in_one_line(error)}") from None
    if not isinstance(values, dict):
        raise UserError(f"{path} should hold sections of options (data, model, ...), not {type(values).__name__}")
    _refuse_old_names(path, values)
    losses = values.get("losses")
    if isinstance(losses, dict) and "l1" in losses:  # what the pixel loss was called
        losses["pixel"] = losses.pop("l1")
    return values


def _refuse_old_names(path, values):
    """Settings of release 1 named their variant, had other names for options, and lay beside other checkpoints."""
    if "variant" in values:
        raise UserError(
            f"{path} holds the option variant of release 1 (up to commit 6c4ff64), whose options have other names now: "
            "use what it made with that release, or train again"
        )


def _weights_of_the_generator(values, chosen):
    """The weights of loss terms that the generator's row sets over the task's own."""
    model = chosen.get("model") if isinstance(chosen.get("model"), dict) else {}
    row = GENERATORS.get(str(model.get("generator", values["model"]["generator"])))
    return {"losses": dict(row.weights)} if row else {}


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


def _sentence(detail):
    """One of pydantic's errors as: the option's name (and flag), what it got, what it takes."""
    name = ".".join(str(part) for part in detail["loc"])
    flags = flags_of(name)
    label = f"{name} ({', '.join(flags)})" if flags else name
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
