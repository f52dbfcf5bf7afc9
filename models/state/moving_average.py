"""An exponential moving average of weights. Images made with it vary less than images made with the last weights."""

import tensorflow as tf

from models.state.variables import assign, values_of


class MovingAverage:
    """A moving average of weights: ``average = m * average + (1 - m) * weight`` after each step.

    Here ``m = min(momentum, t / (9 + t))``, and t is the number of earlier steps. Because m is small in the first
    steps, the initial weights are forgotten soon, as in `tf.train.ExponentialMovingAverage`.

    Args:
        variables: the weights.
        momentum: the limit of m after many steps, in [0, 1).
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
        """Update the averages after a step. ``step`` is the number of earlier steps."""
        step = tf.cast(step, tf.float32)
        momentum = tf.minimum(self.momentum, step / (9.0 + step))
        for average, variable in zip(self.averages, self.variables, strict=True):
            average.assign(momentum * average + (1.0 - momentum) * variable)
