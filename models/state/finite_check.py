"""Checks whether a training step's numbers are finite."""

import tensorflow as tf


class FiniteCheck:
    """A record of the losses and gradients that were not finite in the first step that had any.

    It lasts until `clear` is called. It stays on the device, so that training need not wait for it in each step.

    Args:
        names: the names of the losses and gradients.
    """

    def __init__(self, names):
        self._names = list(names)
        self._found = tf.Variable(
            tf.zeros([len(self._names)]), trainable=False, aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA
        )

    def find_nonfinite(self, values) -> tf.Tensor:
        """Return, as a bool tensor, whether a value in any replica is not finite, in this step or earlier.

        ``values``: ``{name: [tensor, ...]}``.
        """
        found = tf.cast(tf.stack([_overflows(values[name]) for name in self._names]), tf.float32)
        found = tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.SUM, found)
        found = tf.where(tf.reduce_any(self._found > 0), self._found, found)
        self._found.assign(found)
        return tf.reduce_any(found > 0)

    def clear(self) -> None:
        """Forget the names that failed."""
        self._found.assign(tf.zeros_like(self._found))

    def failed(self) -> list[str]:
        """Return the names of the losses and gradients that were not finite. This waits for the device."""
        return [name for name, found in zip(self._names, self._found.numpy(), strict=True) if found]


def _overflows(tensors):
    """Whether the norm of all values is not finite. Like Adam's squares of gradients, it can overflow."""
    dense = [getattr(tensor, "values", tensor) for tensor in tensors if tensor is not None]  # rows of an embedding
    return tf.logical_not(tf.math.is_finite(tf.linalg.global_norm(dense)))
