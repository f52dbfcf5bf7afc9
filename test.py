"""Test a trained run: `python test.py --run runs/colorization-sample`; `--help` tells what else it does."""

from pathlib import Path

import config
import engine
import reports
from utils import Parser, UserError, exit_on_user_error


def main(arguments=None):
    """The command line; ``arguments`` instead of the program's own."""
    with exit_on_user_error():
        args = parser().parse_args(arguments)
        if args.compare:
            print(*reports.write_comparison(args.compare, args.out or "comparison"), sep="\n")
            return
        if not args.run:
            raise UserError("--run FOLDER, or --compare FOLDER FOLDER, is missing; test.py --help lists what it takes")
        options = config.load_run(args.run, set=args.set)
        # The engine imports TensorFlow, which takes seconds, when it is asked for: wrong options are told before.
        if args.export:
            engine.export(options, args.run, folder=args.export, checkpoint=args.checkpoint)
        elif args.source or args.reference:
            translate(options, args)
        else:
            engine.evaluate(options, args.run, checkpoint=args.checkpoint, exemplar=args.exemplar)


def parser():
    """The options of the command line."""
    parser = Parser(prog="test.py", description="Measure, show, try, compare and export trained runs.")
    parser.add_argument("--run", metavar="FOLDER", help="the run's folder, OUTPUT_DIR/TASK-DATASET")
    parser.add_argument("--checkpoint", metavar="FILE|best", help="another checkpoint than the run's newest")
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="an option unlike the run's")
    parser.add_argument(
        "--exemplar",
        metavar="FILE|FOLDER|shuffle",
        help="other references than the test split's own: one image for all, the images of a folder in turn, or each "
        "test image's partner",
    )
    own = parser.add_argument_group("on images of your own")
    own.add_argument(
        "--source", metavar="FILE", nargs="+", help="images to translate, of any size; several make a grid"
    )
    own.add_argument(
        "--reference",
        metavar="FILE",
        nargs="+",
        help="images whose colors are wanted, or histograms (.npy); without --source, one image's histogram is saved",
    )
    own.add_argument("--strength", default="1", help="from 0, the source's own histogram, to 1, the reference's (1)")
    own.add_argument("--out", metavar="FILE", help="the result; of --compare, its folder (comparison)")
    parser.add_argument("--compare", metavar="FOLDER", nargs="+", help="tested runs: a table and a page side by side")
    parser.add_argument("--export", metavar="FOLDER", help="write generator.keras, and saved_model for uint8 images")
    return parser


def translate(options, args):
    """Translate images of the user's own, or save a reference's histogram."""
    if not args.out or not args.reference:
        raise UserError("--reference FILE (whose colors are wanted) and --out FILE (where the result goes) are needed")
    strength = _strength(args.strength)
    if args.source:
        engine.translate_images(
            options,
            args.run,
            sources=args.source,
            references=args.reference,
            out=args.out,
            strength=strength,
            checkpoint=args.checkpoint,
        )
    elif len(args.reference) > 1:
        raise UserError("without --source, the histogram of one --reference is saved, as --out FILE.npy")
    else:
        engine.save_reference_histogram(
            options, args.run, reference=args.reference[0], out=args.out, checkpoint=args.checkpoint
        )
    print(f"the result: {Path(args.out).resolve()}")


def _strength(text):
    try:
        strength = float(text)
    except ValueError:
        strength = -1.0
    if not 0 <= strength <= 1:
        raise UserError(f"--strength: got {text}, takes a number from 0 to 1")
    return strength


if __name__ == "__main__":
    main()
