"""The command lines for trained runs and images: test.py, and `huenet` transfer, compare, export and plots."""

from pathlib import Path

from config.modes import requested_call
from utils import Parser

FIT = ("--quick", "--proportions", "--local", "--steps", "--seed", "--lut", "--lut_size")
PHOTOGRAPH = ("--mask", "--reference_mask", "--strip", "--keep_profile")
MANY = ("--each", "--resume", "--shots")
ARGUMENTS = {
    "run": {
        "metavar": "RUN",
        "help": "a run's folder, OUTPUT_DIR/TASK-DATASET; or looks, the project's own run",
    },
    "checkpoint": {"metavar": "FILE|best", "help": "checkpoint to use (default: the newest)"},
    "set": {"metavar": "NAME=VALUE", "action": "append", "help": "override an option of the run"},
    "exemplar": {
        "metavar": "FILE|FOLDER|shuffle",
        "help": "references to use instead of the test images' own: one image for all, the images of a folder in turn, "
        "or the references of other test images (shuffle)",
    },
    "source": {
        "metavar": "FILE",
        "nargs": "+",
        "help": "images to translate, of any size (several give a sheet); without --run, also a film or a folder of "
        "frames",
    },
    "reference": {
        "metavar": "FILE",
        "nargs": "+",
        "help": "images whose colors are wanted (several give a sheet); or looks (.cube, Hald .png); or histograms "
        "that the run has saved (.npy)",
    },
    "strength": {
        "metavar": "S",
        "help": "0: the source's colors; 1: the reference's colors; up to 2: exaggerated colors (default: 1)",
    },
    "quick": {
        "action": "store_const",
        "const": True,
        "help": "instead of a fit: one pass of the network that comes with the project",
    },
    "each": {
        "action": "store_const",
        "const": True,
        "help": "fit each image of the folder SOURCE by itself (otherwise, they are frames and share one fit); "
        "--reference may be a folder of images with the same names, and --out is a folder",
    },
    "resume": {"action": "store_const", "const": True, "help": "with --each: keep the outputs that exist"},
    "shots": {
        "action": "store_const",
        "const": True,
        "help": "fit each shot of a film by itself (otherwise, the whole film shares one fit)",
    },
    "proportions": {
        "metavar": "P",
        "help": "for a fit: from 0 (the reference is a palette) to 1 (also match its amounts of colors) (default: 0.5)",
    },
    "local": {
        "action": "store_const",
        "const": True,
        "help": "for a fit: come closer to the reference, with a color map that may differ from place to place",
    },
    "lut": {"metavar": "FILE", "help": "write the fitted look as FILE.cube or as a Hald image, FILE.png"},
    "lut_size": {"metavar": "N", "help": "entries along each axis of a .cube (default: 33)"},
    "steps": {"metavar": "N", "help": "number of Adam steps of a fit; fewer steps are faster"},
    "seed": {"metavar": "N", "help": "seed of a fit (default: 0)"},
    "mask": {
        "metavar": "FILE",
        "help": "image that says where the source counts and changes: white does, black does not, gray is blended",
    },
    "reference_mask": {
        "metavar": "FILE",
        "help": "image that says where the reference counts: where it is white",
    },
    "strip": {
        "action": "store_const",
        "const": True,
        "help": "do not copy the source's EXIF, XMP and resolution",
    },
    "keep_profile": {
        "action": "store_const",
        "const": True,
        "help": "for a fit: keep the source's RGB, such as Display P3, and its color profile (default: sRGB)",
    },
    "max_megapixels": {
        "metavar": "N",
        "help": "largest image that is read, in millions of pixels (default: 179 or, with --run, the run's limit)",
    },
    "out": {"metavar": "FILE", "help": "file of the result"},
    "overwrite": {
        "action": "store_const",
        "const": True,
        "help": "let the file of --out or --lut replace a source or a reference; a folder of --out is never replaced",
    },
    "compare": {
        "metavar": "RUN",
        "nargs": "+",
        "help": "compare tested runs, or folders of results such as RUN/test/exemplar-shuffle: a table and a page",
    },
    "export": {
        "metavar": "FOLDER",
        "help": "folder for generator.keras and, for uint8 images, saved_model, translate.tflite and translate.onnx",
    },
    "size": {
        "metavar": "HxW",
        "help": "with --export: height and width of translate.tflite's images (default: the network's)",
    },
}


def parse_testing(arguments=None, prog="test.py"):
    """Parse a command line of test.py and return the call that it requests, as `requested_call`.

    Raises:
        UserError: if options cannot be combined, a number is out of range, or a folder is not a run.
    """
    parser = Parser(prog=prog, description="Test, compare and export trained runs, or translate your own images.")
    _add(parser, "--run", "--checkpoint", "--set", "--exemplar")
    own = parser.add_argument_group("your own images: translated by a run or, without --run, by a fit to each pair")
    _add(own, "--source", "--reference", "--strength", *FIT, *MANY, *PHOTOGRAPH, "--max_megapixels")
    _add(
        parser,
        "--out",
        metavar="FILE|FOLDER",
        help="file of the result of --source, or of the histogram of --reference alone (.npy); folder of --compare "
        "(default: comparison) or of a test (default: RUN/test/own or RUN/test/exemplar-NAME)",
    )
    _add(parser, "--overwrite", "--compare", "--export", "--size")
    return requested_call(parser.parse_args(arguments))


def parse_transfer(arguments=None, prog="huenet transfer"):
    """Parse a command line of `huenet transfer` and return the call that it requests."""
    parser = Parser(
        prog=prog,
        usage=f"{prog} SOURCE REFERENCE --out FILE [options]",
        description="Give an image the colors of another: by a fit to the pair or, with --run, by a trained run.",
    )
    _add(
        parser,
        "source",
        metavar="SOURCE",
        nargs=1,
        help="image to translate; without --run, also a film or a folder of frames",
    )
    _add(parser, "reference", metavar="REFERENCE", nargs="*")
    _add(parser, "--out", "--overwrite", "--strength", *FIT, *MANY, *PHOTOGRAPH, "--max_megapixels")
    _add(parser, "--run", "--checkpoint", "--set")
    return requested_call(parser.parse_args(arguments))


def parse_compare(arguments=None, prog="huenet compare"):
    """Parse a command line of `huenet compare` and return the call that it requests."""
    parser = Parser(prog=prog, description="Compare tested runs: a table, and a page of their images side by side.")
    _add(parser, "compare", help="tested runs, or folders of results such as RUN/test/exemplar-shuffle")
    _add(parser, "--out", metavar="FOLDER", help="folder of the page (default: comparison)")
    return requested_call(parser.parse_args(arguments))


def parse_export(arguments=None, prog="huenet export"):
    """Parse a command line of `huenet export` and return the call that it requests."""
    parser = Parser(prog=prog, description="Export a run's generator.")
    _add(parser, "run", "export")
    _add(parser, "--size", "--checkpoint", "--set")
    return requested_call(parser.parse_args(arguments))


def parse_plots(arguments=None, prog="huenet plots"):
    """Parse a command line of `huenet plots` and return the keyword arguments of `reports.plot_run`."""
    parser = Parser(prog=prog, description="Plot a run's training curves and histograms as PNG and SVG in RUN/plots.")
    _add(parser, "run")
    return {"run": Path(parser.parse_args(arguments).run)}


def _add(parser, *names, **changed):
    """Add arguments of the table by their names. A name with dashes is an option; the others are positional."""
    for name in names:
        parser.add_argument(name, **ARGUMENTS[name.removeprefix("--")] | changed)
