"""Read, resize and cache images on demand. The tf.data pipeline calls this Python code."""

import atexit
import contextlib
import threading
import time

import numpy as np

from datasets.caching import open_cache
from utils.images import READ_BY, resize_and_crop, resized_size

_QUIET = 0.2  # seconds; after this long without a call, no more calls are expected


class ImageLoader:
    """Reads the images of a list, and resizes and caches them.

    Args:
        images: `sources.ImageList`.
        size: ``(H, W)``.
        preprocess, interpolation: how to resize, as in `utils.images.resize_and_crop`.
        cache: where to keep resized images; see ``where`` in `caching.open_cache`.

    Attributes:
        channels: number of channels of the arrays that `load` returns: 3, or 6 for pairs.
        dtype: type of these arrays, uint8 or uint16.
    """

    def __init__(self, images, size, *, preprocess="resize", interpolation="bicubic", cache="none"):
        self.channels, self.dtype = 3 * len(images.parts), images.dtype
        self._images, self._size = images, tuple(size)
        self._resizing = {"preprocess": preprocess, "interpolation": interpolation}
        self._cache = open_cache(cache, self._cache_key)

    def __len__(self):
        return len(self._images)

    @property
    def nbytes(self):
        """The size of all resized images in bytes, if each has the shape of the first one."""
        first, *_ = self._images.read(0)
        height, width = resized_size(first.shape[:2], self._size, self._resizing["preprocess"])
        return len(self) * height * width * self.channels * np.dtype(self.dtype).itemsize

    def load(self, index):
        """Return image ``index``, resized: ``[h, w, 3]``, or ``[h, w, 6]`` for a pair."""
        with _calls.running() as exiting:
            if exiting:
                return np.zeros([1, 1, self.channels], self.dtype)
            index = int(index)
            array = self._cache.get(index) if self._cache else None
            if array is None:
                array = resize_and_crop(self._images.read(index), self._size, **self._resizing)
                if self._cache:
                    self._cache.put(index, array)
            return array

    def _cache_key(self, index):
        settings = " ".join(self._resizing.values())
        return f"{self._images.cache_key(index)} {self._size} {settings} read by {READ_BY}"


class _Calls:
    """Counts the calls from tf.data's threads into Python, so that the interpreter can wait for them at exit.

    An iterator that still exists at exit keeps reading ahead. It would call an interpreter that has shut down, and the
    process would hang. So at exit, new calls return at once, and the interpreter waits for the running calls.
    """

    def __init__(self):
        self._lock, self._running, self._last, self._exiting = threading.Lock(), 0, 0.0, False

    @contextlib.contextmanager
    def running(self):
        """Count the block as a running call. Yield whether the interpreter is exiting."""
        with self._lock:
            self._running += 1
        try:
            yield self._exiting
        finally:
            with self._lock:
                self._running -= 1
                self._last = time.monotonic()

    def wait(self):
        """Make new calls return at once, and wait until no call has run for _QUIET seconds."""
        self._exiting = True
        while self._running or time.monotonic() - self._last < _QUIET:
            time.sleep(_QUIET / 10)


_calls = _Calls()
atexit.register(_calls.wait)
