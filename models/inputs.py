"""The names of a network's inputs say which tensors it takes."""

import tensorflow as tf


def names_of(network) -> list[str]:
    """The names of a network's inputs, a list."""
    return [tensor.name for tensor in network.inputs]


def inputs_of(network, known) -> list[tf.Tensor] | tf.Tensor:
    """A network's inputs, picked by name from a dict of tensors: a list, or one tensor for a single input."""
    tensors = [known[name] for name in names_of(network)]
    return tensors if len(tensors) > 1 else tensors[0]
