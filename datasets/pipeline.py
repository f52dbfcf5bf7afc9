"""The tf.data pipeline: a split's samples in, batches of RGB images out.

A batch is a dict of images, float32 ``[B, H, W, 3]`` in [0, 1]: ``source`` (the image that the task makes the source
from), in paired tasks ``target``, and ``reference``, unless the target is the reference; and ``index``, int64 ``[B]``,
the samples' indices in the split. Every random choice is a pure function of (seed, epoch, index). So the training
stream can start at any step, and gives the same batches each time.
"""

import functools
import os

import numpy as np
import tensorflow as tf

from datasets.caching import check_memory
from datasets.jitter import jitter_size, random_crop, random_key
from datasets.loading import ImageLoader
from utils import UserError

READ_AHEAD = 2  # batches
# What random numbers are for. Each purpose has its own, so that no two choices share a random number.
ORDER, CROP, REFERENCE, CROP_REFERENCE = range(4)


class Pipeline:
    """Turns a split's samples into batches.

    Args:
        split: `samples.Split`.
        image_size: size ``(H, W)`` of the images in a batch.
        batch_size: B.
        seed: seed of every random choice.
        preprocess, interpolation: how to resize, as in `utils.images.resize_and_crop`. With ``"window"``, a training
            image is a window at a random place, and an image for testing is whole.
        cache: where resized images are kept, as in `caching.open_cache`.
    """

    def __init__(
        self,
        split,
        *,
        image_size,
        batch_size,
        seed=0,
        preprocess="resize",
        interpolation="bicubic",
        cache="none",
    ):
        self.split, self.image_size, self.batch_size, self.seed = split, tuple(image_size), batch_size, seed
        self._loading = {"preprocess": preprocess, "interpolation": interpolation, "cache": cache}
        self._loaders = functools.cache(self._open_loaders)  # opened once per size, since they hold the memory caches

    def __len__(self):
        return len(self.split.images)

    @property
    def steps_per_epoch(self):
        """The number of whole batches in one pass over the samples. A UserError if there is none."""
        count = len(self)
        if count < self.batch_size:
            raise UserError(f"a batch takes {self.batch_size} images but training has {count}; lower --batch_size")
        return count // self.batch_size

    def cached_bytes(self, jitter=True):
        """The bytes of memory that ``cache="memory"`` takes while training, 0 for other caches.

        It is the first image's size times the number of images: an estimate for ``"crop"`` and ``"window"``, which
        keep images of several sizes.

        Raises:
            UserError: if it is more than the available memory.
        """
        if self._loading["cache"] != "memory":
            return 0
        loaders = {id(loader): loader for loader in self._loaders(self._loaded_size(jitter)) if loader}
        needed = sum(loader.nbytes for loader in loaders.values())
        check_memory(needed)
        return needed

    def training_stream(self, jitter=True, start_step=0, *, worker=0, workers=1, replicas=1):
        """Endless batches from step ``start_step`` on. Each epoch has a new order and ends with its last whole batch.

        With ``jitter`` images are resized to round(size * 286/256), cropped at random and mirrored half of the time, as
        in pix2pix. Windows are cropped at random, and with ``jitter`` mirrored.

        Args:
            worker, workers: load only part number ``worker`` of the ``workers`` equal parts of each batch.
            replicas: number of smaller batches that each batch is split into, one after another.
        """
        loaders = self._loaders(self._loaded_size(jitter))
        share = self.batch_size // workers
        draw_index = functools.partial(
            self._draw_index,
            samples_per_epoch=self.steps_per_epoch * self.batch_size,
            first=worker * share,
            share=share,
        )
        crop = functools.partial(random_crop, size=self.image_size, mirror=jitter)
        crop = crop if jitter or self._takes_windows else self._crop_middle
        make_sample = functools.partial(self._sample, loaders=loaders, crop=crop)
        numbers = tf.data.Dataset.range(start_step * share, np.iinfo(np.int64).max)
        return _batches(numbers.map(draw_index), make_sample, self.batch_size // replicas, drop_remainder=True)

    def own_references(self):
        """The references that `evaluation_batches` uses without exemplars, one for each sample: an `ImageList`."""
        if self.split.paired:
            return self.split.fixed_references(range(len(self)))

        def draw(index):
            return self._draw_reference(index, random_key(self.seed, REFERENCE, np.int64(0), index))

        return self.split.references.take([*tf.data.Dataset.range(len(self)).map(draw).as_numpy_iterator()])

    def evaluation_batches(self, at_most=None, exemplars=None):
        """Every sample once, in order, resized, without jitter. Where training takes windows, images are whole, and
        a batch has one.

        Args:
            at_most: number of samples to take, evenly spread over the split, as one batch. Images that would be
                whole are cropped to their middle.
            exemplars: the references to use, one for each sample, instead of the samples' own (`open_exemplars`).
        """
        images, references = self._loaders(self.image_size)
        if exemplars is not None:
            references = ImageLoader(exemplars, self.image_size, **self._loading | {"cache": "none"})
        whole = self._takes_windows and not at_most
        make_sample = functools.partial(
            self._sample,
            loaders=(images, references),
            crop=_keep_whole if whole else self._crop_middle,
            draw_reference=exemplars is None,
        )
        count = len(self)
        indices = np.linspace(0, count - 1, min(count, at_most or count)).round().astype(np.int64)
        epochs = np.zeros_like(indices)
        batch_size = 1 if whole else at_most or self.batch_size
        return _batches(tf.data.Dataset.from_tensor_slices((indices, epochs)), make_sample, batch_size)

    @property
    def _takes_windows(self):
        return self._loading["preprocess"] == "window"

    def _loaded_size(self, jitter):
        """The size to which training images are resized before they are cropped."""
        return jitter_size(self.image_size) if jitter and not self._takes_windows else self.image_size

    @tf.autograph.experimental.do_not_convert  # AutoGraph has nothing to convert, and would take a second
    def _draw_index(self, number, *, samples_per_epoch, first, share):
        """The index and the epoch of a training sample.

        ``number`` counts a worker's samples from the start of training. The worker takes ``share`` samples of each
        batch, starting with number ``first``.
        """
        number = number // share * self.batch_size + first + number % share
        epoch, position = number // samples_per_epoch, number % samples_per_epoch
        order = random_key(self.seed, ORDER, epoch)
        return tf.random.experimental.index_shuffle(position, order, np.int64(len(self) - 1)), epoch

    @tf.autograph.experimental.do_not_convert
    def _sample(self, index, epoch, *, loaders, crop, draw_reference=True):
        """One sample: a dict of RGB images ``[H, W, 3]`` in [0, 1] and the index.

        Args:
            index, epoch: int64 tensors.
            loaders: the loaders of the images and of the references (None if each sample's reference is its target).
            crop: a function that crops an image, given a key.
            draw_reference: whether the reference is drawn at random; otherwise it is reference number ``index``.
        """

        def key_for(purpose):
            return random_key(self.seed, purpose, epoch, index)

        requests = [(loaders[0], index, key_for(CROP))]
        if loaders[1]:
            number = self._draw_reference(index, key_for(REFERENCE)) if draw_reference else index
            requests.append((loaders[1], number, key_for(CROP_REFERENCE)))
        images = []
        for loader, number, key in requests:
            # Declared stateless, so that tf.data loads several images at once even where ops must be deterministic.
            image = tf.numpy_function(loader.load, [number], loader.dtype, stateful=False)
            image = tf.ensure_shape(image, [None, None, loader.channels])
            images.append(tf.image.convert_image_dtype(crop(image, key=key), tf.float32))
        sample = {"source": images[0][..., :3], "index": index}  # the first of a pair [H,W,6]
        if self.split.paired:
            sample["target"] = images[0][..., -3:]
        if loaders[1]:
            sample["reference"] = images[1]
        return sample

    def _crop_middle(self, image, key):
        return tf.image.resize_with_crop_or_pad(image, *self.image_size)

    def _draw_reference(self, index, key):
        """The index of a random reference. Where sources and references are one list, it is never ``index``."""
        count = len(self.split.references)
        if self.split.references is self.split.images:
            return (index + _draw(key, 1, count)) % count
        return _draw(key, 0, count)

    def _open_loaders(self, size):
        """The loaders of the images and of the references, None without references. One list has one loader."""
        images, references = self.split.images, self.split.references
        image_loader = ImageLoader(images, size, **self._loading)
        if references is None or references is images:
            return image_loader, None if references is None else image_loader
        return image_loader, ImageLoader(references, size, **self._loading)


def _keep_whole(image, key):
    return image


def _batches(dataset, make_sample, batch_size, *, drop_remainder=False):
    """Make samples on all cores, and batch and prefetch them."""
    options = tf.data.Options()
    # TensorFlow's tuner may sleep for seconds at the end of a stream, while the program waits for it.
    options.autotune.enabled = False
    samples = dataset.map(make_sample, os.cpu_count())
    return samples.batch(batch_size, drop_remainder=drop_remainder).prefetch(READ_AHEAD).with_options(options)


def _draw(key, low, high):
    """A random integer from ``low`` to ``high`` - 1, by a stateless key."""
    return tf.random.stateless_uniform([], key, low, high, tf.int64)
