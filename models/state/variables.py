"""Copy the values of variables, and assign values to variables."""

import tensorflow as tf


def values_of(variables) -> list[tf.Tensor]:
    """Copy the values of variables. This also works in a graph."""
    return [tf.identity(tf.convert_to_tensor(variable)) for variable in variables]


def assign(variables, values) -> None:
    """Assign to each variable its value."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
