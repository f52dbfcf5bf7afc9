"""What metrics measure: one output and the images that it was made from."""

import functools

import numpy as np
import tensorflow as tf

from histogram_layers import joint_histogram, soft_histogram
from utils.colors import channel_names, to_network
from utils.images import to_float

# Traced, they take a tenth of the time.
_soft_histogram = tf.function(soft_histogram, autograph=False, reduce_retracing=True)
_joint_histogram = tf.function(joint_histogram, autograph=False, reduce_retracing=True)


class EvaluationSample:
    """One sample's images: ``source``, ``reference``, ``output`` and, in paired tasks, ``target``.

    Args:
        rgb: a dict of uint8 ``[H, W, 3]``.
        colors: a dict of float32 ``[H, W, C]`` in the colors of the histograms.
        content: the key of the image whose structure the output should keep.
        channels: the names of the output's channels.
        histogram_options: of `histogram_layers.soft_histogram`.
        exemplar: whether the reference is another than the sample's own. Then the output should not equal the target.
        in_color: whether the source has colors, so that it can be compared to the target.
    """

    def __init__(self, rgb, colors, *, content, channels, histogram_options, exemplar=False, in_color=False):
        self.rgb, self.colors, self.exemplar, self.in_color = rgb, colors, exemplar, in_color
        self.content, self.channels, self.histogram_options = content, channels, histogram_options
        self.histogram = functools.cache(self._histogram)
        self.joint = functools.cache(self._joint)

    def _histogram(self, image):
        """The soft histogram of an image, float32 ``[C, K]``."""
        return _soft_histogram(self.colors[image][None], **self.histogram_options).numpy()[0]

    def _joint(self):
        """The joint histogram of the content and the output, float32 ``[C, K, K]``."""
        pair = (self.colors[name][None] for name in (self.content, "output"))
        return _joint_histogram(*pair, **self.histogram_options).numpy()[0]

    def by_channel(self, name, values):
        """A channel's values under ``name_y``, ..., and their mean under ``name``."""
        named = {f"{name}_{channel}": value for channel, value in zip(self.channels, values, strict=True)}
        return {name: sum(values) / len(values), **named}


def evaluation_samples(rgb, *, color_space, channels, content, histogram_options, exemplar=False, in_color=False):
    """The `EvaluationSample` of each image in a batch.

    Args:
        rgb: a dict of uint8 ``[B, H, W, 3]``.
        color_space: of the histograms.
        channels: a dict of an image's name to 3, or to 1 for luminance alone; 3 where it has none.
        content, histogram_options, exemplar, in_color: as `EvaluationSample`.
    """
    colors = {name: to_network(to_float(batch), color_space, channels.get(name, 3)) for name, batch in rgb.items()}
    return [
        EvaluationSample(
            {name: batch[place] for name, batch in rgb.items()},
            {name: np.asarray(batch[place]) for name, batch in colors.items()},
            content=content,
            channels=channel_names(color_space, channels.get("output", 3)),
            histogram_options=histogram_options,
            exemplar=exemplar,
            in_color=in_color,
        )
        for place in range(len(rgb["output"]))
    ]


def mean_histograms(samples):
    """The means over samples of the histograms of ``reference`` and ``output`` ``[C, K]`` and of ``joint``
    ``[C, K, K]``, and the names of the ``channels``: a dict of arrays."""
    means = {name: np.mean([sample.histogram(name) for sample in samples], axis=0) for name in ("reference", "output")}
    joint = np.mean([sample.joint() for sample in samples], axis=0)
    return {**means, "joint": joint, "channels": np.array(samples[0].channels)}
