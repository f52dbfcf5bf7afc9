"""The tf.data pipeline: it turns a split's samples into batches of RGB images.

A batch is a dict. Its images are float32 ``[B, H, W, 3]`` in [0, 1]: ``source``, the image that the task makes the
source from; ``target``, only in paired tasks; and ``reference``, unless the target is the reference. Its ``index``,
int64 ``[B]``, holds the samples' indices in the split. Every random choice is a pure function of (seed, epoch, index).
So the training stream can start at any step, and it gives the same batches each time.
"""

import functools
import os

import numpy as np
import tensorflow as tf

from datasets.caching import check_memory
from datasets.jitter import jitter_size, random_crop, random_key
from datasets.loading import ImageLoader
from datasets.looks import draw_looks, give_looks
from utils import UserError

READ_AHEAD = 2  # batches
# How the order of an epoch is drawn. A run that was trained with another order cannot be resumed exactly.
SHUFFLE = "argsort"
# The purposes of random numbers. Each purpose has its own key, so that no two choices share a random number.
ORDER, CROP, REFERENCE, CROP_REFERENCE, LOOKS = range(5)
OWN_HALF = 7 / 8  # of looks: the probability that the reference is the other half of the source's own photograph


class Pipeline:
    """Turns a split's samples into batches.

    Args:
        split: `samples.Split`.
        image_size: size ``(H, W)`` of the images in a batch.
        batch_size: B.
        seed: seed of every random choice.
        preprocess, interpolation: how to resize, as in `utils.images.resize_and_crop`. With ``"window"``, a training
            image is a window at a random place, and a test image is whole.
        cache: where to keep resized images; see ``where`` in `caching.open_cache`.
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
        height, width = self.image_size
        self._crop_size = (height, 2 * width) if split.looks else self.image_size  # looks cut a crop in halves
        self._loading = {"preprocess": preprocess, "interpolation": interpolation, "cache": cache}
        self._loaders = functools.cache(self._open_loaders)  # opened once per size, because they hold the memory caches

    def __len__(self):
        return len(self.split.images)

    @property
    def steps_per_epoch(self):
        """The number of whole batches in one pass over the samples. If there is none, raise a UserError."""
        count = len(self)
        if count < self.batch_size:
            raise UserError(f"a batch takes {self.batch_size} images but training has {count}; lower --batch_size")
        return count // self.batch_size

    def cached_bytes(self, jitter=True):
        """Return how many bytes of memory ``cache="memory"`` takes during training, or 0 for other caches.

        This is the size of the first resized image times the number of images. With ``"crop"`` and ``"window"`` it is
        an estimate, because resized images differ in size.

        Raises:
            UserError: if the cache does not fit into the available memory.
        """
        if self._loading["cache"] != "memory":
            return 0
        loaders = {id(loader): loader for loader in self._loaders(self._loaded_size(jitter)) if loader}
        needed = sum(loader.nbytes for loader in loaders.values())
        check_memory(needed)
        return needed

    def training_stream(self, jitter=True, start_step=0, *, worker=0, workers=1, replicas=1):
        """Make an endless stream of batches from step ``start_step`` on.

        Each epoch has a new order and ends with its last whole batch. With ``jitter``, images are resized to
        round(size * 286/256), cropped at random and mirrored half of the time, as in pix2pix. With
        ``preprocess="window"``, images are always cropped at random, and ``jitter`` only mirrors them.

        Args:
            worker, workers: each batch is divided into ``workers`` equal parts. Load only part number ``worker``.
            replicas: split each batch into this many smaller batches, one after another.
        """
        loaders = self._loaders(self._loaded_size(jitter))
        crop = functools.partial(random_crop, size=self._crop_size, mirror=jitter)
        crop = crop if jitter or self._takes_windows else self._crop_middle
        make_sample = functools.partial(self._sample, loaders=loaders, crop=crop)
        numbers = self._shuffled(start_step, worker=worker, workers=workers)
        return self._batches(numbers, make_sample, self.batch_size // replicas, drop_remainder=True)

    def own_references(self):
        """Return the `ImageList` of references, one for each sample, that `evaluation_batches` uses by default."""
        if self.split.references is None:
            return self.split.fixed_references(range(len(self)))

        def draw(index):
            return self._draw_reference(index, random_key(self.seed, REFERENCE, np.int64(0), index))

        return self.split.references.take([*tf.data.Dataset.range(len(self)).map(draw).as_numpy_iterator()])

    def evaluation_batches(self, at_most=None, exemplars=None):
        """Make batches of every sample once, in order, resized but without jitter.

        With ``preprocess="window"``, images are whole, and each batch holds one sample.

        Args:
            at_most: take at most this many samples, evenly spread over the split, as one batch. All images are then
                cropped to their middle, also with ``"window"``.
            exemplars: an `ImageList` with one reference for each sample, to use instead of the samples' own references
                (`open_exemplars`).
        """
        images, references = self._loaders(self._crop_size)
        if exemplars is not None:
            references = ImageLoader(exemplars, self._crop_size, **self._loading | {"cache": "none"})
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
        samples = tf.data.Dataset.from_tensor_slices((indices, epochs))
        return self._batches(samples, make_sample, batch_size, give_looks_to_references=exemplars is None)

    @property
    def _takes_windows(self):
        return self._loading["preprocess"] == "window"

    def _loaded_size(self, jitter):
        """Return the size to resize training images to before they are cropped."""
        return jitter_size(self._crop_size) if jitter and not self._takes_windows else self._crop_size

    def _shuffled(self, start_step, *, worker, workers):
        """Return the indices and epochs of a worker's training samples, from step ``start_step`` on.

        Each epoch takes the samples in another order, the order of random numbers. All orders are equally likely.
        """
        steps, share = self.steps_per_epoch, self.batch_size // workers

        @tf.autograph.experimental.do_not_convert  # AutoGraph would take a second and has nothing to convert
        def samples_of(epoch):
            key, count = random_key(self.seed, ORDER, epoch), len(self)
            numbers = tf.random.stateless_uniform([count], key, None, None, tf.int64, alg="philox")
            batches = tf.reshape(tf.argsort(numbers)[: steps * self.batch_size], [steps, self.batch_size])
            own = tf.reshape(batches[:, worker * share : (worker + 1) * share], [-1])
            return tf.data.Dataset.from_tensor_slices((tf.cast(own, tf.int64), tf.repeat(epoch, steps * share)))

        first_epoch, steps_taken = divmod(start_step, steps)
        epochs = tf.data.Dataset.range(first_epoch, np.iinfo(np.int64).max)
        return epochs.flat_map(samples_of).skip(steps_taken * share)

    @tf.autograph.experimental.do_not_convert
    def _sample(self, index, epoch, *, loaders, crop, draw_reference=True):
        """Make one sample: a dict of RGB images ``[H, W, 3]`` in [0, 1] and the index.

        Args:
            index, epoch: int64 tensors.
            loaders: the loaders of the images and of the references (None if each sample's reference is its target).
            crop: a function that takes an image and a ``key`` and returns the cropped image.
            draw_reference: whether to draw the reference at random. If not, take reference number ``index``.
        """

        def key_for(purpose):
            return random_key(self.seed, purpose, epoch, index)

        requests = [(loaders[0], index, key_for(CROP))]
        if loaders[1]:
            number = self._draw_reference(index, key_for(REFERENCE)) if draw_reference else index
            requests.append((loaders[1], number, key_for(CROP if self.split.looks else CROP_REFERENCE)))
        images = []
        for loader, number, key in requests:
            # Declared stateless, so that tf.data loads images in parallel even if ops must be deterministic.
            image = tf.numpy_function(loader.load, [number], loader.dtype, stateful=False)
            image = tf.ensure_shape(image, [None, None, loader.channels])
            images.append(tf.image.convert_image_dtype(crop(image, key=key), tf.float32))
        sample = {"source": images[0][..., :3], "index": index}  # the first of a pair [H,W,6]
        if self.split.looks:
            source, reference = images[0][:, : self.image_size[1]], images[1]
            if draw_reference:
                reference = reference[:, self.image_size[1] :]
            return sample | {"source": source, "reference": reference, "looks": draw_looks(key_for(LOOKS))}
        if self.split.paired:
            sample["target"] = images[0][..., -3:]
        if loaders[1]:
            sample["reference"] = images[1]
        return sample

    def _batches(self, dataset, make_sample, batch_size, *, drop_remainder=False, give_looks_to_references=True):
        """Make samples on all cores, batch them, give them their looks, and prefetch the batches."""
        options = tf.data.Options()
        # TensorFlow's tuner may sleep for seconds at the end of a stream, while the program waits for it.
        options.autotune.enabled = False
        batches = dataset.map(make_sample, os.cpu_count()).batch(batch_size, drop_remainder=drop_remainder)
        if self.split.looks:
            batches = batches.map(functools.partial(give_looks, to_reference=give_looks_to_references))
        return batches.prefetch(READ_AHEAD).with_options(options)

    def _crop_middle(self, image, key):
        return tf.image.resize_with_crop_or_pad(image, *self._crop_size)

    def _draw_reference(self, index, key):
        """Draw the index of a reference.

        If sources and references are one list, it is never ``index``, except for looks.
        """
        count = len(self.split.references)
        if self.split.references is not self.split.images:
            return _draw(key, 0, count)
        other = (index + _draw(key, 1, max(count, 2))) % count
        if not self.split.looks:
            return other
        chance = tf.random.stateless_uniform([], tf.random.experimental.stateless_fold_in(key, 1))
        return tf.where(chance < OWN_HALF, index, other)

    def _open_loaders(self, size):
        """Open a loader for images and one for references: the same if they are one list, None if there are none."""
        images, references = self.split.images, self.split.references
        image_loader = ImageLoader(images, size, **self._loading)
        if references is None or references is images:
            return image_loader, None if references is None else image_loader
        return image_loader, ImageLoader(references, size, **self._loading)


def _keep_whole(image, key):
    return image


def _draw(key, low, high):
    """Draw a random integer from ``low`` to ``high - 1`` with a stateless key."""
    return tf.random.stateless_uniform([], key, low, high, tf.int64)
