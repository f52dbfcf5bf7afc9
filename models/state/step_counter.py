"""The step counter. Every random draw inside a model is keyed by the seed and the step."""

import tensorflow as tf


class StepCounter:
    """Counts training steps in a variable of its own, which Keras does not count as a parameter.

    Args:
        seed: the run's seed.
    """

    def __init__(self, seed=0):
        self.seed = seed
        self.step = tf.Variable(
            0, dtype=tf.int64, trainable=False, name="step", aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
        )

    def value(self):
        """The number of steps taken, an int."""
        return int(self.step.numpy())

    def increment(self, taken=True):
        """Count one step, if it was taken: a bool or a bool tensor."""
        self.step.assign_add(tf.cast(taken, tf.int64))

    def key(self, layer):
        """A stateless key, int64 ``[2]``: a function of seed, step and a layer's number."""
        return tf.random.experimental.stateless_fold_in(tf.stack([tf.constant(self.seed, tf.int64), self.step]), layer)
