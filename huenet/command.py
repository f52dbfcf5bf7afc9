"""The entry point of `huenet`.

The folders of code keep their plain names (`engine`, `models`, ...). So that they do not become importable everywhere,
a wheel carries them inside of `huenet`, and this process alone puts them on its path, as Python does for a script.
"""

import sys
from pathlib import Path


def main(arguments=None):
    """The command line; ``arguments`` instead of the program's own."""
    package = Path(__file__).parent
    installed = (package / "engine").is_dir()  # otherwise the folders are beside it, in the repository
    sys.path.insert(0, str(package if installed else package.parent))
    from huenet.subcommands import run_subcommand

    run_subcommand(sys.argv[1:] if arguments is None else arguments)
