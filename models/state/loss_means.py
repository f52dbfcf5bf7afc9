"""The means of the losses over an epoch."""

import tensorflow as tf


class LossMeans:
    """Means of losses over the steps since `reset_state`, and over all replicas.

    Keras uses it as a metric. Keras's own metrics keep separate sums for each replica, so reading them must wait for
    all machines. Here each step adds the mean over the replicas, and every machine has the result.

    Args:
        names: the losses' names.
    """

    name = "losses"

    def __init__(self, names):
        self._names = list(names)
        mirrored = {"trainable": False, "aggregation": tf.VariableAggregation.ONLY_FIRST_REPLICA}
        self._sums = tf.Variable(tf.zeros([len(self._names)]), **mirrored)
        self._count = tf.Variable(0, dtype=tf.int64, **mirrored)

    def update(self, losses) -> None:
        """Add the losses of one step, ``{name: scalar}``."""
        values = tf.stack([losses[name] for name in self._names])
        values = tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, values)
        self._sums.assign_add(values)
        self._count.assign_add(1)

    def result(self) -> dict[str, tf.Tensor]:
        """Return the means, ``{name: scalar tensor}``. They are 0 before the first step."""
        means = tf.math.divide_no_nan(self._sums.read_value(), tf.cast(self._count.read_value(), tf.float32))
        return dict(zip(self._names, tf.unstack(means), strict=True))

    def reset_state(self) -> None:
        """Set the sums and the count to 0."""
        for variable in self.variables:
            variable.assign(tf.zeros_like(variable))

    def count(self) -> int:
        """Return the number of steps."""
        return int(self._count.numpy())

    @property
    def variables(self) -> list[tf.Variable]:
        return [self._sums, self._count]
