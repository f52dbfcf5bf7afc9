"""Networks say by their inputs' names what they take."""


def inputs_of(network, known):
    """What a network takes, picked by its inputs' names: a list of tensors, or the one tensor of a single input."""
    tensors = [known[tensor.name] for tensor in network.inputs]
    return tensors if len(tensors) > 1 else tensors[0]
