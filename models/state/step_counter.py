"""The step counter. Every random draw inside a model is keyed by the seed and the step."""

import tensorflow as tf

LAYERS = 2**21  # more than the largest layer number of any model


class StepCounter:
    """Counts training steps in its own variable, which Keras does not count as a parameter.

    Args:
        seed: the run's seed.
    """

    def __init__(self, seed=0):
        self.seed = seed
        self.step = tf.Variable(
            0, dtype=tf.int64, trainable=False, name="step", aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
        )

    def value(self) -> int:
        """The number of steps taken, an int."""
        return int(self.step.numpy())

    def increment(self, taken=True) -> None:
        """Count one step, if it was taken: a bool or a bool tensor."""
        self.step.assign_add(tf.cast(taken, tf.int64))

    def key(self, layer) -> tf.Tensor:
        """The key for `uniform` of the seed, the step and a layer's number: int64 ``[2]``."""
        return tf.stack([tf.constant(self.seed, tf.int64), LAYERS * self.step + layer])
