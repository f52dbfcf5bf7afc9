"""Images that Python reads, as tensors of a tf.data pipeline."""

import atexit
import contextlib
import threading
import time

import numpy as np
import tensorflow as tf
from PIL import __version__ as PILLOW

from datasets.caching import open_cache
from datasets.resizing import resize_and_crop

_QUIET = 0.2  # seconds without a call, after which none is expected


class ImageLoader:
    """Reads the images of a list, resized and cached, as tensors.

    Args:
        images: `sources.ImageList`.
        size: ``(H, W)``.
        preprocess, interpolation: of `resize_and_crop`.
        cache: where resized images are kept, of `caching.open_cache`.
    """

    def __init__(self, images, size, *, preprocess="resize", interpolation="bicubic", cache="none"):
        self._images, self._size = images, tuple(size)
        self._resizing = {"preprocess": preprocess, "interpolation": interpolation}
        self._cache = open_cache(cache, self._cache_key)
        self._channels = 3 * len(images.parts)

    def __call__(self, index):
        """Image number ``index``, an int64 tensor: uint8 ``[h, w, 3]``, of pairs ``[h, w, 6]``."""
        # Stateless: the same for the same index. So tf.data runs several at once even where ops are deterministic.
        image = tf.numpy_function(self.load, [index], tf.uint8, stateful=False)
        return tf.ensure_shape(image, [None, None, self._channels])

    def load(self, index):
        """The same as an array, for an integer."""
        with _calls.running() as leaving:
            if leaving:
                return np.zeros([1, 1, self._channels], np.uint8)
            index, images = int(index), self._images
            array = self._cache.get(index) if self._cache else None
            if array is None:
                read = images.select(images.read_item(images.items[index]))
                array = resize_and_crop(read, self._size, **self._resizing)
                if self._cache:
                    self._cache.put(index, array)
            return array

    def _cache_key(self, index):
        settings = " ".join(self._resizing.values())
        return f"{self._images.cache_key(index)} {self._size} {settings} Pillow {PILLOW}"


class _Calls:
    """Calls from tf.data's threads into Python.

    An iterator that still lives when the interpreter shuts down reads ahead into an interpreter that is gone, and the
    process hangs. So at exit new calls return at once, and running ones are waited for.
    """

    def __init__(self):
        self._lock, self._running, self._last, self._leaving = threading.Lock(), 0, 0.0, False

    @contextlib.contextmanager
    def running(self):
        """A call runs inside the block. It gives whether the interpreter shuts down."""
        with self._lock:
            self._running += 1
        try:
            yield self._leaving
        finally:
            with self._lock:
                self._running -= 1
                self._last = time.monotonic()

    def end(self):
        """Let new calls return at once, and wait for those that run or are on their way."""
        self._leaving = True
        while self._running or time.monotonic() - self._last < _QUIET:
            time.sleep(_QUIET / 10)


_calls = _Calls()
atexit.register(_calls.end)
