"""Copy the values of variables, and assign them again."""

import tensorflow as tf


def values_of(variables) -> list[tf.Tensor]:
    """Copies of the variables' values, in a graph too."""
    return [tf.identity(tf.convert_to_tensor(variable)) for variable in variables]


def assign(variables, values) -> None:
    """Give each variable its value."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
