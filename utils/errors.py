"""Errors that a user can cause. They print one sentence and exit with status 2. Bugs keep their traceback."""

import argparse
import contextlib
import errno
import io
import sys

from tqdm import tqdm

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)  # errors of writing alone


def reason(error):
    """Return an error's message in one line. The message of a system error omits the file's name."""
    return getattr(error, "strerror", None) or in_one_line(error)


class UserError(ValueError):
    """An error that a user can cause. Its message says what is wrong, what was given and what to do."""


class FullDiskError(UserError):
    """The disk is full, or cannot be written for another reason that other files will meet too."""


def in_one_line(error):
    """Return an error's message without line breaks, so that it can be part of a sentence."""
    return " ".join(str(error).split())


@contextlib.contextmanager
def exit_on_user_error():
    """Print a `UserError` of the block to stderr and exit with status 2. After Ctrl-C, exit with status 130.

    Characters that stdout cannot encode, for example in a file's name, are printed as escapes, as on stderr.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None


@contextlib.contextmanager
def user_error_on_oserror(what, remedy="give another path", *, verb="written"):
    """Turn an OSError of the block into a `UserError`: WHAT cannot be VERB (reason); REMEDY."""
    try:
        yield
    except OSError as error:
        kind = FullDiskError if error.errno in FULL else UserError
        raise kind(f"{what} cannot be {verb} ({reason(error)}); {remedy}") from None


@contextlib.contextmanager
def warn_on_oserror(path):
    """Print only a warning to stderr if the block cannot write ``path``, for example on a full disk."""
    try:
        yield
    except OSError as error:
        warn(f"{path} cannot be written ({reason(error)}): training continues without this file")


def warn(text):
    """Print a warning to stderr, on its own line even while a progress bar is shown."""
    tqdm.write(f"warning: {text}", file=sys.stderr)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises a `UserError` of one sentence for a wrong argument."""

    def __init__(self, **kwargs):
        super().__init__(allow_abbrev=False, **kwargs)

    def error(self, message):
        raise UserError(f"{message}; {self.prog} --help lists what it takes")
