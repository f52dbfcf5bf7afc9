"""The step counter. The seed and the step are the key of every random draw inside a model."""

import tensorflow as tf

LAYERS = 2**21  # more than the largest layer number of any model


class StepCounter:
    """A counter of training steps. Keras does not count its variable as a parameter.

    Args:
        seed: the run's seed.
    """

    def __init__(self, seed=0):
        self.seed = seed
        self.step = tf.Variable(
            0, dtype=tf.int64, trainable=False, name="step", aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
        )

    def value(self) -> int:
        """Return the number of steps taken."""
        return int(self.step.numpy())

    def increment(self, taken=True) -> None:
        """Count one step if ``taken``, a bool or a bool tensor, is true."""
        self.step.assign_add(tf.cast(taken, tf.int64))

    def key(self, layer) -> tf.Tensor:
        """Return the key for `uniform`, int64 ``[2]``, made from the seed, the step and the number of a layer."""
        return tf.stack([tf.constant(self.seed, tf.int64), LAYERS * self.step + layer])
