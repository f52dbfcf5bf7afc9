"""The rows of the classification benchmark. Each is a network with a layer or function before it."""

import importlib

import numpy as np
import tensorflow as tf
from skimage.exposure import equalize_adapthist
from tensorflow import keras

from histogram_layers import HistogramMatching, match_histograms_lut, sort_matching
from utils.images import to_uint8

UNIT = {"value_range": (0.0, 1.0)}
FINE = 4096  # number of values in a target for matching by a table and for equalization
PART = 64  # images that are in the device's memory at once, when they are not trained on


def small_network(size, classes):
    """Build a network of four convolutions (stride 2, batch norm, ReLU), global pooling and a dense layer."""
    layers = [keras.Input((size, size, 3))]
    for filters in (16, 32, 64, 128):
        layers += [
            keras.layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.ReLU(),
        ]
    layers += [keras.layers.GlobalAveragePooling2D(), keras.layers.Dropout(0.3), keras.layers.Dense(classes)]
    return keras.Sequential(layers)


def classifier(classes, args, before=()):
    """Build the network, with the layers ``before`` it: a `keras.Model` that maps images in [0, 1] to logits."""
    if args.network == "small":
        network = [small_network(args.size, classes)]
    else:
        make = getattr(keras.applications, args.network)
        features = make(include_top=False, weights=args.weights, input_shape=(args.size, args.size, 3), pooling="avg")
        scale = importlib.import_module(make.__module__).preprocess_input  # each network expects its own range
        network = [keras.layers.Lambda(lambda images: scale(255.0 * images)), features, keras.layers.Dense(classes)]
    return keras.Sequential([keras.Input((args.size, args.size, 3)), *before, *network])


def in_parts(images):
    """Split images into parts of at most PART."""
    return np.array_split(images, -(-len(images) // PART))


def as_they_are(images):
    """Return the images unchanged."""
    return images


def clahe(images):
    """Apply contrast-limited adaptive histogram equalization (scikit-image) to each image."""
    return np.stack([to_uint8(equalize_adapthist(image)) for image in images])


def adapted(training_images, **options):
    """Return a matching layer whose target is the mean histogram of the training images."""
    layer = HistogramMatching(**UNIT, **options)
    layer.adapt(part / np.float32(255) for part in in_parts(training_images))
    return layer


def table_to_mean(training_images):
    """Return a function that matches images to the training images' mean histogram by a lookup table."""
    wanted = to_uint8(adapted(training_images, size=FINE).target).T[None]  # [1,M,3]: an image that has these values
    return lambda images: np.stack([match_histograms_lut(image, wanted) for image in images])


def equalize(training_images):
    """Return a function that equalizes images by sorting. It ignores the training images."""
    return matched_to((np.arange(FINE) + 0.5) / FINE * np.ones([3, 1]))


def matched_to(target):
    """Return a function that matches images to the values ``target``, ``[C, M]`` in [0, 1]."""
    values = tf.constant(target, tf.float32)
    return lambda images: np.concatenate(
        [to_uint8(np.clip(sort_matching(part, values), 0, 1)) for part in in_parts(images)]
    )


def learned_target(model):
    """Return the target of a model's matching layer as nested lists ``[C, M]``, or None if it has no such layer."""
    layers = [layer for layer in model.layers if isinstance(layer, HistogramMatching)]
    return layers[0].target.numpy().tolist() if layers else None


# The methods without weights. Each takes the training images and returns a function of uint8 images.
FIXED = {
    "uniform": equalize,
    "CLAHE": lambda training_images: clahe,
    "mean, by a table": table_to_mean,
}


def _fixed(make):
    return lambda images, classes, args: (make(images), classifier(classes, args))


def _learned(method):
    return lambda images, classes, args: (as_they_are, classifier(classes, args, [adapted(images, method=method)]))


# Each takes the training images, the number of classes and the arguments. It returns a function to apply to the images
# first, and the model.
ROWS = {
    "none": _fixed(lambda images: as_they_are),
    **{name: _fixed(make) for name, make in FIXED.items()},
    "learned, sort": _learned("sort"),
    "learned, cdf": _learned("cdf"),
    "augmentation": _fixed(lambda images: as_they_are),
}


def training_batches(images, classes, args, *, augment):
    """Return shuffled batches of randomly mirrored images.

    With ``augment``, an image gets the histogram of another, random image with probability 1/2.
    """

    def prepare(image, other, label):
        image, other = (tf.cast(x, tf.float32) / 255 for x in (image, other))
        if augment:
            values = tf.sort(tf.transpose(tf.reshape(other, [-1, 3])))
            image = tf.cond(tf.random.uniform([]) < 0.5, lambda: sort_matching(image[None], values)[0], lambda: image)
        return tf.image.random_flip_left_right(image), label

    pairs = tf.data.Dataset.from_tensor_slices((images, classes)).shuffle(len(images))
    others = tf.data.Dataset.from_tensor_slices(images).shuffle(len(images))
    triples = tf.data.Dataset.zip((pairs, others)).map(lambda pair, other: (pair[0], other, pair[1]))
    return triples.map(prepare, num_parallel_calls=2).batch(args.batch_size).prefetch(2)
