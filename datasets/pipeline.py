"""tf.data pipelines: examples in, batches in the network's colours out.

A batch is a dict of ``source``, ``reference`` and, in paired tasks, ``target``, float32 ``[B, H, W, C]``, and
``index``, int64 ``[B]``, into the examples' names. Every random choice is a pure function of (seed, epoch,
index), so that the training stream can start at any step and give the very same batches again.
"""

import numpy as np
import tensorflow as tf

from datasets.augmentation import jitter, random_key, resize
from utils.color_spaces import to_network
from utils.errors import UserError

# What a random number is for, so that no two choices share one.
ORDER, AUGMENT, REFERENCE, AUGMENT_REFERENCE = range(4)


class Pipeline:
    """How examples become batches.

    Args:
        examples: what `open_examples` returns.
        image_size: ``(H, W)`` of the batches.
        batch_size: B.
        color_space: the network's colours.
        channels, out_channels: of the source; of reference and target.
        seed: of every random choice.
    """

    def __init__(self, examples, image_size, batch_size, color_space="yuv", channels=3, out_channels=3, seed=0):
        self.examples = examples
        self.image_size = image_size
        self.batch_size = batch_size
        self.color_space = color_space
        self.channels, self.out_channels = channels, out_channels
        self.seed = seed

    @property
    def steps_per_epoch(self):
        """Whole batches in one pass over the examples; a UserError where there is not even one."""
        count = len(self.examples)
        if count < self.batch_size:
            raise UserError(f"a batch takes {self.batch_size} pictures but training has {count}; lower --batch_size")
        return count // self.batch_size

    def training_stream(self, jitter=True, start_step=0):
        """Endless batches from step ``start_step`` on: each epoch in a new order, cut to whole batches.

        ``jitter``: resize to round(size * 286/256), crop at random and mirror half of the pictures, as pix2pix does.
        """
        samples = self.steps_per_epoch * self.batch_size

        def example(number):
            epoch, position = number // samples, number % samples
            order = random_key(self.seed, ORDER, epoch)
            index = tf.random.experimental.index_shuffle(position, order, np.int64(len(self.examples) - 1))
            return self._example(index, epoch, jitter)

        numbers = tf.data.Dataset.range(start_step * self.batch_size, np.iinfo(np.int64).max)
        batches = numbers.map(example, tf.data.AUTOTUNE).batch(self.batch_size, drop_remainder=True)
        return batches.prefetch(tf.data.AUTOTUNE)

    def evaluation_batches(self, at_most=None, exemplars=None):
        """Every example once, in order, only resized; or ``at_most`` so many, evenly spread, in one batch.

        ``exemplars``: a function from an example's index to another reference than its own, RGB (`open_exemplars`).
        """
        count = len(self.examples)
        chosen = np.linspace(0, count - 1, min(count, at_most or count)).round().astype(np.int64)
        numbers = tf.data.Dataset.from_tensor_slices(chosen)
        examples = numbers.map(lambda index: self._example(index, np.int64(0), False, exemplars), tf.data.AUTOTUNE)
        return examples.batch(at_most or self.batch_size).prefetch(tf.data.AUTOTUNE)

    def _example(self, index, epoch, jitter, exemplars=None):
        def key(purpose):
            return random_key(self.seed, purpose, epoch, index)

        if self.examples.paired:
            both = tf.concat(self.examples.load(index), axis=-1)  # [H,W,6]: one crop for both
            source, target = tf.split(self._fit(both, key(AUGMENT), jitter), 2, axis=-1)
            target = to_network(target, self.color_space, self.out_channels)
            pictures = {"reference": target, "target": target}
        else:
            source = self._fit(self.examples.load_source(index), key(AUGMENT), jitter)
            reference = self.examples.load_reference(index, key(REFERENCE))
            reference = self._fit(reference, key(AUGMENT_REFERENCE), jitter)
            pictures = {"reference": to_network(reference, self.color_space, self.out_channels)}
        if exemplars:
            exemplar = resize(exemplars(index), self.image_size)
            pictures["reference"] = to_network(exemplar, self.color_space, self.out_channels)
        return {"source": to_network(source, self.color_space, self.channels), **pictures, "index": index}

    def _fit(self, picture, key, jittered):
        return jitter(picture, self.image_size, key) if jittered else resize(picture, self.image_size)
