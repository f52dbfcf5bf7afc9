"""Networks say by their inputs' names what they take."""

import tensorflow as tf


def names_of(network) -> list[str]:
    """The names of a network's inputs, a list."""
    return [tensor.name for tensor in network.inputs]


def inputs_of(network, known) -> list[tf.Tensor] | tf.Tensor:
    """What a network takes, picked by its inputs' names: a list of tensors, or the one tensor of a single input."""
    tensors = [known[name] for name in names_of(network)]
    return tensors if len(tensors) > 1 else tensors[0]
