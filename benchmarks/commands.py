"""Run the project's commands as a user does."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(script, *arguments):
    """Run train.py or test.py with these arguments, and end with its error where it fails."""
    print(script, *arguments, flush=True)
    done = subprocess.run([sys.executable, ROOT / script, *map(str, arguments)], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.stderr)
