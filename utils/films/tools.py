"""Run ffmpeg and ffprobe, and make a sentence of their errors."""

import contextlib
import re
import shutil
import signal
import subprocess

from utils.errors import UserError

INSTALL = "install ffmpeg (apt install ffmpeg, brew install ffmpeg, or winget install ffmpeg)"


class ToolError(Exception):
    """A tool has failed. The message is the tool's own reason, without the name of the file."""


def find_tool(name, what):
    """Return the path of ffmpeg or ffprobe. Raise a UserError, which begins with ``what``, if it is not installed."""
    if found := shutil.which(name):
        return found
    raise UserError(f"{what} needs the program {name}, which is not installed; {INSTALL}")


def run_tool(command):
    """Run a command and return its standard output, bytes. Raise a `ToolError` if it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        raise ToolError(first_reason(done.stderr, done.returncode))
    return done.stdout


@contextlib.contextmanager
def running(command, **options):
    """Run a command in the block, and end it if the block fails. ``options``: further options of `subprocess.Popen`."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **options) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def first_reason(stderr, status):
    """Return the first line of a tool's errors, bytes. If there is none, say what ended the tool.

    The first line is the cause, and the last one is often only "Conversion failed!".
    """
    text = stderr.decode(errors="replace").strip()
    if not text:
        return f"it was ended: {signal.strsignal(-status)}" if status < 0 else f"its status is {status}"
    line = re.sub(r"^(\[[^]]* @ 0x[0-9a-f]+\] *)+", "", text.splitlines()[0])
    return re.sub(r"^file:.*: ", "", line).rstrip(".")
