"""Pictures by number: a list of names and a way to load one, from files or from memory."""

from pathlib import Path

import tensorflow as tf


class FilePictures:
    """Picture files (JPEG, PNG, BMP), decoded when asked for."""

    def __init__(self, paths):
        self.names = [Path(path).stem for path in paths]
        self._paths = tf.constant(paths, tf.string)

    def __len__(self):
        return len(self.names)

    def load(self, index):
        """RGB float32 ``[H, W, 3]`` in [0, 1] of picture number ``index``, an integer tensor."""
        encoded = tf.io.read_file(self._paths[index])
        return tf.io.decode_image(encoded, channels=3, dtype=tf.float32, expand_animations=False)


class ArrayPictures:
    """Pictures in memory: pairs of a name and a uint8 array ``[H, W, 3]``, of any sizes."""

    def __init__(self, named_arrays):
        self.names = [name for name, _ in named_arrays]
        arrays = [array for _, array in named_arrays]
        self._sizes = tf.constant([array.shape for array in arrays], tf.int64)
        self._bytes = tf.constant([array.tobytes() for array in arrays])

    def __len__(self):
        return len(self.names)

    def load(self, index):
        """As `FilePictures.load`."""
        picture = tf.io.decode_raw(self._bytes[index], tf.uint8)
        return tf.image.convert_image_dtype(tf.reshape(picture, self._sizes[index]), tf.float32)
