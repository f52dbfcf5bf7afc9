"""The command line of demo.py."""

import importlib.util

from config.resuming import load_run
from utils import Parser, UserError

LOCALHOST = "127.0.0.1"


def parse_demo(arguments=None, prog="demo.py"):
    """Parse a command line and return the keyword arguments of `app.open_demo`.

    Raises:
        UserError: if gradio, which draws the page, is not installed, or if a folder is not a run.
    """
    parser = Parser(prog=prog, description="Open a page in the browser that gives a photograph the colors of another.")
    parser.add_argument(
        "--run",
        metavar="RUN",
        nargs="+",
        default=[],
        help="folders of runs, OUTPUT_DIR/TASK-DATASET, to choose from, beside the fit and the project's own network",
    )
    parser.add_argument(
        "--host",
        metavar="ADDRESS",
        default=LOCALHOST,
        help=f"address to serve the page at (default: {LOCALHOST}, which only this machine can open)",
    )
    parsed = parser.parse_args(arguments)
    if not importlib.util.find_spec("gradio"):
        raise UserError(f"{prog} needs gradio, which is not installed: pip install 'gradio<7'")
    return {"runs": {run: load_run(run) for run in parsed.run}, "host": parsed.host}
