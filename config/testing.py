"""The command line of test.py: its options, and which of them go together."""

import math

from utils import Parser, UserError

# What the command does, by the options that choose it, and the other options that it takes.
MODES = {
    "--compare": {"out"},
    "--export": {"run", "checkpoint", "set"},
    "--run with --source or --reference": {"run", "checkpoint", "set", "source", "reference", "strength", "out"},
    "--source without --run": {"source", "reference", "strength", "steps", "seed", "out"},
    "--run": {"run", "checkpoint", "set", "exemplar", "out"},
}


def parse_testing(arguments=None):
    """The command line's options.

    Raises:
        UserError: for options that do not go together, and numbers out of their range.
    """
    args = _testing_parser().parse_args(arguments)
    mode = _mode(args)
    args.strength = _number(args.strength or "1", "--strength", at_most=1)
    args.steps = args.steps and _number(args.steps, "--steps", at_least=1, whole=True)
    args.seed = _number(args.seed or "0", "--seed", whole=True)
    if "reference" in MODES[mode] and not (args.out and (args.reference or args.run)):
        raise UserError(
            "--out FILE (where the result goes) and, unless a run takes none, --reference FILE (whose colors are "
            "wanted) are needed"
        )
    return args


def _testing_parser():
    parser = Parser(prog="test.py", description="Measure, show, try, compare and export trained runs.")
    parser.add_argument("--run", metavar="FOLDER", help="the run's folder, OUTPUT_DIR/TASK-DATASET")
    parser.add_argument("--checkpoint", metavar="FILE|best", help="the checkpoint to use; by default the newest")
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", help="an option unlike the run's")
    parser.add_argument(
        "--exemplar",
        metavar="FILE|FOLDER|shuffle",
        help="other references than the test split's own: one image for all, the images of a folder in turn, or each "
        "test image's partner",
    )
    own = parser.add_argument_group("on images of your own, by a run or, without --run, by a fit to each pair")
    own.add_argument(
        "--source",
        metavar="FILE",
        nargs="+",
        help="images to translate, of any size; several make a grid; without --run also a folder of frames",
    )
    own.add_argument(
        "--reference",
        metavar="FILE",
        nargs="+",
        help="images whose colors are wanted, or a run's histograms (.npy); without --source, one image's is saved",
    )
    own.add_argument("--strength", metavar="S", help="from 0, the source's own colors, to 1, the reference's (1)")
    own.add_argument("--steps", metavar="N", help="of a fit; fewer are quicker")
    own.add_argument("--seed", metavar="N", help="of a fit (0)")
    parser.add_argument(
        "--out",
        metavar="FILE|FOLDER",
        help="the result of --source or --reference; the folder of --compare (comparison) or of a test (RUN/test/own, "
        "RUN/test/exemplar-NAME)",
    )
    parser.add_argument(
        "--compare",
        metavar="FOLDER",
        nargs="+",
        help="tested runs, or folders of results such as RUN/test/exemplar-shuffle: a table and a page side by side",
    )
    parser.add_argument("--export", metavar="FOLDER", help="write generator.keras, and saved_model for uint8 images")
    return parser


def _mode(args):
    """The row of MODES that the arguments choose. An option that it does not take is an error."""
    given = {name for name, value in vars(args).items() if value is not None}
    own = given & {"source", "reference"}
    if "compare" in given or "export" in given:
        mode = "--compare" if "compare" in given else "--export"
    elif "run" in given:
        mode = "--run with --source or --reference" if own else "--run"
    elif "source" in given:
        mode = "--source without --run"
    else:
        raise UserError("one of --run, --source and --compare is missing; test.py --help lists what they take")
    others = sorted(given - MODES[mode] - {mode.removeprefix("--")})
    if others:
        raise UserError(f"{' and '.join(f'--{name}' for name in others)}: not taken by {mode}; leave it out")
    if mode == "--export" and not args.run:
        raise UserError("--export takes --run FOLDER, the run to export")
    return mode


def _number(text, option, *, at_least=0, at_most=2**31 - 1, whole=False):
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = math.nan
    if not at_least <= number <= at_most:
        raise UserError(f"{option}: got {text}, takes a {'whole ' * whole}number from {at_least} to {at_most}")
    return number
