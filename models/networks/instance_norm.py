"""Instance normalization on both TensorFlow stacks: the one place where the code asks which Keras it runs on."""

import functools
import warnings

from tensorflow import keras

EPSILON = 1e-5

# Imported here, so that importing the networks is enough to load a saved one: Keras must know a model's layers.
if hasattr(keras, "ops"):  # Keras 3
    _InstanceNormalization = functools.partial(keras.layers.GroupNormalization, groups=-1)
else:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that TensorFlow Addons has ended
        from tensorflow_addons.layers import InstanceNormalization as _InstanceNormalization


def instance_norm(name) -> keras.layers.Layer:
    """Normalizes each channel of each image over its pixels, then scales and shifts it (Ulyanov et al. 2016).

    ``[B, H, W, C]`` to the same, in float32 whatever the policy. Its weights are gamma and beta, ``[C]`` each, on
    both stacks.
    """
    return _InstanceNormalization(epsilon=EPSILON, dtype="float32", name=name)
