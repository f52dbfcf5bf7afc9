"""The command lines for trained runs and images: test.py, and `huenet` transfer, compare, export and plots."""

from pathlib import Path

from config.modes import requested_call
from utils import Parser

FIT = ("--proportions", "--local", "--steps", "--seed", "--lut", "--lut_size")
ARGUMENTS = {
    "run": {"metavar": "RUN", "help": "a run's folder, OUTPUT_DIR/TASK-DATASET"},
    "checkpoint": {"metavar": "FILE|best", "help": "checkpoint to use (default: the newest)"},
    "set": {"metavar": "NAME=VALUE", "action": "append", "help": "override an option of the run"},
    "exemplar": {
        "metavar": "FILE|FOLDER|shuffle",
        "help": "references instead of the test split's own: one image for all, the images of a folder in turn, or "
        "those of other test images",
    },
    "source": {
        "metavar": "FILE",
        "nargs": "+",
        "help": "images to translate, of any size (several: a sheet); without a run also a folder of frames",
    },
    "reference": {
        "metavar": "FILE",
        "nargs": "+",
        "help": "images whose colors are wanted (several: a sheet); looks (.cube, Hald .png), or histograms of the run "
        "(.npy)",
    },
    "strength": {
        "metavar": "S",
        "help": "0: the source's colors, 1: the reference's, up to 2: exaggerated (default: 1)",
    },
    "proportions": {
        "metavar": "P",
        "help": "of a fit: 0, the reference is a palette, to 1, the output has as much of each color (default: 0.5)",
    },
    "local": {
        "action": "store_const",
        "const": True,
        "help": "of a fit: nearer colors, which may differ from place to place",
    },
    "lut": {"metavar": "FILE", "help": "write the fitted look as FILE.cube or as a Hald image, FILE.png"},
    "lut_size": {"metavar": "N", "help": "entries along each axis of a .cube (default: 33)"},
    "steps": {"metavar": "N", "help": "number of Adam steps of a fit; fewer are faster"},
    "seed": {"metavar": "N", "help": "seed of a fit (default: 0)"},
    "out": {"metavar": "FILE", "help": "the result"},
    "compare": {
        "metavar": "RUN",
        "nargs": "+",
        "help": "tested runs, or folders of results such as RUN/test/exemplar-shuffle: a table and a page side by side",
    },
    "export": {"metavar": "FOLDER", "help": "folder for generator.keras, and saved_model for uint8 images"},
}


def parse_testing(arguments=None, prog="test.py"):
    """The call that test.py is asked for.

    Raises:
        UserError: for options that do not go together, numbers out of range, and a folder that is not a run.
    """
    parser = Parser(prog=prog, description="Test, compare and export trained runs, or translate your own images.")
    _add(parser, "--run", "--checkpoint", "--set", "--exemplar")
    own = parser.add_argument_group("your own images, by a run or, without --run, by a fit to each pair")
    _add(own, "--source", "--reference", "--strength", *FIT)
    _add(
        parser,
        "--out",
        metavar="FILE|FOLDER",
        help="result of --source, or of --reference alone (its histogram, .npy); folder of --compare (default: "
        "comparison) or of a test (default: RUN/test/own, RUN/test/exemplar-NAME)",
    )
    _add(parser, "--compare", "--export")
    return requested_call(parser.parse_args(arguments))


def parse_transfer(arguments=None, prog="huenet transfer"):
    """The call that gives an image the colors of another: by a fit to the pair, or by a run."""
    parser = Parser(
        prog=prog,
        usage=f"{prog} SOURCE REFERENCE --out FILE [options]",
        description="Give an image the colors of another: by a fit to the pair or, with --run, by a trained run.",
    )
    _add(parser, "source", metavar="SOURCE", nargs=1, help="image to translate; without a run also a folder of frames")
    _add(parser, "reference", metavar="REFERENCE", nargs="*")
    _add(parser, "--out", "--strength", *FIT, "--run", "--checkpoint", "--set")
    return requested_call(parser.parse_args(arguments))


def parse_compare(arguments=None, prog="huenet compare"):
    """The call that compares tested runs."""
    parser = Parser(prog=prog, description="Compare tested runs: a table, and a page of their images side by side.")
    _add(parser, "compare", help="tested runs, or folders of results such as RUN/test/exemplar-shuffle")
    _add(parser, "--out", metavar="FOLDER", help="folder of the page (default: comparison)")
    return requested_call(parser.parse_args(arguments))


def parse_export(arguments=None, prog="huenet export"):
    """The call that exports a run's generator."""
    parser = Parser(prog=prog, description="Export a run's generator.")
    _add(parser, "run", "export")
    _add(parser, "--checkpoint", "--set")
    return requested_call(parser.parse_args(arguments))


def parse_plots(arguments=None, prog="huenet plots"):
    """The arguments of `reports.plot_run`."""
    parser = Parser(prog=prog, description="Plot a run's training curves and histograms: RUN/plots, PNG and SVG.")
    _add(parser, "run")
    return {"run": Path(parser.parse_args(arguments).run)}


def _add(parser, *names, **changed):
    """Add arguments of the table by their names: options with dashes, the others by position."""
    for name in names:
        parser.add_argument(name, **ARGUMENTS[name.removeprefix("--")] | changed)
