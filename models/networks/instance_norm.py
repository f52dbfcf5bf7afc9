"""Instance normalization on both TensorFlow stacks: the one place where the code asks which Keras it runs on."""

from tensorflow import keras

EPSILON = 1e-5


def instance_norm(name):
    """Normalizes each channel of each image over its pixels, then scales and shifts it (Ulyanov et al. 2016).

    ``[B, H, W, C]`` to the same, in float32 whatever the policy. Its weights are gamma and beta, ``[C]`` each, on
    both stacks.
    """
    if hasattr(keras, "ops"):  # Keras 3
        return keras.layers.GroupNormalization(groups=-1, epsilon=EPSILON, dtype="float32", name=name)
    from tensorflow_addons.layers import InstanceNormalization

    return InstanceNormalization(epsilon=EPSILON, dtype="float32", name=name)
