"""From the options to the model, its optimizers and its translator."""

import contextlib
from pkgutil import resolve_name

import numpy as np
import tensorflow as tf
from tensorflow import keras

import datasets
import losses
import models
from engine.checkpointing import load_weights
from engine.schedules import LinearDecay
from utils import UserError


def build_model(options, *, terms=tuple(losses.TERMS)):
    """The `models.HueNet` of a run, with these terms of its loss."""
    weights = {name: options.losses.weights[name] for name in terms}
    data = options.data
    row = models.GENERATORS[options.model.generator]
    known = options.augmentation | options.model.model_dump() | {"encoder": options.encoder}
    sizes = {
        "image_size": options.image_size,
        "bins": options.histogram.bins,
        "histogram_channels": options.histogram_channels,
    }
    generator = resolve_name(row.function)(
        **sizes,
        channels=data.channels,
        out_channels=data.out_channels,
        **{name: known[name] for name in row.options},
    )
    discriminator = None
    if weights["adversarial"]:
        discriminator = models.patchgan_discriminator(
            **sizes,
            channels=data.out_channels,
            condition=options.condition,
            source_channels=data.channels,
            filters=options.model.filters,
        )
    functions = losses.loss_functions(weights, options.loss_settings)
    return models.HueNet(
        models.augment(generator, **options.augmentation, inner=row.inner),
        discriminator,
        functions | {"adversarial": options.losses.adversarial_loss},
        weights=weights,
        content=options.losses.content,
        seed=options.run.seed,
        ema_decay=options.optimizer.ema_decay,
        image_pool=options.optimizer.image_pool,
    )


def compile_model(model, options, steps_per_epoch):
    """Give the model an optimizer for each network."""
    settings = options.optimizer

    def adam(rate, beta_1):
        if settings.decay == "exponential":
            rate = keras.optimizers.schedules.ExponentialDecay(rate, steps_per_epoch, settings.decay_rate)
        elif settings.decay_from_epoch:
            start, end = (epoch * steps_per_epoch for epoch in (settings.decay_from_epoch - 1, options.run.epochs))
            rate = LinearDecay(rate, start, end)
        return keras.optimizers.Adam(rate, beta_1=beta_1, global_clipnorm=settings.clip_norm)

    model.compile(
        adam(settings.generator_learning_rate, settings.generator_beta_1),
        adam(settings.discriminator_learning_rate, settings.discriminator_beta_1),
        jit_compile=options.run.xla,
    )


def load_translator(options, run, checkpoint=None, *, dtype=np.uint8):
    """A run's model with its weights: the model, its `models.Translator` of images of a dtype, and the checkpoint's
    path and step."""
    model = build_model(options, terms=("adversarial",))  # whose network the checkpoint holds
    path, step = load_weights(model, run, checkpoint)
    return model, make_translator(model, options, dtype=dtype), path, step


def make_translator(model, options, *, dtype=np.uint8):
    """The `models.Translator` of a model, for images of a dtype."""
    data = options.data
    return models.Translator(
        model,
        image_size=None if models.GENERATORS[options.model.generator].any_size else options.image_size,
        color_space=data.color_space,
        channels=data.channels,
        out_channels=data.out_channels,
        to_source=resolve_name(datasets.TASKS[options.task].to_source),
        pad=data.preprocess != "resize",
        training=options.run.training_mode_samples,
        dtype=dtype,
    )


@contextlib.contextmanager
def user_error_if_not_finite(checkpoint):
    """Turn the Translator's error about an output that is not finite into a sentence that names the checkpoint."""
    try:
        yield
    except tf.errors.InvalidArgumentError as error:
        if models.NOT_FINITE not in error.message:
            raise
        raise UserError(f"{checkpoint} makes images that are not finite; give another --checkpoint") from None
