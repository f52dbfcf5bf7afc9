"""A layer that matches the histograms of images to a target that is learned, to be put in front of any model."""

import numpy as np
import tensorflow as tf
from tensorflow import keras

from histogram_layers.functional import check_options
from histogram_layers.matching import match_to_quantiles, sort_matching

METHODS = ("sort", "cdf")
IMAGE_GRADIENTS = (None, "straight_through")
SMALLEST = 1e-6  # increment of a target, as a part of the value range


@keras.utils.register_keras_serializable(package="huenet")
class HistogramMatching(keras.layers.Layer):
    """Gives every image the same histogram, a channel at a time: ``[B, H, W, C]`` of any size to ``[B, H, W, C]``.

    The target of a channel is its quantile function, as M ascending values: below value m lies a share of
    (m + 1/2) / M of the pixels. They are a weight: ``v0 + (v1 - v0) cumsum(softplus(w)) / sum(softplus(w))``, so that
    they stay ascending and in the value range whatever the optimizer does (Otsuka et al. 2025, arXiv 2506.01346). Set
    ``trainable=False`` to keep them.

    Args:
        target: what the target starts from: an image ``[H, W, C]`` or images ``[B, H, W, C]`` in the value range; or a
            histogram ``[C, K]``; None: uniform, which equalizes histograms. `adapt` takes it from a data set.
        method: ``"sort"``: the pixels get the target's values in the order of their own. It is exact, and the gradient
            goes to the target. ``"cdf"``: ``M(x) = Q(F(x))``, F the CDF of the image's soft histogram and Q the target;
            the gradient goes to image and target.
        size: M, and the bins of the soft histogram.
        value_range: ``(v0, v1)`` of images and target.
        image_gradient: of ``"sort"``, whose derivative by the image is zero or does not exist: None, or
            ``"straight_through"``: the gradient passes as if the layer were the identity.
        strength: from 0, the images as they are, to 1.

    Raises:
        ValueError: for an option out of its range, and for images or a target of another rank or number of channels.

    Example:
        >>> layer = HistogramMatching(value_range=(0.0, 1.0))
        >>> dark = tf.random.uniform([1, 32, 32, 3], 0, 0.2)
        >>> bool(tf.reduce_mean(layer(dark)) > 0.49)
        True
    """

    def __init__(
        self,
        target=None,
        method="sort",
        size=256,
        *,
        value_range=(-1.0, 1.0),
        image_gradient=None,
        strength=1.0,
        dtype="float32",
        **kwargs,
    ):
        super().__init__(dtype=dtype, **kwargs)
        check_options(size, value_range, kernel_width_ratio=1.0)
        if size < 2:
            raise ValueError(f"size must be at least 2; received {size}")
        _check_choice("method", method, METHODS)
        _check_choice("image_gradient", image_gradient, IMAGE_GRADIENTS)
        if image_gradient and method != "sort":
            raise ValueError(f"image_gradient must be None for the method {method!r}, which has its own")
        if not 0 <= strength <= 1:
            raise ValueError(f"strength must be from 0 to 1; received {strength}")
        self.method, self.size, self.value_range = method, size, tuple(value_range)
        self.image_gradient, self.strength = image_gradient, strength
        self._start = None if target is None else self._quantiles_of(target)  # [C,M]

    def build(self, input_shape):
        if len(input_shape) != 4:
            raise ValueError(f"images must be [B, H, W, C]; received the shape {tuple(input_shape)}")
        if self._start is None:
            middles = (np.arange(self.size) + 0.5) / self.size
            low, high = self.value_range
            self._start = np.tile(low + (high - low) * middles, [input_shape[-1], 1])
        if len(self._start) != input_shape[-1]:
            raise ValueError(f"images must have {len(self._start)} channels, as the target; received {input_shape[-1]}")
        self.increments = self.add_weight(
            name="increments",
            shape=(input_shape[-1], self.size + 1),
            initializer=keras.initializers.Constant(self._increments_of(self._start).tolist()),
        )
        super().build(input_shape)

    @property
    def target(self):
        """The target's values, ``[C, M]``, ascending."""
        sums = tf.cumsum(tf.nn.softplus(tf.convert_to_tensor(self.increments)), axis=-1)
        low, high = self.value_range
        return low + (high - low) * sums[:, :-1] / sums[:, -1:]

    def call(self, images):
        images = tf.cast(images, tf.float32)
        if self.method == "sort":
            matched = sort_matching(images, self.target)
            if self.image_gradient:
                matched += images - tf.stop_gradient(images)
        else:
            matched = match_to_quantiles(images, self.target, value_range=self.value_range)
        return matched if self.strength == 1 else images + self.strength * (matched - images)

    def compute_output_shape(self, input_shape):
        return input_shape

    def adapt(self, data):
        """Make the target the mean of a data set's quantile functions: the histogram that is nearest to all of them
        (the barycenter of Wasserstein distances of order 2).

        Args:
            data: images ``[B, H, W, C]`` in the value range, or a `tf.data.Dataset` (or another iterable) of such
                batches.
        """
        batches = [data] if hasattr(data, "shape") else data
        total, count = 0.0, 0
        for batch in batches:
            if len(batch.shape) != 4:
                raise ValueError(f"data must be [B, H, W, C] or batches of it; received the shape {tuple(batch.shape)}")
            for image in np.asarray(batch):
                total, count = total + self._quantiles_of(image), count + 1
        if not count:
            raise ValueError("data must hold at least one image; received none")
        mean = total / count
        if self.built and len(mean) != len(self._start):
            raise ValueError(f"images must have {len(self._start)} channels; received {len(mean)}")
        self._start = mean
        if self.built:
            self.increments.assign(self._increments_of(mean))
        else:
            self.build((None, None, None, len(mean)))

    def get_config(self):
        names = ("method", "size", "value_range", "image_gradient", "strength")
        start = None if self._start is None else self._start.tolist()
        return {**super().get_config(), **{name: getattr(self, name) for name in names}, "quantiles": start}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        start = config.pop("quantiles")
        layer = cls(**config)
        layer._start = None if start is None else np.array(start)
        return layer

    def _quantiles_of(self, target):
        """The values ``[C, M]`` of an image, of several together, or of a histogram."""
        target = np.asarray(target, np.float64)
        shares = (np.arange(self.size) + 0.5) / self.size
        if target.ndim == 2:
            return np.stack([self._quantiles_of_histogram(channel, shares) for channel in target])
        if target.ndim not in (3, 4):
            raise ValueError(f"target must be [H, W, C], [B, H, W, C] or [C, K]; received the shape {target.shape}")
        low, high = self.value_range
        if target.min() < low or target.max() > high:
            raise ValueError(f"target must lie in {self.value_range}; received {target.min():g} to {target.max():g}")
        return np.quantile(target.reshape(-1, target.shape[-1]), shares, axis=0, method="hazen").T

    def _quantiles_of_histogram(self, histogram, shares):
        if histogram.min() < 0 or not np.isclose(histogram.sum(), 1, atol=1e-3):
            found = f"received a least bin of {histogram.min():.3g} and a sum of {histogram.sum():.3g}"
            raise ValueError(f"a histogram must have no negative bins and sum to 1 in each channel; {found}")
        edges = np.linspace(*self.value_range, len(histogram) + 1)
        return np.interp(shares, np.append(0, np.cumsum(histogram)) / histogram.sum(), edges)

    def _increments_of(self, values):
        """The weight w ``[C, M + 1]`` that makes these values."""
        low, high = self.value_range
        ends = [np.full([len(values), 1], end) for end in (low, high)]
        steps = np.diff(np.concatenate([ends[0], values, ends[1]], axis=1)) / (high - low)
        steps = np.maximum(steps, SMALLEST) * (self.size + 1)
        return (steps + np.log(-np.expm1(-steps))).astype(np.float32)  # the inverse of softplus


def _check_choice(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}; received {value!r}")
