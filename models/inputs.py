"""Select a network's input tensors by the names of its inputs."""

import tensorflow as tf


def names_of(network) -> list[str]:
    """Return the names of a network's inputs."""
    return [tensor.name for tensor in network.inputs]


def inputs_of(network, known) -> list[tf.Tensor] | tf.Tensor:
    """Select a network's inputs by name from the dict ``known``: a list, or one tensor if there is one input."""
    tensors = [known[name] for name in names_of(network)]
    return tensors if len(tensors) > 1 else tensors[0]
