"""The subcommands of `huenet`. train.py, test.py and demo.py use them too. Each one parses its arguments and makes one
call.
"""

from collections.abc import Callable
from pkgutil import resolve_name
from typing import NamedTuple

import app
import config
import datasets
import engine
import reports
from utils import VERSION, UserError, exit_on_user_error


@exit_on_user_error()
def transfer(arguments=None, prog="huenet transfer"):
    """Give an image the colors of another, by a fit to the pair or by a run."""
    _call(config.parse_transfer(arguments, prog))


@exit_on_user_error()
def train(arguments=None, prog="train.py"):
    """Train a network or resume its training."""
    engine.train(**config.parse_training(arguments, prog))


@exit_on_user_error()
def test(arguments=None, prog="test.py"):
    """Test, compare and export runs, or translate images."""
    _call(config.parse_testing(arguments, prog))


@exit_on_user_error()
def compare(arguments=None, prog="huenet compare"):
    """Compare tested runs."""
    _call(config.parse_compare(arguments, prog))


@exit_on_user_error()
def export(arguments=None, prog="huenet export"):
    """Export a run's generator."""
    _call(config.parse_export(arguments, prog))


def download(arguments=None, prog="huenet download"):
    """Download a data set."""
    datasets.download.main(arguments, prog=prog)


@exit_on_user_error()
def plots(arguments=None, prog="huenet plots"):
    """Plot a run's training curves and histograms."""
    print(*reports.plot_run(**config.parse_plots(arguments, prog)), sep="\n")


@exit_on_user_error()
def demo(arguments=None, prog="demo.py"):
    """Open the page in the browser."""
    app.open_demo(**config.parse_demo(arguments, prog))


def _call(requested):
    """Call a function, given as the pair of ``"module:name"`` and a dict of keyword arguments."""
    function, arguments = requested
    resolve_name(function)(**arguments)


class Subcommand(NamedTuple):
    """A subcommand.

    Attributes:
        function: a function of ``(arguments, prog)``: a list of strings, and the command's name for error messages.
        help: a description of the subcommand.
        example: the arguments of an example call.
    """

    function: Callable
    help: str
    example: str


RUN = "runs/colorization-sample"
SUBCOMMANDS = {
    "transfer": Subcommand(transfer, "give an image the colors of another", "photo.jpg palette.jpg --out result.jpg"),
    "train": Subcommand(train, "train a network, or resume its training", "--task colorization --dataset sample"),
    "test": Subcommand(test, "translate a run's test images, and measure and show the results", f"--run {RUN}"),
    "compare": Subcommand(compare, "compare tested runs side by side", "runs/first runs/second --out comparison"),
    "export": Subcommand(export, "export a run's generator for TensorFlow", f"{RUN} exported"),
    "download": Subcommand(download, "download a data set", "summer2winter_yosemite"),
    "plots": Subcommand(plots, "plot a run's training curves and histograms", RUN),
    "demo": Subcommand(demo, "open a page in the browser that gives your images the colors of others", f"--run {RUN}"),
}


@exit_on_user_error()
def run_subcommand(arguments):
    """Run the subcommand that the first argument names."""
    name, *rest = arguments or ["--help"]
    if name in ("-h", "--help"):
        print(help_text())
    elif name == "--version":
        print(f"huenet {VERSION}")
    elif name in SUBCOMMANDS:
        SUBCOMMANDS[name].function(rest, prog=f"huenet {name}")
    else:
        raise UserError(f"{name} is not a subcommand; huenet takes {', '.join(SUBCOMMANDS)}, --help or --version")


def help_text():
    """Return the text that `huenet --help` prints."""
    rows = [f"  {name:10}{row.help}\n{'':14}huenet {name} {row.example}" for name, row in SUBCOMMANDS.items()]
    head = "usage: huenet SUBCOMMAND ...\n       huenet SUBCOMMAND --help\n       huenet --version\n"
    return "\n".join([head, "Image-to-image translation and color transfer with histograms.\n", *rows])
