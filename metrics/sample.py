"""The samples that metrics measure: an output together with the images from which it was made."""

import functools

import numpy as np
import tensorflow as tf

from histogram_layers import joint_histogram, soft_histogram
from utils.colors import channel_names, to_network
from utils.images import to_float

# Graph functions are ten times as fast as eager calls.
_soft_histogram = tf.function(soft_histogram, autograph=False, reduce_retracing=True)
_joint_histogram = tf.function(joint_histogram, autograph=False, reduce_retracing=True)


class EvaluationSample:
    """The images of one sample: ``source``, ``reference``, ``output`` and, in paired tasks, ``target``.

    Args:
        rgb: ``{image name: image}``, each image uint8 ``[H, W, 3]``.
        colors: ``{image name: image}``, each image float32 ``[H, W, C]`` in the color space of the histograms.
        content: name of the image whose structure the output should keep.
        channels: names of the output's channels.
        histogram_options: keyword arguments for `histogram_layers.soft_histogram`.
        exemplar: whether the reference is an exemplar rather than the sample's own reference. If so, the output should
            not equal the target.
        in_color: whether the source is in color, so that it can be compared with the target.
    """

    def __init__(self, rgb, colors, *, content, channels, histogram_options, exemplar=False, in_color=False):
        self.rgb, self.colors, self.exemplar, self.in_color = rgb, colors, exemplar, in_color
        self.content, self.channels, self.histogram_options = content, channels, histogram_options
        self.histogram = functools.cache(self._histogram)
        self.joint = functools.cache(self._joint)

    def _histogram(self, image):
        """Compute the soft histograms of the image named ``image``: float32 ``[C, K]``."""
        return _soft_histogram(self.colors[image][None], **self.histogram_options).numpy()[0]

    def _joint(self):
        """Compute the joint histograms of content and output: float32 ``[C, K, K]``."""
        pair = (self.colors[name][None] for name in (self.content, "output"))
        return _joint_histogram(*pair, **self.histogram_options).numpy()[0]

    def by_channel(self, name, values):
        """Return the values of the channels, named ``name_y``, ..., and their mean, named ``name``, as a dict."""
        named = {f"{name}_{channel}": value for channel, value in zip(self.channels, values, strict=True)}
        return {name: sum(values) / len(values), **named}


def evaluation_samples(rgb, *, color_space, channels, content, histogram_options, exemplar=False, in_color=False):
    """Return a list of `EvaluationSample`s, one for each image in a batch.

    Args:
        rgb: ``{image name: images}``, uint8 ``[B, H, W, 3]``.
        color_space: color space of the histograms.
        channels: ``{image name: number of channels}``: 3 (the default) or 1 for luminance only.
        content, histogram_options, exemplar, in_color: as in `EvaluationSample`.
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
    """Compute the mean histograms of a list of `EvaluationSample`s.

    Returns:
        A dict of arrays: ``reference`` and ``output`` (``[C, K]``), ``joint`` (``[C, K, K]``) and ``channels`` (the
        names of the channels).
    """
    means = {name: np.mean([sample.histogram(name) for sample in samples], axis=0) for name in ("reference", "output")}
    joint = np.mean([sample.joint() for sample in samples], axis=0)
    return {**means, "joint": joint, "channels": np.array(samples[0].channels)}
