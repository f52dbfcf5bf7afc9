"""Adversarial losses: scalar means over a discriminator's logits, which can have any shape.

| kind      | generator         | discriminator                             | from                            |
|-----------|-------------------|-------------------------------------------|---------------------------------|
| `vanilla` | BCE(1, fake)      | BCE(1, real) + BCE(0, fake)               | Goodfellow et al. 2014; pix2pix |
| `lsgan`   | mean (fake - 1)^2 | mean (real - 1)^2 + mean fake^2           | Mao et al. 2017; CycleGAN       |
| `hinge`   | -mean fake        | mean relu(1 - real) + mean relu(1 + fake) | Lim and Ye 2017                 |

BCE is the binary cross entropy from logits: BCE(1, x) = softplus(-x), BCE(0, x) = softplus(x).
"""

import tensorflow as tf
from numpy.typing import ArrayLike


def generator_adversarial_loss(fake_logits: ArrayLike, kind: str = "vanilla") -> tf.Tensor:
    """Compute the generator's loss. It is large if the discriminator recognizes the generator's images as generated.

    Args:
        fake_logits: the discriminator's logits of generated images, any shape.
        kind: a row of the table above.

    Returns:
        A scalar.

    Raises:
        ValueError: kind is not in the table.
    """
    if kind == "vanilla":
        return tf.reduce_mean(tf.math.softplus(-fake_logits))
    if kind == "lsgan":
        return tf.reduce_mean(tf.square(fake_logits - 1.0))
    if kind == "hinge":
        return -tf.reduce_mean(fake_logits)
    raise _unknown(kind)


def discriminator_loss(real_logits: ArrayLike, fake_logits: ArrayLike, kind: str = "vanilla") -> tf.Tensor:
    """Compute the discriminator's loss: the sum (not the mean) of its losses on real and on generated images.

    Args:
        real_logits: logits of real images, any shape.
        fake_logits: logits of generated images, any shape.
        kind: a row of the table above.

    Returns:
        A scalar.

    Raises:
        ValueError: kind is not in the table.
    """
    if kind == "vanilla":
        return tf.reduce_mean(tf.math.softplus(-real_logits)) + tf.reduce_mean(tf.math.softplus(fake_logits))
    if kind == "lsgan":
        return tf.reduce_mean(tf.square(real_logits - 1.0)) + tf.reduce_mean(tf.square(fake_logits))
    if kind == "hinge":
        return tf.reduce_mean(tf.nn.relu(1.0 - real_logits)) + tf.reduce_mean(tf.nn.relu(1.0 + fake_logits))
    raise _unknown(kind)


def _unknown(kind):
    return ValueError(f"kind must be 'vanilla', 'lsgan' or 'hinge'; received {kind!r}")
