"""Generated pictures of the past, for the discriminator to see beside new ones (Shrivastava et al. 2017; CycleGAN)."""

import tensorflow as tf

KEY = 1 << 20  # of the random draws: no dropout layer's number


class ImagePool:
    """Holds up to ``size`` of what the discriminator was shown as generated.

    While it fills, it keeps each and gives it back; when it is full, half of the time it keeps the new one in the place
    of an old one, drawn at random, and gives that. Draws are a pure function of the clock. `exchange` draws and leaves
    the pool alone; the step that is taken gives its ``variables`` their new values.

    Args:
        size: how many it holds.
        shapes: by name, of one picture and of all that it is shown with.
        clock: the model's `Clock`.
    """

    def __init__(self, size, shapes, clock):
        self.size, self.clock = size, clock
        local = {
            "trainable": False,
            "synchronization": tf.VariableSynchronization.ON_READ,  # under a strategy, each replica has its own
            "aggregation": tf.VariableAggregation.ONLY_FIRST_REPLICA,
        }
        self.stored = {name: tf.Variable(tf.zeros([size, *shape]), **local) for name, shape in shapes.items()}
        self.count = tf.Variable(0, dtype=tf.int32, **local)

    def exchange(self, tensors):
        """Named tensors ``[B, ...]`` that belong together, B known, to others of the same shapes, new or old.

        Returns:
            Those, and the values of ``variables`` afterwards.
        """
        stored = [variable.read_value() for variable in self.stored.values()]
        tensors = [tensors[name] for name in self.stored]
        count = self.count.read_value()
        key = self.clock.key(KEY)
        given = []
        for number in range(tensors[0].shape[0]):
            news = [tensor[number] for tensor in tensors]
            draws = tf.random.stateless_uniform([2], tf.random.experimental.stateless_fold_in(key, number))
            full = count >= self.size
            slot = tf.where(full, tf.cast(draws[0] * self.size, tf.int32), count)
            swap = full & (draws[1] < 0.5)
            olds = [tensor[slot] for tensor in stored]
            given.append([tf.where(swap, old, new) for old, new in zip(olds, news, strict=True)])
            kept = [tf.where(swap | ~full, new, old) for old, new in zip(olds, news, strict=True)]
            stored = [
                tf.tensor_scatter_nd_update(tensor, [[slot]], [item]) for tensor, item in zip(stored, kept, strict=True)
            ]
            count = tf.minimum(count + 1, self.size)
        shown = {name: tf.stack(column) for name, column in zip(self.stored, zip(*given, strict=True), strict=True)}
        return shown, [*stored, count]

    @property
    def variables(self):
        return [*self.stored.values(), self.count]
