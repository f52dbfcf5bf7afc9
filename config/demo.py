"""The command line of demo.py."""

import importlib.util

from utils import Parser, UserError

LOCALHOST = "127.0.0.1"


def parse_demo(arguments=None):
    """The command line's options.

    Raises:
        UserError: where gradio, which draws the page, is not installed.
    """
    parser = Parser(prog="demo.py", description="Open a page to give photographs the colors of others.")
    parser.add_argument(
        "--run",
        metavar="FOLDER",
        nargs="+",
        default=[],
        help="runs' folders, OUTPUT_DIR/TASK-DATASET, which the page offers; without, a fit to each pair",
    )
    parser.add_argument(
        "--host", metavar="ADDRESS", default=LOCALHOST, help=f"who can open the page: {LOCALHOST}, this machine alone"
    )
    args = parser.parse_args(arguments)
    if not importlib.util.find_spec("gradio"):
        raise UserError("demo.py needs gradio, which is not installed: pip install -r requirements-demo.txt")
    return args
