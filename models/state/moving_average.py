"""An exponential moving average of weights. It makes steadier images than the weights of the last step."""

import tensorflow as tf

from models.state.variables import assign, values_of


class MovingAverage:
    """``average = m average + (1 - m) weight`` after each step t, with ``m = min(momentum, t / (9 + t))``.

    The smaller m of the first steps leaves the initial weights out (as `tf.train.ExponentialMovingAverage` has it).

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
        """Begin with the weights as they are now."""
        assign(self.averages, values_of(self.variables))

    def update(self, step) -> None:
        """The weights have moved; ``step`` steps were taken before."""
        step = tf.cast(step, tf.float32)
        momentum = tf.minimum(self.momentum, step / (9.0 + step))
        for average, variable in zip(self.averages, self.variables, strict=True):
            average.assign(momentum * average + (1.0 - momentum) * variable)
