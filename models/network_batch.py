"""From RGB samples to what the network takes: the only place where a network's images are made."""

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
        samples: a dict of RGB images, float ``[..., 3]`` in [0, 1]: ``source`` (the image that the source is made
            from), ``reference`` and ``target``, or some of these. Other entries stay as they are.
        to_source: the task's function from an image to its source, such as `utils.colors.gray`.
        color_space: the network's colors.
        channels: channels of the source, 3, or 1 for luminance alone.
        out_channels: channels of reference and target.

    Returns:
        A dict with the same keys, images in the network's colors. Without a reference, the target is the reference.
    """
    batch = dict(samples)
    if "source" in samples:
        batch["source"] = to_network(to_source(samples["source"]), color_space, channels)
    for name in {"reference", "target"} & samples.keys():
        batch[name] = to_network(samples[name], color_space, out_channels)
    if "target" in batch:
        batch.setdefault("reference", batch["target"])
    return batch
