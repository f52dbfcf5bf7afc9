"""What metrics measure: one test picture and what it was made from."""

import functools

from histogram_layers import joint_histogram, soft_histogram


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

    def _joint(self, picture="output"):
        """The joint histogram of the content and a picture, float32 ``[C, K, K]``."""
        pair = (self.colors[name][None] for name in (self.content, picture))
        return joint_histogram(*pair, **self.histogram_options).numpy()[0]

    def by_channel(self, name, values):
        """A channel's values under ``name_y``, ..., and their mean under ``name``."""
        named = {f"{name}_{channel}": value for channel, value in zip(self.channels, values, strict=True)}
        return {name: sum(values) / len(values), **named}
