"""Signals: stop when asked to by Ctrl-C (SIGINT), a scheduler (SIGTERM) or a closed terminal (SIGHUP)."""

import contextlib
import os
import signal
import sys


class StopSignal:
    """Inside ``with``, a first signal asks to stop, and a second one ends the process at once.

    Attributes:
        message: what is printed at the first signal.
        armed: set by the code that reads ``exit_code`` regularly and saves before it exits. Until then, the first
            signal ends the process at once.
        exit_code: the exit status as shells use it (130 or 143), or None before a signal.
    """

    def __init__(self, message="saving, then stopping"):
        self.message = message
        self.armed, self.exit_code = False, None

    def __enter__(self):
        self._handling = handling(dict.fromkeys((signal.SIGINT, signal.SIGTERM), self._handle))
        self._handling.__enter__()
        return self

    def __exit__(self, *error):
        self._handling.__exit__(*error)

    def exit(self):
        """End the process with the exit code. A normal exit would take seconds to tear TensorFlow down."""
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(self.exit_code)

    def _handle(self, number, frame):
        if self.exit_code or not self.armed:
            # Not an exception: it could rise anywhere, and TensorFlow's tracing would turn it into a SystemError.
            os._exit(128 + number)
        self.exit_code = 128 + number
        # Not print: the signal may have interrupted a print.
        os.write(2, f"\n{self.message}; the same again stops at once\n".encode())


@contextlib.contextmanager
def stopped_by_signals():
    """Let Ctrl-C, SIGTERM and a closed terminal end the block quietly, so that what it holds is cleaned up."""

    def stop(number, frame):
        raise KeyboardInterrupt

    with handling({signal.SIGTERM: stop, signal.SIGHUP: stop}), contextlib.suppress(KeyboardInterrupt):
        yield


@contextlib.contextmanager
def handling(handlers):
    """Handle signals inside the block by a dict of a signal to its handler; afterwards, as before."""
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
