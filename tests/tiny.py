"""A HueNet of a few weights, for what does not depend on the networks."""

from tensorflow import keras

from models import HueNet, augment

SIZE = 8


def network(name, inputs):
    """One convolution and batch norm: of the named images, to one of three channels."""
    given = [keras.Input((SIZE, SIZE, 3), name=each) for each in inputs]
    joined = keras.layers.Concatenate()(given) if len(given) > 1 else given[0]
    filtered = keras.layers.Conv2D(3, 3, padding="same", name=f"{name}_filter")(joined)
    return keras.Model(given, keras.layers.BatchNormalization(momentum=0.9)(filtered), name=name)


def tiny_huenet(seed=1, structure=None, **options):
    """It, with a structure loss of the joint histogram if one is given, and options of `HueNet`."""
    keras.utils.set_random_seed(seed)
    model = HueNet(
        augment(network("tiny", ["source"]), bins=8),
        network("critic", ["source", "image"]),
        losses={"adversarial": "lsgan"} | ({"structure": structure} if structure else {}),
        weights={"adversarial": 1.0, "structure": float(structure is not None), "l1": 1.0},
        **options,
    )
    model.compile(keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.01), jit_compile=False)
    return model
