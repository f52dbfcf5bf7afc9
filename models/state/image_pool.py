"""A pool of past generated images for the discriminator (Shrivastava et al. 2017; CycleGAN)."""

import tensorflow as tf

from models.state.draws import uniform

KEY = 1 << 20  # the pool's number for `StepCounter.key`; no dropout layer has it


class ImagePool:
    """A pool of up to ``size`` generated images. Each is stored with the discriminator's other input, if it has one.

    Until the pool is full, it stores each new image and returns it. Once full, it returns the new image or, with
    probability 1/2, replaces a random old image with it and returns the old one. The draws depend only on seed and
    step. `exchange` does not change the pool. It returns new values, which the training step assigns to ``variables``.

    Args:
        size: the largest number of images in the pool.
        shapes: ``{input name: shape}`` of the discriminator's inputs, without the batch axis.
        step_counter: the model's `StepCounter`.
    """

    def __init__(self, size, shapes, step_counter):
        self.size, self.step_counter = size, step_counter
        local = {
            "trainable": False,
            "synchronization": tf.VariableSynchronization.ON_READ,  # under a strategy, each replica has its own pool
            "aggregation": tf.VariableAggregation.ONLY_FIRST_REPLICA,
        }
        self.stored = {name: tf.Variable(tf.zeros([size, *shape]), **local) for name, shape in shapes.items()}
        self.count = tf.Variable(0, dtype=tf.int32, **local)

    def exchange(self, tensors) -> tuple[dict[str, tf.Tensor], list[tf.Tensor]]:
        """Replace some images of a batch with old ones from the pool.

        Args:
            tensors: a dict of tensors ``[B, ...]`` that has the names in ``shapes``. B must be static.

        Returns:
            A dict of tensors of the same shapes, and the new values of ``variables``.
        """
        stored = [variable.read_value() for variable in self.stored.values()]
        tensors = [tensors[name] for name in self.stored]
        count = self.count.read_value()
        draws = uniform([tensors[0].shape[0], 2], self.step_counter.key(KEY))
        chosen = []
        for number in range(tensors[0].shape[0]):
            news = [tensor[number] for tensor in tensors]
            full = count >= self.size
            slot = tf.where(full, tf.cast(draws[number, 0] * self.size, tf.int32), count)
            swap = full & (draws[number, 1] < 0.5)
            olds = [tf.gather(tensor, slot) for tensor in stored]  # with tensor[slot], XLA compiles for each slot
            chosen.append([tf.where(swap, old, new) for old, new in zip(olds, news, strict=True)])
            kept = [tf.where(swap | ~full, new, old) for old, new in zip(olds, news, strict=True)]
            stored = [
                tf.tensor_scatter_nd_update(tensor, [[slot]], [item]) for tensor, item in zip(stored, kept, strict=True)
            ]
            count = tf.minimum(count + 1, self.size)
        shown = {name: tf.stack(column) for name, column in zip(self.stored, zip(*chosen, strict=True), strict=True)}
        return shown, [*stored, count]

    @property
    def variables(self) -> list[tf.Variable]:
        return [*self.stored.values(), self.count]
