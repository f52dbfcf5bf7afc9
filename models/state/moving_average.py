"""An exponential moving average of weights. Its images are steadier than those of the last weights."""

import tensorflow as tf

from models.state.variables import assign, values_of


class MovingAverage:
    """``average = m average + (1 - m) weight`` after each step t, with ``m = min(momentum, t / (9 + t))``.

    The smaller m of the first steps forgets the initial weights, as in `tf.train.ExponentialMovingAverage`.

    Args:
        variables: the weights.
        momentum: m in the long run, in [0, 1).
    """

    def __init__(self, variables, momentum):
        self.variables = list(variables)
        self.momentum = momentum
        self.averages = [
            tf.Variable(variable, trainable=False, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA)
            for variable in self.variables
        ]

    def restart(self) -> None:
        """Start from the current weights."""
        assign(self.averages, values_of(self.variables))

    def update(self, step) -> None:
        """Update the averages after a step; ``step``: the number of steps before it."""
        step = tf.cast(step, tf.float32)
        momentum = tf.minimum(self.momentum, step / (9.0 + step))
        for average, variable in zip(self.averages, self.variables, strict=True):
            average.assign(momentum * average + (1.0 - momentum) * variable)
