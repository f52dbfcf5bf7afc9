"""A VGG-16 of random weights, since ImageNet's may not be had."""

from tensorflow import keras


def seeded_vgg(path):
    """Write the weights of a seeded VGG-16 without its dense layers, and return the file's path."""
    keras.utils.set_random_seed(0)
    keras.applications.VGG16(include_top=False, weights=None).save_weights(path)
    return path
