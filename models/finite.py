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
            tf.zeros([len(self._names)]), trainable=False, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
        )

    def look(self, values):
        """Returns whether any of the ``values``, lists of tensors by all names, is not finite, in any replica."""
        found = tf.cast(tf.stack([_overflows(values[name]) for name in self._names]), tf.float32)
        found = tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, found)
        self._found.assign(found)
        return tf.reduce_any(found > 0)

    def failed(self):
        """The names of what was not finite."""
        return [name for name, found in zip(self._names, self._found.numpy(), strict=True) if found]


def _overflows(tensors):
    """Whether the norm of all is not finite: where their squares, which Adam takes, are too large too."""
    dense = [getattr(tensor, "values", tensor) for tensor in tensors if tensor is not None]  # of embeddings, the rows
    return tf.logical_not(tf.math.is_finite(tf.linalg.global_norm(dense)))
