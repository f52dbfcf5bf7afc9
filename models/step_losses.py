"""The losses of one training step of HueNet, from one forward pass."""

import tensorflow as tf

from losses import discriminator_loss, generator_adversarial_loss
from models.inputs import inputs_of

TERMS = ("adversarial", "structure", "colour", "l1")


def step_losses(model, batch):
    """All losses of a batch, with the networks as they train.

    Args:
        model: `HueNet`.
        batch: of `HueNet`.

    Returns:
        A dict of scalars: the generator's terms, ``adversarial_loss``, ..., unweighted; their weighted sum,
        ``generator_loss``; and ``discriminator_loss``. And the contents of the image pool afterwards, None without one.
    """
    known = {
        "source": batch["source"],
        "reference_histogram": model.reference_histogram(batch["reference"]),
        "content": batch[model.content],
    }
    real = batch["target"] if "target" in batch else batch["source"]
    outputs = model.generator(inputs_of(model.generator, known), training=True)
    # Beside a real picture stands its own histogram; in paired tasks it is the reference's.
    real_logits = _judge(model, {**known, "reference_histogram": model.reference_histogram(real), "image": real})
    known["image"] = outputs["image"]
    fake_logits = _judge(model, known)
    shown, pooled = model.pool.exchange(known) if model.pool else (known, None)
    shown_logits = _judge(model, shown) if model.pool else fake_logits
    terms = _generator_terms(model, batch, outputs, fake_logits, real)
    return {
        **{f"{name}_loss": term for name, term in terms.items()},
        "generator_loss": tf.add_n([model.loss_weights[name] * term for name, term in terms.items()]),
        "discriminator_loss": discriminator_loss(real_logits, shown_logits, model.loss_terms["adversarial"]),
    }, pooled


def _judge(model, known):
    return model.discriminator(inputs_of(model.discriminator, known), training=True)


def _generator_terms(model, batch, outputs, fake_logits, real):
    """The unweighted terms of the generator's loss: a dict of scalars."""
    terms, functions, weights = {}, model.loss_terms, model.loss_weights
    if weights["adversarial"]:
        terms["adversarial"] = generator_adversarial_loss(fake_logits, functions["adversarial"])
    if weights["structure"]:
        terms["structure"] = tf.reduce_mean(functions["structure"](outputs["joint"]))
    if weights["colour"]:
        wanted = model.soft_histogram(batch["reference"])
        terms["colour"] = tf.reduce_mean(functions["colour"](wanted, outputs["histogram"]))
    if weights["l1"]:
        terms["l1"] = tf.reduce_mean(tf.abs(real - outputs["image"]))
    return terms
