"""The entry point of `huenet`.

The packages keep their plain names (`engine`, `models`, ...). To hide these names from other programs, a wheel
installs the packages inside `huenet`. Only this process adds that folder to its path, as Python does for a script.
"""

import sys
from pathlib import Path


def main(arguments=None):
    """Run the command line, with ``arguments`` if given, otherwise with `sys.argv`."""
    package = Path(__file__).parent
    installed = (package / "engine").is_dir()  # in the repository, the packages are beside huenet
    sys.path.insert(0, str(package if installed else package.parent))
    from huenet.subcommands import run_subcommand

    run_subcommand(sys.argv[1:] if arguments is None else arguments)
