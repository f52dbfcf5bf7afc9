"""Errors that a user can cause: one sentence on the terminal and exit status 2. Bugs keep their traceback."""

import argparse
import contextlib
import sys

from tqdm import tqdm


def reason(error):
    """An error's message in one line; for a system error, without the file's name."""
    return getattr(error, "strerror", None) or in_one_line(error)


class UserError(ValueError):
    """An error that a user can cause. Its message says what was wrong, what was given and what to do."""


def in_one_line(error):
    """An error's message without line breaks, so that it can be part of a sentence."""
    return " ".join(str(error).split())


@contextlib.contextmanager
def exit_on_user_error():
    """Turn a `UserError` inside the block into its message on stderr and exit status 2, and Ctrl-C into status 130."""
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None


@contextlib.contextmanager
def warn_on_oserror(path):
    """Turn a failure to write ``path`` inside the block, such as a full disk, into a warning on stderr."""
    try:
        yield
    except OSError as error:
        warn(f"{path} cannot be written ({reason(error)}): training continues without this file")


def warn(text):
    """A warning on stderr, on a line of its own beside progress bars."""
    tqdm.write(f"warning: {text}", file=sys.stderr)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser whose errors are one sentence."""

    def __init__(self, **kwargs):
        super().__init__(allow_abbrev=False, **kwargs)

    def error(self, message):
        raise UserError(f"{message}; {self.prog} --help lists what it takes")
