"""What test.py can be asked for: which call the options choose, and that the call takes its arguments."""

import inspect
from pkgutil import resolve_name

import pytest

import config
from config.modes import MODES
from utils import UserError


@pytest.fixture
def runs(tmp_path):
    """Folders with the settings of a run that takes a reference, and of one that takes none."""
    for name, task in (("with", "color_transfer"), ("without", "enhancement")):
        (tmp_path / name).mkdir()
        config.save(config.load(task), tmp_path / name / "settings.yml")
    return {"WITH": str(tmp_path / "with"), "WITHOUT": str(tmp_path / "without")}


@pytest.mark.parametrize(
    "words,call,expected",
    [
        ("--compare a b", "reports:compare", {"runs": ["a", "b"]}),
        ("--run WITH --export to", "engine:export", {"folder": "to"}),
        ("--run WITH --export to --size 480x640", "engine:export", {"folder": "to", "size": (480, 640)}),
        ("--run WITH --exemplar shuffle", "engine:evaluate", {"exemplar": "shuffle"}),
        (
            "--run WITH --source a b --reference c --out d --strength 0.5 --checkpoint best",
            "engine:translate_images",
            {"sources": ["a", "b"], "references": ["c"], "out": "d", "strength": 0.5, "checkpoint": "best"},
        ),
        (
            "--run WITHOUT --source a --out d --overwrite",
            "engine:translate_images",
            {"sources": ["a"], "references": [], "out": "d", "overwrite": True},
        ),
        ("--run WITH --reference c --out d", "engine:save_reference_histogram", {"reference": "c", "out": "d"}),
        (
            "--source a --reference b c --out d --steps 3 --seed 4",
            "engine:transfer",
            {"sources": ["a"], "references": ["b", "c"], "out": "d", "steps": 3, "seed": 4},
        ),
        (
            "--source a --reference b --out d --max_megapixels 300",
            "engine:transfer",
            {"sources": ["a"], "references": ["b"], "out": "d", "max_megapixels": 300},
        ),
    ],
)
def test_the_options_choose_a_call_that_takes_them(runs, words, call, expected):
    words = [runs.get(word, word) for word in words.split()]
    function, arguments = config.parse_testing(words)
    if "--run" in words:
        run = words[words.index("--run") + 1]
        expected = expected | {"run": run, "options": config.load_run(run)}
    assert (function, arguments) == (call, expected)
    inspect.signature(resolve_name(function)).bind(**arguments)


@pytest.mark.parametrize("rest", ("", "--source a --reference b --out c", "--reference b --out c.npy"))
def test_the_limit_of_pixels_is_an_option_of_the_run(runs, rest):
    command = ["--run", runs["WITH"], "--max_megapixels", "300", *rest.split()]
    assert config.parse_testing(command)[1]["options"].data.max_megapixels == 300


def test_every_row_is_a_call_that_takes_all_its_arguments():
    for row in MODES:
        inspect.signature(resolve_name(row.call)).bind(**row.arguments)


@pytest.mark.parametrize(
    "parse,words,same",
    [
        ("parse_transfer", "a b c --out d --steps 3", "--source a --reference b c --out d --steps 3"),
        ("parse_transfer", "a b --run WITH --out d", "--run WITH --source a --reference b --out d"),
        ("parse_transfer", "a --run WITHOUT --out d", "--run WITHOUT --source a --out d"),
        ("parse_compare", "a b --out c", "--compare a b --out c"),
        ("parse_export", "WITH to --checkpoint best", "--run WITH --export to --checkpoint best"),
    ],
)
def test_a_subcommand_of_its_own_asks_for_the_same(runs, parse, words, same):
    own, options = ([runs.get(word, word) for word in text.split()] for text in (words, same))
    assert getattr(config, parse)(own) == config.parse_testing(options)


@pytest.mark.parametrize(
    "words,message",
    [
        ("", "one of --run, --source and --compare is missing"),
        ("--reference a --out b", "one of --run, --source and --compare is missing"),
        ("--source a", "--reference FILE .* and --out FILE .* are missing"),
        ("--run WITH --source a", "--reference FILE .* and --out FILE .* are missing"),
        ("--run WITHOUT --source a", "^--out FILE .* is missing"),
        ("--run WITH --source a --out b", "^--reference FILE .* is missing"),
        ("--run WITHOUT --source a --reference b --out c", "--reference: the generator of .* takes no reference"),
        ("--run WITHOUT --reference b --out c.npy", "--reference: the generator of .* takes no reference"),
        ("--run WITHOUT --source a --out c --strength 1", "--strength: the generator of .* takes no reference"),
        ("--run WITH --reference a b --out c.npy", "the histogram of one --reference is saved"),
        ("--run WITH --reference a --out c.npy --strength 1", "--strength: not taken by --run with --reference"),
        ("--run WITH --exemplar a --seed 1", "--seed: not taken by --run;"),
        ("--run WITH --overwrite", "--overwrite: not taken by --run;"),
        ("--export a", "--run RUN .* is missing"),
        ("--run WITH --export a --max_megapixels 300", "--max_megapixels: not taken by --export;"),
        ("--compare a b --set data.batch_size=1", "--set: not taken by --compare"),
        ("--source a --reference b --out c --strength nan", "--strength: got nan, takes a number from 0 to 2"),
        ("--source a --reference b --out c --steps 1.5", "--steps: got 1.5, takes a whole number from 1"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(runs, words, message):
    with pytest.raises(UserError, match=message):
        config.parse_testing([runs.get(word, word) for word in words.split()])
