"""Train HueNet: `python train.py --task colorization`; `--help` lists the options."""

import config
import engine
from utils import exit_on_user_error


def main(arguments=None):
    """The command line; ``arguments`` instead of the program's own."""
    with exit_on_user_error():
        args = config.training_parser().parse_args(arguments)
        engine.train(config.load_arguments(args), resume=args.resume)


if __name__ == "__main__":
    main()
