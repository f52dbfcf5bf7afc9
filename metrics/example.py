"""What metrics measure: one test picture and what it was made from."""

import functools

import numpy as np

from histogram_layers import joint_histogram, soft_histogram
from utils.color_spaces import channel_names, to_network
from utils.images import to_float


class Example:
    """The pictures of one example, by ``source``, ``reference``, ``output`` and, in paired tasks, ``target``.

    Args:
        rgb: a dict of uint8 ``[H, W, 3]``.
        colors: a dict of float32 ``[H, W, C]`` in the colours of the histograms.
        content: the key of the picture whose structure the output should keep.
        channels: the names of the output's channels.
        histogram_options: of `histogram_layers.soft_histogram`.
    """

    def __init__(self, rgb, colors, content, channels, histogram_options):
        self.rgb, self.colors = rgb, colors
        self.content, self.channels, self.histogram_options = content, channels, histogram_options
        self.histogram = functools.cache(self._histogram)
        self.joint = functools.cache(self._joint)

    def _histogram(self, picture):
        """The soft histogram of a picture, float32 ``[C, K]``."""
        return soft_histogram(self.colors[picture][None], **self.histogram_options).numpy()[0]

    def _joint(self):
        """The joint histogram of the content and the output, float32 ``[C, K, K]``."""
        pair = (self.colors[name][None] for name in (self.content, "output"))
        return joint_histogram(*pair, **self.histogram_options).numpy()[0]

    def by_channel(self, name, values):
        """A channel's values under ``name_y``, ..., and their mean under ``name``."""
        named = {f"{name}_{channel}": value for channel, value in zip(self.channels, values, strict=True)}
        return {name: sum(values) / len(values), **named}


def examples_of(rgb, color_space, channels, content, histogram_options):
    """The examples of a batch.

    Args:
        rgb: a dict of uint8 ``[B, H, W, 3]``.
        color_space: of the histograms.
        channels: a dict of a picture's name to 3, or to 1 for luminance alone; 3 where it has none.
        content, histogram_options: as `Example`.
    """
    colors = {name: to_network(to_float(batch), color_space, channels.get(name, 3)) for name, batch in rgb.items()}
    return [
        Example(
            {name: batch[place] for name, batch in rgb.items()},
            {name: batch[place].numpy() for name, batch in colors.items()},
            content,
            channel_names(color_space, channels.get("output", 3)),
            histogram_options,
        )
        for place in range(len(rgb["output"]))
    ]


def mean_histograms(examples):
    """The means over examples of the histograms of ``reference`` and ``output`` ``[C, K]`` and of ``joint``
    ``[C, K, K]``, and the names of the ``channels``: a dict of arrays."""
    means = {name: np.mean([e.histogram(name) for e in examples], axis=0) for name in ("reference", "output")}
    joint = np.mean([example.joint() for example in examples], axis=0)
    return {**means, "joint": joint, "channels": np.array(examples[0].channels)}
