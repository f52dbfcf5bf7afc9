"""Adversarial losses of a discriminator's logits, any shape; scalars, means over all logits.

| kind      | generator         | discriminator                             | from                            |
|-----------|-------------------|-------------------------------------------|---------------------------------|
| `vanilla` | BCE(1, fake)      | BCE(1, real) + BCE(0, fake)               | Goodfellow et al. 2014; pix2pix |
| `lsgan`   | mean (fake - 1)^2 | mean (real - 1)^2 + mean fake^2           | Mao et al. 2017; CycleGAN       |
| `hinge`   | -mean fake        | mean relu(1 - real) + mean relu(1 + fake) | Lim and Ye 2017                 |

BCE is the binary cross entropy from logits: BCE(1, x) = softplus(-x), BCE(0, x) = softplus(x).
"""

import tensorflow as tf


def generator_adversarial_loss(fake_logits, kind="vanilla"):
    """The generator's loss: large where the discriminator recognizes its images as generated.

    Raises:
        ValueError: a kind that the table above does not have.
    """
    if kind == "vanilla":
        return tf.reduce_mean(tf.math.softplus(-fake_logits))
    if kind == "lsgan":
        return tf.reduce_mean(tf.square(fake_logits - 1.0))
    if kind == "hinge":
        return -tf.reduce_mean(fake_logits)
    raise _unknown(kind)


def discriminator_loss(real_logits, fake_logits, kind="vanilla"):
    """The discriminator's loss: the sum over real and generated images, not half of it.

    Raises:
        ValueError: a kind that the table above does not have.
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
