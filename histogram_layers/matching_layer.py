"""A layer that gives all images the same histogram, learned or taken from a data set. Put it before any model."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike
from tensorflow import keras

from histogram_layers.functional import check_options
from histogram_layers.inputs import as_images, refuse_integers, refuse_masked
from histogram_layers.matching import match_to_quantiles, sort_matching

METHODS = ("sort", "cdf")
IMAGE_GRADIENTS = (None, "straight_through")
SMALLEST = 1e-6  # smallest increment of a target, as a fraction of the value range


@keras.utils.register_keras_serializable(package="huenet")
class HistogramMatching(keras.layers.Layer):
    """Gives all images the same histogram, which is a weight. Inputs and outputs are ``[B, H, W, C]``, of any size.

    Put the layer before a classifier to normalize its images. To give each image its own histogram, as an input, use
    `MatchHistogram`.

    The target of each channel is a quantile function, stored as M ascending values: a fraction (m + 1/2) / M of the
    pixels lies below value m. The layer computes these values from a weight w, as
    ``v0 + (v1 - v0) cumsum(softplus(w)) / sum(softplus(w))``. Therefore they stay ascending and in the value range
    during training (Otsuka et al. 2025, arXiv 2506.01346). Set ``trainable=False`` to keep the target fixed.

    Args:
        target: initial target: an image ``[H, W, C]`` or images ``[B, H, W, C]`` in the value range; a histogram
            ``[C, K]``; or None for a uniform histogram, so that the layer equalizes histograms. To take the target from
            a data set, call `adapt`.
        method: ``"sort"`` gives the n-th smallest pixel the n-th smallest value of the target. This is exact, and the
            gradient flows to the target. ``"cdf"`` computes ``M(x) = Q(F(x))``, where F is the CDF of the image's soft
            histogram and Q is the target. The gradient flows to the image and the target.
        size: M, the number of values of the target. It is also the number of bins of the soft histogram.
        value_range: range ``(v0, v1)`` of the images and the target.
        image_gradient: gradient with respect to the image for ``"sort"``, because its true derivative is zero or
            undefined. None stops the gradient; ``"straight_through"`` passes it on as if the layer were the identity.
        strength: blending factor from 0 (the unchanged images) to 1 (the matched images).

    Raises:
        ValueError: an option is out of range, the images or the target have the wrong rank, type or number of channels,
            or the target has values that are masked, not finite or outside the value range.

    Example:
        >>> layer = HistogramMatching(value_range=(0.0, 1.0))
        >>> dark = tf.random.uniform([1, 32, 32, 3], 0, 0.2)
        >>> bool(tf.reduce_mean(layer(dark)) > 0.49)
        True
    """

    def __init__(
        self,
        target: ArrayLike | None = None,
        method: Literal["sort", "cdf"] = "sort",
        size: int = 256,
        *,
        value_range: tuple[float, float] = (-1.0, 1.0),
        image_gradient: Literal["straight_through"] | None = None,
        strength: float = 1.0,
        dtype: str = "float32",
        **kwargs,
    ):
        super().__init__(dtype=dtype, **kwargs)
        check_options(size, value_range, kernel_width_ratio=1.0)
        if size < 2:
            raise ValueError(f"size must be at least 2; received {size}")
        _check_choice("method", method, METHODS)
        _check_choice("image_gradient", image_gradient, IMAGE_GRADIENTS)
        if image_gradient and method != "sort":
            raise ValueError(f"image_gradient must be None for the method {method!r}, which has its own gradient")
        if not 0 <= strength <= 1:
            raise ValueError(f"strength must be from 0 to 1; received {strength}")
        self.method, self.size, self.value_range = method, size, tuple(value_range)
        self.image_gradient, self.strength = image_gradient, strength
        self._start = None if target is None else self._quantiles_of(target)  # [C,M]

    def build(self, input_shape: tuple) -> None:
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
    def target(self) -> tf.Tensor:
        """The ascending values of the target, ``[C, M]``."""
        sums = tf.cumsum(tf.nn.softplus(tf.convert_to_tensor(self.increments)), axis=-1)
        low, high = self.value_range
        return low + (high - low) * sums[:, :-1] / sums[:, -1:]

    def call(self, images: tf.Tensor) -> tf.Tensor:
        images = tf.cast(as_images(images, self.value_range), tf.float32)
        if self.method == "sort":
            matched = sort_matching(images, self.target)
            if self.image_gradient:
                matched += images - tf.stop_gradient(images)
        else:
            matched = match_to_quantiles(images, self.target, value_range=self.value_range)
        return matched if self.strength == 1 else images + self.strength * (matched - images)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def adapt(self, data: ArrayLike | Iterable) -> None:
        """Set the target to the mean of the quantile functions of a data set's images.

        This target is the barycenter of the images' histograms: among all histograms, it has the smallest sum of
        squared Wasserstein distances (order 2) to them.

        Args:
            data: images ``[B, H, W, C]`` in the value range, or a `tf.data.Dataset` (or another iterable) of such
                batches.

        Raises:
            ValueError: there are no images, or an image has the wrong shape, or values that a target may not have.
        """
        batches = [data] if hasattr(data, "shape") else data
        total, count = 0.0, 0
        for batch in batches:
            if len(batch.shape) != 4:
                raise ValueError(f"data must be [B, H, W, C] or batches of it; received the shape {tuple(batch.shape)}")
            refuse_masked(batch, "data")
            for image in np.asarray(batch):
                total, count = total + self._quantiles_of(image, "data"), count + 1
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

    def get_config(self) -> dict:
        names = ("method", "size", "value_range", "image_gradient", "strength")
        start = None if self._start is None else self._start.tolist()
        return {**super().get_config(), **{name: getattr(self, name) for name in names}, "quantiles": start}

    @classmethod
    def from_config(cls, config: dict) -> "HistogramMatching":
        config = dict(config)
        start = config.pop("quantiles")
        layer = cls(**config)
        layer._start = None if start is None else np.array(start)
        return layer

    def _quantiles_of(self, target, name="target"):
        """Return the quantiles ``[C, M]`` of one image, of the pixels of several images, or of a histogram."""
        refuse_masked(target, name)
        target = np.asarray(target)
        if target.ndim > 2:
            refuse_integers(tf.as_dtype(target.dtype), self.value_range, name)
        target = target.astype(np.float64)
        shares = (np.arange(self.size) + 0.5) / self.size
        if target.ndim == 2:
            return np.stack([self._quantiles_of_histogram(channel, shares) for channel in target])
        if target.ndim not in (3, 4):
            raise ValueError(f"target must be [H, W, C], [B, H, W, C] or [C, K]; received the shape {target.shape}")
        low, high = self.value_range
        if not low <= target.min() <= target.max() <= high:  # NaN fails every comparison
            raise ValueError(f"{name} must lie in {self.value_range}; received {target.min():g} to {target.max():g}")
        return np.quantile(target.reshape(-1, target.shape[-1]), shares, axis=0, method="hazen").T

    def _quantiles_of_histogram(self, histogram, shares):
        if histogram.min() < 0 or not np.isclose(histogram.sum(), 1, atol=1e-3):
            found = f"received a smallest bin of {histogram.min():.3g} and a sum of {histogram.sum():.3g}"
            raise ValueError(f"a histogram must have no negative bins and sum to 1 in each channel; {found}")
        edges = np.linspace(*self.value_range, len(histogram) + 1)
        return np.interp(shares, np.append(0, np.cumsum(histogram)) / histogram.sum(), edges)

    def _increments_of(self, values):
        """Return the weight w ``[C, M + 1]`` that produces the target ``values``."""
        low, high = self.value_range
        ends = [np.full([len(values), 1], end) for end in (low, high)]
        steps = np.diff(np.concatenate([ends[0], values, ends[1]], axis=1)) / (high - low)
        steps = np.maximum(steps, SMALLEST) * (self.size + 1)
        return (steps + np.log(-np.expm1(-steps))).astype(np.float32)  # the inverse of softplus


def _check_choice(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}; received {value!r}")
