"""Handle the signals of Ctrl-C (SIGINT), a scheduler (SIGTERM) and a closed terminal (SIGHUP)."""

import contextlib
import os
import signal
import sys


class StopSignal:
    """A context manager for SIGINT and SIGTERM. The first signal asks to stop; the second ends the process at once.

    Attributes:
        message: the text to print at the first signal.
        armed: whether the first signal only asks to stop. The caller sets it to True once it checks ``exit_code``
            regularly. Until then, the first signal ends the process at once.
        exit_code: None before a signal, then the exit status that shells use (130 or 143).
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
            # Do not raise an exception: it could interrupt any code. TensorFlow's tracing turns it into a SystemError.
            os._exit(128 + number)
        self.exit_code = 128 + number
        # Do not use print here: the signal may have interrupted another print.
        os.write(2, f"\n{self.message}; the same signal again stops at once\n".encode())


@contextlib.contextmanager
def stopped_by_signals():
    """Let Ctrl-C, SIGTERM and a closed terminal end the block quietly, after its own cleanup has run."""

    def stop(number, frame):
        raise KeyboardInterrupt

    with handling({signal.SIGTERM: stop, signal.SIGHUP: stop}), contextlib.suppress(KeyboardInterrupt):
        yield


@contextlib.contextmanager
def cleaned_up_after_signals():
    """Let SIGTERM and a closed terminal end the block as Ctrl-C does, after its own cleanup has run."""

    def stop(number, frame):
        raise SystemExit(128 + number)

    with handling({signal.SIGTERM: stop, signal.SIGHUP: stop}):
        yield


@contextlib.contextmanager
def handling(handlers):
    """Install ``handlers``, ``{signal: handler}``, inside the block. Restore the previous handlers afterward."""
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
