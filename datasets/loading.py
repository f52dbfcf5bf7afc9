"""Pictures that Python reads, as tensors of a tf.data pipeline."""

import atexit
import threading
import time

import numpy as np
import tensorflow as tf

_QUIET = 0.2  # seconds without a call, after which none is expected


def as_tensors(read, parts=1):
    """A function from an index to uint8 ``[h, w, 3 parts]``, as one from an int64 tensor."""

    nothing = np.zeros([1, 1, 3 * parts], np.uint8)

    def load(index):
        # Stateless: the same for the same index, so that tf.data runs several at once even where ops are deterministic.
        picture = tf.numpy_function(
            lambda i: _calls.run(lambda: read(int(i)), nothing), [index], tf.uint8, stateful=False
        )
        return tf.ensure_shape(picture, [None, None, 3 * parts])

    return load


class _Calls:
    """Calls from tf.data's threads into Python.

    An iterator that still lives when the interpreter is taken down reads ahead into an interpreter that is no more, and
    the process hangs. So before that, calls return at once, and those that had begun are waited for.
    """

    def __init__(self):
        self._lock, self._running, self._last, self._leaving = threading.Lock(), 0, 0.0, False

    def run(self, call, else_return):
        with self._lock:
            self._running += 1
        try:
            return else_return if self._leaving else call()
        finally:
            with self._lock:
                self._running -= 1
                self._last = time.monotonic()

    def end(self):
        """From now on return at once; wait for calls that run, or are on their way."""
        self._leaving = True
        while self._running or time.monotonic() - self._last < _QUIET:
            time.sleep(_QUIET / 10)


_calls = _Calls()
atexit.register(_calls.end)
