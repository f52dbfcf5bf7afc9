"""A HueNet with a few weights, for tests that do not depend on the networks."""

from tensorflow import keras

from models import HueNet, augment

SIZE = 8


def network(name, inputs):
    """One convolution and batch norm, from the named images to an image of three channels."""
    images = [keras.Input((SIZE, SIZE, 3), name=each) for each in inputs]
    joined = keras.layers.Concatenate()(images) if len(images) > 1 else images[0]
    filtered = keras.layers.Conv2D(3, 3, padding="same", name=f"{name}_filter")(joined)
    return keras.Model(images, keras.layers.BatchNormalization(momentum=0.9)(filtered), name=name)


def tiny_huenet(seed=1, structure=None, **options):
    """The HueNet. ``structure``: its structure loss, a function of the joint histogram; ``options``: of `HueNet`."""
    keras.utils.set_random_seed(seed)
    model = HueNet(
        augment(network("tiny", ["source"]), bins=8),
        network("critic", ["source", "image"]),
        losses={"adversarial": "lsgan"} | ({"structure": structure} if structure else {}),
        weights={"adversarial": 1.0, "structure": float(structure is not None), "pixel": 1.0},
        **options,
    )
    model.compile(keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.01), jit_compile=False)
    return model


def in_training_mode(model, batch):
    """The output with batch statistics and dropout."""
    histogram = model.reference_histogram(batch["reference"])
    return model.translate_inputs({"source": batch["source"], "reference_histogram": histogram}, training=True)
