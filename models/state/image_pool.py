"""A pool of past generated images for the discriminator (Shrivastava et al. 2017; CycleGAN)."""

import tensorflow as tf

from models.state.draws import uniform

KEY = 1 << 20  # of the random draws; no dropout layer has this number


class ImagePool:
    """Holds up to ``size`` generated images, each with what the discriminator saw beside it.

    While the pool fills, it stores each new image and returns it. When it is full, half of the time it returns an old
    image, drawn at random, and stores the new one in its place. Draws are a pure function of seed and step. `exchange`
    does not change the pool: the training step assigns the new values to its ``variables`` if the step is taken.

    Args:
        size: the number of images that it holds.
        shapes: a dict of name to shape, for one image and for what the discriminator sees beside it.
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
        """Exchange a batch's images, half of the time, for old ones.

        Args:
            tensors: a dict of tensors ``[B, ...]`` with the names of ``shapes``. B must be static.

        Returns:
            A dict of tensors of the same shapes, new or old, and the values of ``variables`` afterwards.
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
            olds = [tf.gather(tensor, slot) for tensor in stored]  # for tensor[slot], XLA would compile each slot anew
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
