"""tf.data pipelines: examples in, batches in the network's colours out.

A batch is a dict of ``source``, ``reference`` and, in paired tasks, ``target``, float32 ``[B, H, W, C]``, and
``index``, int64 ``[B]``, into the examples' names. Every random choice is a pure function of (seed, epoch,
index), so that the training stream can start at any step and give the very same batches again.
"""

import functools

import numpy as np
import tensorflow as tf
from PIL import __version__ as PILLOW

from datasets import augmentation
from datasets.augmentation import jitter_size, random_key
from datasets.caching import cached
from datasets.fitting import fit
from datasets.loading import as_tensors
from utils.color_spaces import grey, to_network
from utils.errors import UserError

# What a random number is for, so that no two choices share one.
ORDER, AUGMENT, REFERENCE, AUGMENT_REFERENCE = range(4)


class Pipeline:
    """How examples become batches.

    Args:
        examples: `Examples`.
        image_size: ``(H, W)`` of the batches.
        batch_size: B.
        color_space: the network's colours.
        channels, out_channels: of the source; of reference and target.
        seed: of every random choice.
        preprocess, interpolation: as `fitting.fit`.
        cache: where fitted pictures are kept, as `caching.cached`.
    """

    def __init__(
        self,
        examples,
        image_size,
        batch_size,
        color_space="yuv",
        channels=3,
        out_channels=3,
        seed=0,
        preprocess="resize",
        interpolation="bicubic",
        cache="none",
    ):
        self.examples = examples
        self.image_size = tuple(image_size)
        self.batch_size = batch_size
        self.color_space = color_space
        self.channels, self.out_channels = channels, out_channels
        self.seed = seed
        self.preprocess, self.interpolation, self.cache = preprocess, interpolation, cache
        self._loaders = functools.cache(self._make_loaders)  # what they keep in memory lasts

    def __len__(self):
        return len(self.examples.pictures)

    @property
    def steps_per_epoch(self):
        """Whole batches in one pass over the examples; a UserError where there is not even one."""
        count = len(self)
        if count < self.batch_size:
            raise UserError(f"a batch takes {self.batch_size} pictures but training has {count}; lower --batch_size")
        return count // self.batch_size

    def training_stream(self, jitter=True, start_step=0):
        """Endless batches from step ``start_step`` on: each epoch in a new order, cut to whole batches.

        ``jitter``: fit to round(size * 286/256), crop at random and mirror half of the pictures, as pix2pix does.
        """
        pictures, references = self._loaders(jitter_size(self.image_size) if jitter else self.image_size)
        samples = self.steps_per_epoch * self.batch_size

        def example(number):
            epoch, position = number // samples, number % samples
            order = random_key(self.seed, ORDER, epoch)
            index = tf.random.experimental.index_shuffle(position, order, np.int64(len(self) - 1))
            return self._example(index, epoch, pictures, references, jitter)

        numbers = tf.data.Dataset.range(start_step * self.batch_size, np.iinfo(np.int64).max)
        batches = numbers.map(example, tf.data.AUTOTUNE).batch(self.batch_size, drop_remainder=True)
        return batches.prefetch(tf.data.AUTOTUNE)

    def evaluation_batches(self, at_most=None, exemplars=None):
        """Every example once, in order, only fitted; or ``at_most`` so many, evenly spread, in one batch.

        ``exemplars``: a function from an example's index to another reference than its own (`open_exemplars`).
        """
        pictures, references = self._loaders(self.image_size)
        if exemplars:
            loader = as_tensors(lambda index: self._fit((exemplars(index),), self.image_size))

            def references(index, key):
                return loader(index)

        count = len(self)
        chosen = np.linspace(0, count - 1, min(count, at_most or count)).round().astype(np.int64)

        def example(index):
            return self._example(index, np.int64(0), pictures, references, jittered=False)

        examples = tf.data.Dataset.from_tensor_slices(chosen).map(example, tf.data.AUTOTUNE)
        return examples.batch(at_most or self.batch_size).prefetch(tf.data.AUTOTUNE)

    def _example(self, index, epoch, pictures, references, jittered):
        """Example number ``index`` of an epoch; its reference is its target where there are no ``references``."""

        def key(purpose):
            return random_key(self.seed, purpose, epoch, index)

        def part(picture, purpose):
            size = self.image_size
            cut = (
                augmentation.jitter(picture, size, key(purpose))
                if jittered
                else tf.image.resize_with_crop_or_pad(picture, *size)
            )
            return tf.image.convert_image_dtype(cut, tf.float32)

        def in_colors(picture):
            return to_network(picture, self.color_space, self.out_channels)

        picture = part(pictures(index), AUGMENT)  # of pairs [H,W,6]: one crop for both
        example = {"index": index}
        if self.examples.paired:
            example["target"] = example["reference"] = in_colors(picture[..., -3:])
        if references:
            example["reference"] = in_colors(part(references(index, key(REFERENCE)), AUGMENT_REFERENCE))
        source = grey(picture) if self.examples.paired and self.examples.pictures.parts == 1 else picture[..., :3]
        return {"source": to_network(source, self.color_space, self.channels), **example}

    def _fit(self, pictures, size):
        return fit(pictures, size, self.preprocess, self.interpolation)

    def _make_loaders(self, size):
        """A function from an index to a picture, and one from an index and a stateless key to a reference, or None."""
        given, references = self.examples
        pictures = self._loader(given, size)
        if references is None:
            return pictures, None
        if references is given:  # never the source itself
            return pictures, lambda index, key: pictures((index + draw(key, 1, len(given))) % len(given))
        others = self._loader(references, size)
        return pictures, lambda index, key: others(draw(key, 0, len(references)))

    def _loader(self, pictures, size):
        def identify(index):
            return f"{pictures.identify(index)} {size} {self.preprocess} {self.interpolation} Pillow {PILLOW}"

        fitted = cached(lambda index: self._fit(pictures.read(index), size), identify, self.cache)
        return as_tensors(fitted, pictures.parts)


def draw(key, low, high):
    """A whole number from ``low`` to ``high`` - 1, by a stateless key."""
    return tf.random.stateless_uniform([], key, low, high, tf.int64)
