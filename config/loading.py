"""Load and save options. Later sources win: defaults < task < variant < --config FILE < flags < --set a.b=value."""

from pathlib import Path

import oyaml as yaml
from pydantic import ValidationError

from config.flags import BUFFER_SIZE_NOTE, VARIANTS, flags_of, option_of
from config.options import Options
from datasets import TASKS
from models import GENERATORS, SHIPPED, shipped_settings
from utils import VERSION, UserError, atomic_write, in_one_line, user_error_on_oserror

SETTINGS = "settings.yml"
_SAMPLE_SIZE = {"height": 128, "width": 128}  # the sample's photographs are small
_FOLDER = Path(__file__).parent
EXPERIMENTS = sorted(path.stem for path in (_FOLDER / "experiments").glob("*.yaml"))


def load(task=None, *, variant=None, config=None, assignments=(), **overrides):
    """Load and validate the options of a run.

    Args:
        task: a task's name. It may be left out if the config file names the task.
        variant: ``"paper"``, or ``"released"`` to apply the task's file in config/experiments/released.
        config: a YAML file of nested options, or the name of a file in config/experiments.
        assignments: a list of strings ``"section.name=value"``.
        overrides: options, by the names of their flags: ``batch_size=2``.

    Returns:
        `config.options.Options`.

    Raises:
        UserError: if an option is wrong. The message names the option, its value, and what it takes.
    """
    from_file = read_settings(_config_file(config)) if config else {}
    task = _task(task, from_file, config)
    chosen = _released(task, variant)  # these override the task's own settings
    _merge(chosen, from_file)
    for flag, value in overrides.items():
        option, value = option_of(flag, value)
        if option is None:
            print(BUFFER_SIZE_NOTE)
        else:
            _merge(chosen, _nest(option, value))
    for text in assignments:
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
    """Write the nested options and the version as YAML. `load(config=path)` restores the options.

    ``run.overwrite`` is not saved, because it applied only to the run that was replaced.
    """
    values = {"version": VERSION} | options.model_dump(exclude={"run": {"overwrite"}})
    with atomic_write(path, flush=True) as temporary:
        temporary.write_text(yaml.safe_dump(values))


def read_settings(path):
    """Read the nested options in a YAML file, or in the file of a run that comes with the project.

    Raises:
        UserError: if the file cannot be read, has no options, or holds settings of version 1.
    """
    if path in SHIPPED.values():
        return shipped_settings(path.stem)
    try:
        with user_error_on_oserror(path, "give another file", verb="read"):
            values = yaml.safe_load(Path(path).read_text())
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not YAML: {in_one_line(error)}") from None
    if not isinstance(values, dict):
        raise UserError(f"{path} should hold sections of options (data, model, ...), not {type(values).__name__}")
    if "variant" in values:  # only version 1 saved it; its options and checkpoints differ
        raise UserError(f"{path} holds settings of version 1: use version 1 for its runs, or train again")
    values.pop("version", None)
    losses = values.get("losses")
    if isinstance(losses, dict) and "l1" in losses:  # the pixel loss's former name
        losses["pixel"] = losses.pop("l1")
    return values


def _config_file(name):
    """Return the file with this name or, if there is none, the file of the experiment with this name."""
    if Path(name).exists() and not Path(name).is_dir():
        return name
    if str(name) not in EXPERIMENTS:
        raise UserError(f"--config: got {name}, takes a YAML file or the name of an experiment, {_either(EXPERIMENTS)}")
    return _FOLDER / "experiments" / f"{name}.yaml"


def _task(task, from_file, config):
    """Return the task's name, from the argument or from the file."""
    if task and from_file.get("task", task) != task:
        raise UserError(f"--task: got {task}, and {config} is of the task {from_file['task']}; give one of them")
    task = task or from_file.get("task")
    if task not in TASKS:
        raise UserError(f"task: got {task!r}, takes {_either(TASKS)}")
    return task


def _released(task, variant):
    """Return the settings of the released code that differ from the task's. Return {} for another variant."""
    if variant not in (None, *VARIANTS):
        raise UserError(f"variant: got {variant!r}, takes {_either(VARIANTS)}")
    if variant != "released":
        return {}
    file = _FOLDER / "experiments" / "released" / f"{task}.yaml"
    if not file.exists():
        raise UserError(f"--variant: got released, but no code of {task} was released; leave it out")
    return read_settings(file)


def _weights_of_the_generator(values, chosen):
    """Return the weights of loss terms that the generator's row in GENERATORS sets instead of the task's."""
    model = chosen.get("model") if isinstance(chosen.get("model"), dict) else {}
    row = GENERATORS.get(str(model.get("generator", values["model"]["generator"])))
    return {"losses": dict(row.weights)} if row else {}


def _nest(name, value):
    """Convert ``"a.b", 1`` to ``{"a": {"b": 1}}``."""
    for part in reversed(name.split(".")):
        value = {part: value}
    return value


def _merge(values, more):
    """Update ``values`` with ``more`` in place, section by section."""
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(values.get(name), dict):
            _merge(values[name], value)
        else:
            values[name] = value


def _sentence(detail):
    """Convert an error of pydantic to a message: the option's name and flags, its value, and what it takes."""
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
