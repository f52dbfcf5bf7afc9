"""Test a trained run, or translate images: `python test.py --run runs/colorization-sample`; `--help` lists all."""

import config
import engine
import reports
from utils import UserError, exit_on_user_error


def main(arguments=None):
    """The command line; ``arguments`` instead of the program's own."""
    with exit_on_user_error():
        args = config.parse_testing(arguments)
        # The engine imports TensorFlow, which takes seconds, when it is first used: wrong options are found before.
        options = config.load_run(args.run, set=args.set or ()) if args.run else None
        if args.compare:
            print(*reports.write_comparison(args.compare, args.out or "comparison"), sep="\n")
        elif args.export:
            engine.export(options, args.run, folder=args.export, checkpoint=args.checkpoint)
        elif args.source or args.reference:
            translate(options, args)
        else:
            engine.evaluate(options, args.run, checkpoint=args.checkpoint, exemplar=args.exemplar, out=args.out)


def translate(options, args):
    """Translate images of the user's own, by a run or by a fit, or save the histogram that a run takes."""
    if args.run and args.source and not args.reference and options.takes_reference:
        raise UserError(f"--reference FILE (whose colors are wanted) is needed: {args.run} takes one")
    if args.reference and args.run and not options.takes_reference:
        raise UserError(f"--reference: the generator of {args.run} takes none; leave it out")
    if args.strength != 1 and args.run and not options.takes_reference:
        raise UserError(f"--strength: the generator of {args.run} takes no reference; leave it out")
    images = {"sources": args.source, "references": args.reference or [], "out": args.out, "strength": args.strength}
    if not args.run:
        engine.transfer(**images, steps=args.steps, seed=args.seed)
    elif args.source:
        engine.translate_images(options, args.run, **images, checkpoint=args.checkpoint)
    elif len(args.reference) > 1:
        raise UserError("without --source, the histogram of one --reference is saved, as --out FILE.npy")
    else:
        engine.save_reference_histogram(
            options, args.run, reference=args.reference[0], out=args.out, checkpoint=args.checkpoint
        )


if __name__ == "__main__":
    main()
