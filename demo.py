"""Try HueNet in a browser: `python demo.py`, or `python demo.py --run runs/colorization-sample`; `--help` lists all."""

import app
import config
from utils import exit_on_user_error


def main(arguments=None):
    """The command line; ``arguments`` instead of the program's own."""
    with exit_on_user_error():
        args = config.parse_demo(arguments)
        app.open_demo({run: config.load_run(run) for run in args.run}, host=args.host)


if __name__ == "__main__":
    main()
