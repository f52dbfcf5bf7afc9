"""Leaving when asked to: Ctrl-C (SIGINT), or a scheduler's preemption (SIGTERM)."""

import os
import signal


class Leaving:
    """Inside ``with``, a first signal asks to leave, which is for others to heed, and a second one leaves at once.

    Attributes:
        heeded: set by who looks at ``asked`` before long, and saves what there is; till then, the first leaves at once.
        asked: the exit status to leave with, as a shell has it (130 or 143), or None.
    """

    def __init__(self):
        self.heeded, self.asked = False, None

    def __enter__(self):
        self._before = {number: signal.signal(number, self._handle) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *error):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number, frame):
        if self.asked or not self.heeded:
            # An exception could be raised anywhere here, within TensorFlow's tracing too, which takes it badly.
            os._exit(128 + number)
        self.asked = 128 + number
        # print, which may be what was interrupted, cannot be called here.
        os.write(2, b"\nsaving, then leaving; the same again leaves at once\n")
