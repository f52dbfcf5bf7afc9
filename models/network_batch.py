"""Convert RGB samples to the images that a network takes. All images of a network are made here."""

from collections.abc import Callable, Mapping

import tensorflow as tf

from utils.colors import to_network


def network_batch(
    samples: Mapping[str, tf.Tensor],
    *,
    to_source: Callable = tf.identity,
    color_space: str = "yuv",
    channels: int = 3,
    out_channels: int = 3,
) -> dict[str, tf.Tensor]:
    """Convert RGB samples to the network's colors, and make the task's sources.

    Args:
        samples: a dict of RGB images, float ``[..., 3]`` in [0, 1], with some of the keys ``source``, ``reference`` and
            ``target``. ``source`` is the image before `to_source`. Other entries stay as they are.
        to_source: the task's function that makes a source of an image, such as `utils.colors.gray`.
        color_space: the network's color space.
        channels: the number of channels of the source: 3, or 1 for luminance alone.
        out_channels: the number of channels of the reference and the target.

    Returns:
        A dict with the same keys, and images in the network's colors. If there is a target but no reference, the
        target is added as the reference.
    """
    batch = dict(samples)
    if "source" in samples:
        batch["source"] = to_network(to_source(samples["source"]), color_space, channels)
    for name in {"reference", "target"} & samples.keys():
        batch[name] = to_network(samples[name], color_space, out_channels)
    if "target" in batch:
        batch.setdefault("reference", batch["target"])
    return batch
