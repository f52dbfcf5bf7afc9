"""The modes of test.py and of `huenet` transfer, compare and export: one row for each mode.

A row gives its function by name. So TensorFlow is imported only when the function is called, after all checks.
"""

import math
from typing import NamedTuple

import config  # by its front door, so that the options, which take a while, are imported only for a run
from utils import UserError

NUMBERS = {
    "strength": {"at_most": 2},
    "proportions": {"at_most": 1},
    "steps": {"at_least": 1, "whole": True},
    "seed": {"whole": True},
    "lut_size": {"at_least": 2, "at_most": 129, "whole": True},
    "max_megapixels": {"at_least": 1},
}
MISSING = {
    "run": "--run RUN (the run to export)",
    "reference": "--reference FILE (whose colors are wanted)",
    "out": "--out FILE (where the result goes)",
}


class Mode(NamedTuple):
    """A mode: one thing that the user can request.

    Attributes:
        name: the name of the mode in error messages.
        chosen_by: the options that choose the mode. All of them must be given.
        call: the function that does the work, as ``"module:name"``.
        arguments: a dict from the function's arguments to the names of options.
        needs: further options that must be given. ``reference`` is not needed for a run that takes no reference.
        reads_images: whether the function reads images, so that ``max_megapixels`` applies.
    """

    name: str
    chosen_by: tuple
    call: str
    arguments: dict
    needs: tuple = ()
    reads_images: bool = True


_RUN = {"options": "options", "run": "run", "checkpoint": "checkpoint"}
_IMAGES = {"sources": "source", "references": "reference", "strength": "strength"}
_IMAGES |= {"out": "out", "overwrite": "overwrite"}
_IMAGES |= {name: name for name in ("mask", "reference_mask", "strip")}
_FIT = {name: name for name in ("quick", "proportions", "local", "steps", "seed", "max_megapixels", "keep_profile")}
_LOOK = {"lut": "lut", "lut_size": "lut_size"}
_EACH = {"each": "each", "resume": "resume"}
_HISTOGRAM = {"reference": "reference", "reference_mask": "reference_mask", "out": "out"}
_PAIR = ("reference", "out")
# The first row whose options are all given is chosen.
MODES = (
    Mode("--compare", ("compare",), "reports:compare", {"runs": "compare", "out": "out"}),
    Mode(
        "--export",
        ("export",),
        "engine:export",
        _RUN | {"folder": "export", "size": "size"},
        needs=("run",),
        reads_images=False,
    ),
    Mode("--run with --source", ("run", "source"), "engine:translate_images", _RUN | _IMAGES, _PAIR),
    Mode("--run with --reference", ("run", "reference"), "engine:save_reference_histogram", _RUN | _HISTOGRAM, _PAIR),
    Mode("--run", ("run",), "engine:evaluate", _RUN | {"exemplar": "exemplar", "out": "out"}),
    Mode("--lut", ("source", "lut"), "engine:transfer", _IMAGES | _FIT | _LOOK, ("reference",)),
    Mode("--each", ("source", "each"), "engine:transfer", _IMAGES | _FIT | _EACH, _PAIR),
    Mode("--source without --run", ("source",), "engine:transfer", _IMAGES | _FIT | {"shots": "shots"}, _PAIR),
)


def requested_call(parsed):
    """Return the function call that a command line requests.

    Args:
        parsed: an `argparse.Namespace`. An option that is not given is None or an empty list.

    Returns:
        The function as ``"module:name"``, and a dict of its keyword arguments.

    Raises:
        UserError: if options cannot be combined, a number is out of range, or a folder is not a run.
    """
    given = {name: value for name, value in vars(parsed).items() if value not in (None, [])}
    mode = _mode(given)
    for name, limits in NUMBERS.items():
        if name in given:
            given[name] = _number(given[name], f"--{name}", **limits)
    if "size" in given:
        given["size"] = _size(given["size"])
    if "run" in given:
        if given.get("strength", 1) > 1:
            raise UserError(f"--strength: got {given['strength']:g}, takes a number from 0 to 1 with --run")
        limit = [f"data.max_megapixels={given['max_megapixels']}"] if "max_megapixels" in given else []
        given["options"] = config.load_run(given["run"], [*given.get("set", ()), *limit])
        if "reference" in mode.arguments.values() and not given["options"].takes_reference:
            given["reference"] = _no_references(given)
    if missing := [MISSING[name] for name in mode.needs if name not in given]:
        raise UserError(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing")
    if "reference" in mode.arguments:  # the function takes one reference, not a list
        given["reference"], *others = given["reference"]
        if others:
            raise UserError("without --source, the histogram of one --reference is saved, as --out FILE.npy")
    return mode.call, {name: given[option] for name, option in mode.arguments.items() if option in given}


def _mode(given):
    """Return the mode that the options choose. Raise a UserError if the mode does not take one of the options."""
    mode = next((row for row in MODES if given.keys() >= {*row.chosen_by}), None)
    if mode is None:
        raise UserError("one of --run, --source and --compare is missing; --help lists what they take")
    of_run = ("set", "max_megapixels") if mode.reads_images else ("set",)  # options that change the run's own
    taken = {*mode.chosen_by, *mode.arguments.values(), *(of_run if "run" in given else ())}
    if others := sorted(given.keys() - taken):
        raise UserError(f"{' and '.join(f'--{name}' for name in others)}: not taken by {mode.name}; leave it out")
    return mode


def _no_references(given):
    """Return the empty list of references, for a run that takes none. Raise a UserError if references were given."""
    for name in ("reference", "strength"):
        if name in given:
            raise UserError(f"--{name}: the generator of {given['run']} takes no reference; leave it out")
    return []


def _size(text):
    height, by, width = text.partition("x")
    if not (by and height.isdecimal() and width.isdecimal() and int(height) and int(width)):
        raise UserError(f"--size: got {text}, takes a height and a width in pixels, such as 480x640")
    return int(height), int(width)


def _number(text, option, *, at_least=0, at_most=2**31 - 1, whole=False):
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = math.nan
    if not at_least <= number <= at_most:
        raise UserError(f"{option}: got {text}, takes a {'whole ' * whole}number from {at_least} to {at_most}")
    return number
