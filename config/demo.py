"""The command line of demo.py."""

import importlib.util

from config.resuming import load_run
from utils import Parser, UserError

LOCALHOST = "127.0.0.1"


def parse_demo(arguments=None, prog="demo.py"):
    """The arguments of `app.open_demo`, by their names.

    Raises:
        UserError: where gradio, which draws the page, is not installed, and for a folder that is not a run.
    """
    parser = Parser(prog=prog, description="Open a page in the browser that gives photographs the colors of others.")
    parser.add_argument(
        "--run",
        metavar="RUN",
        nargs="+",
        default=[],
        help="folders of runs, OUTPUT_DIR/TASK-DATASET, to choose from (default: a fit to each pair alone)",
    )
    parser.add_argument(
        "--host",
        metavar="ADDRESS",
        default=LOCALHOST,
        help=f"address to bind (default: {LOCALHOST}, which only this machine can open)",
    )
    parsed = parser.parse_args(arguments)
    if not importlib.util.find_spec("gradio"):
        raise UserError(f"{prog} needs gradio, which is not installed: pip install 'gradio<7'")
    return {"runs": {run: load_run(run) for run in parsed.run}, "host": parsed.host}
