"""Instance normalization for Keras 2 and Keras 3. No other code checks the version of Keras."""

import functools
import warnings

from tensorflow import keras

EPSILON = 1e-5

# To load a saved network, Keras must know its layers. Because of this import, importing the networks is enough.
if hasattr(keras, "ops"):  # Keras 3
    _InstanceNormalization = functools.partial(keras.layers.GroupNormalization, groups=-1)
else:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about the end of TensorFlow Addons
        from tensorflow_addons.layers import InstanceNormalization as _InstanceNormalization


def instance_norm(name) -> keras.layers.Layer:
    """Return a layer that normalizes each channel of each image, then scales and shifts it (Ulyanov et al. 2016).

    The layer maps ``[B, H, W, C]`` to the same shape, in float32 under any policy. Its weights are gamma ``[C]`` and
    beta ``[C]``, in Keras 2 and Keras 3.
    """
    return _InstanceNormalization(epsilon=EPSILON, dtype="float32", name=name)
