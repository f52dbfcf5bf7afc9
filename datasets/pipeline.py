"""tf.data pipelines: samples in, batches in the network's colors out.

A batch is a dict of ``source``, ``reference`` and, in paired tasks, ``target``, float32 ``[B, H, W, C]``, and
``index``, int64 ``[B]``, the samples' numbers in the split. Every random choice is a pure function of (seed, epoch,
index), so the training stream can start at any step and give the very same batches again.
"""

import functools

import numpy as np
import tensorflow as tf

from datasets.augmentation import jitter, jitter_size, random_key
from datasets.loading import ImageLoader
from datasets.sources import ImageList
from utils import UserError, gray, to_network

# What a random number is for, so that no two choices share one.
ORDER, AUGMENT, REFERENCE, AUGMENT_REFERENCE = range(4)


class Pipeline:
    """Turns a split's samples into batches.

    Args:
        split: `samples.Split`.
        image_size: ``(H, W)`` of the batches.
        batch_size: B.
        color_space: the network's colors.
        channels, out_channels: of the source; of reference and target.
        seed: of every random choice.
        preprocess, interpolation: of `resizing.resize_and_crop`.
        cache: where resized images are kept, of `caching.open_cache`.
    """

    def __init__(
        self,
        split,
        *,
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
        self.split = split
        self.image_size = tuple(image_size)
        self.batch_size = batch_size
        self.color_space = color_space
        self.channels, self.out_channels = channels, out_channels
        self.seed = seed
        self._loading = {"preprocess": preprocess, "interpolation": interpolation, "cache": cache}
        self._loaders = functools.cache(self._open_loaders)  # what a loader keeps in memory lasts

    def __len__(self):
        return len(self.split.images)

    @property
    def steps_per_epoch(self):
        """Whole batches in one pass over the samples. A UserError where there is not even one."""
        count = len(self)
        if count < self.batch_size:
            raise UserError(f"a batch takes {self.batch_size} images but training has {count}; lower --batch_size")
        return count // self.batch_size

    def training_stream(self, jitter=True, start_step=0):
        """Endless batches from step ``start_step`` on: each epoch in a new order, cut to whole batches.

        With ``jitter`` images are resized to round(size * 286/256), cropped at random and mirrored half of the time, as
        in pix2pix.
        """
        loaders = self._loaders(jitter_size(self.image_size) if jitter else self.image_size)
        samples = self.steps_per_epoch * self.batch_size

        def sample(number):
            epoch, position = number // samples, number % samples
            order = random_key(self.seed, ORDER, epoch)
            index = tf.random.experimental.index_shuffle(position, order, np.int64(len(self) - 1))
            return self._sample(index, epoch, loaders, jittered=jitter)

        numbers = tf.data.Dataset.range(start_step * self.batch_size, np.iinfo(np.int64).max)
        batches = numbers.map(sample, tf.data.AUTOTUNE).batch(self.batch_size, drop_remainder=True)
        return batches.prefetch(tf.data.AUTOTUNE)

    def evaluation_batches(self, at_most=None, exemplars=None):
        """Every sample once, in order, only resized; or ``at_most`` so many, evenly spread, in one batch.

        ``exemplars``: a function from a sample's index to another reference than its own (`open_exemplars`).
        """
        loaders, count = self._loaders(self.image_size), len(self)
        chosen = np.linspace(0, count - 1, min(count, at_most or count)).round().astype(np.int64)
        others = None
        if exemplars:
            listed = ImageList(range(count), [], read_item=lambda index: (exemplars(index),), item_key=str)
            others = ImageLoader(listed, self.image_size, **self._loading | {"cache": "none"})

        def sample(index):
            return self._sample(index, np.int64(0), loaders, exemplars=others)

        samples = tf.data.Dataset.from_tensor_slices(chosen).map(sample, tf.data.AUTOTUNE)
        return samples.batch(at_most or self.batch_size).prefetch(tf.data.AUTOTUNE)

    def _sample(self, index, epoch, loaders, *, jittered=False, exemplars=None):
        """Sample number ``index`` in an epoch. ``loaders``: of the images and of the references."""
        split, (images, references) = self.split, loaders
        keys = [random_key(self.seed, purpose, epoch, index) for purpose in range(4)]
        image = self._crop(images(index), jittered and keys[AUGMENT])  # of a pair [H,W,6]: one crop for both
        source = gray(image) if split.gray_sources else image[..., :3]
        sample = {"source": to_network(source, self.color_space, self.channels), "index": index}
        if split.paired:
            sample["target"] = sample["reference"] = to_network(image[..., -3:], self.color_space, self.out_channels)
        if exemplars or references:
            other = exemplars(index) if exemplars else references(self._draw_reference(index, keys[REFERENCE]))
            other = self._crop(other, jittered and keys[AUGMENT_REFERENCE])
            sample["reference"] = to_network(other, self.color_space, self.out_channels)
        return sample

    def _crop(self, image, key):
        """``[h, w, C]`` to float ``[H, W, C]`` in [0, 1]: at random with a ``key``, else the middle."""
        size = self.image_size
        cropped = tf.image.resize_with_crop_or_pad(image, *size) if key is False else jitter(image, size, key)
        return tf.image.convert_image_dtype(cropped, tf.float32)

    def _draw_reference(self, index, key):
        """The number of a random reference. Where sources and references are one set, it is never the source's own."""
        count = len(self.split.references)
        if self.split.references is self.split.images:
            return (index + _draw(key, 1, count)) % count
        return _draw(key, 0, count)

    def _open_loaders(self, size):
        """The loaders of the images and of the references, which are one where their lists are; None without a list."""
        images, references = self.split.images, self.split.references
        loaders = {id(listed): ImageLoader(listed, size, **self._loading) for listed in (images, references) if listed}
        return loaders[id(images)], loaders.get(id(references))


def _draw(key, low, high):
    """A whole number from ``low`` to ``high`` - 1, by a stateless key."""
    return tf.random.stateless_uniform([], key, low, high, tf.int64)
