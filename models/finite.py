"""Which numbers of a training step are not finite."""

import tensorflow as tf


class Finiteness:
    """Keeps, of the last step, which of its losses and gradients had a NaN or an infinity.

    Args:
        names: of what is looked at.
    """

    def __init__(self, names):
        self._names = list(names)
        self._found = tf.Variable(
            tf.zeros([len(self._names)]),
            trainable=False,
            synchronization=tf.VariableSynchronization.ON_READ,  # under a strategy, the replicas' are added
            aggregation=tf.VariableAggregation.SUM,
        )

    def look(self, values):
        """``values``: lists of tensors by all names. Returns a bool scalar: whether any is not finite."""
        found = tf.stack([_any_is_not_finite(values[name]) for name in self._names])
        self._found.assign(tf.cast(found, tf.float32))
        return tf.reduce_any(found)

    def failed(self):
        """The names of what was not finite."""
        return [name for name, found in zip(self._names, self._found.numpy(), strict=True) if found]


def _any_is_not_finite(tensors):
    dense = [getattr(tensor, "values", tensor) for tensor in tensors if tensor is not None]  # of embeddings, the rows
    return tf.reduce_any([tf.logical_not(tf.reduce_all(tf.math.is_finite(tensor))) for tensor in dense])
