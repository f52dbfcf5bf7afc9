"""Functions that build objects from the options: the data set, its pipeline, the networks and the translator."""

import functools
from pkgutil import resolve_name

import numpy as np

import datasets
import losses
import models
from engine.checkpoints import load_weights


def open_dataset(options, *splits):
    """Open the named splits of the data set, as a `datasets.Dataset`.

    If no images are set aside for validation, ``"validation"`` is the test split.
    """
    data = options.data
    return datasets.open_dataset(
        options.task,
        data.dataset,
        data.dataroot,
        splits=splits,
        pairing=data.pairing,
        seed=data.split_seed,
        validation=data.validation,
        a2b=data.a2b,
        layout=data.layout,
        skip_bad=data.skip_bad,
        same_size=data.preprocess == "window",
        max_megapixels=data.max_megapixels,
        tfds_data_dir=data.tfds_data_dir,
    )


def open_pipeline(options, split):
    """Return the `datasets.Pipeline` of a split."""
    data = options.data
    return datasets.Pipeline(
        split,
        image_size=options.image_size,
        batch_size=data.batch_size,
        seed=options.run.seed,
        preprocess=data.preprocess,
        interpolation=data.interpolation,
        cache=options.cache,
    )


def network_images(options):
    """Return `models.network_batch` with the arguments for the run's task and network."""
    return functools.partial(models.network_batch, **_image_arguments(options))


def build_generator(options):
    """Build the generator of a run, without the histogram layers that `models.augment` appends."""
    row = models.GENERATORS[options.model.generator]
    known = options.augment_arguments | options.model.model_dump() | {"encoder": options.encoder}
    return resolve_name(row.function)(
        **_network_sizes(options),
        channels=options.data.channels,
        out_channels=options.data.out_channels,
        **{name: known[name] for name in row.options},
    )


def build_model(options, *, terms=tuple(losses.TERMS)):
    """Build the `models.HueNet` of a run. ``terms`` names the loss terms to include."""
    weights = {name: options.losses.weights[name] for name in terms}
    generator = build_generator(options)
    discriminator = None
    if weights["adversarial"]:
        discriminator = models.patchgan_discriminator(
            **_network_sizes(options),
            channels=options.data.out_channels,
            condition=options.condition,
            source_channels=options.data.channels,
            filters=options.model.filters,
        )
    inner = models.GENERATORS[options.model.generator].inner
    functions = losses.loss_functions(weights, options.loss_settings)
    return models.HueNet(
        models.augment(generator, **options.augment_arguments, inner=inner),
        discriminator,
        functions | {"adversarial": options.losses.adversarial_loss},
        weights=weights,
        content=options.losses.content,
        seed=options.run.seed,
        ema_decay=options.optimizer.ema_decay,
        image_pool=options.optimizer.image_pool,
    )


def load_translator(options, run, checkpoint=None, *, dtype=np.uint8):
    """Build a run's model, and load its weights from a checkpoint.

    Returns:
        The model, its `models.Translator` for images of ``dtype``, and the checkpoint's path and step.
    """
    model = build_model(options, terms=("adversarial",))  # checkpoints also hold its discriminator
    path, step = load_weights(model, run, checkpoint)
    return model, make_translator(model, options, dtype=dtype, label=str(path)), path, step


def make_translator(model, options, *, dtype=np.uint8, label="the network"):
    """Return the `models.Translator` of a model for images of ``dtype``. Error messages call the model ``label``."""
    return models.Translator(
        model,
        image_size=None if models.GENERATORS[options.model.generator].any_size else options.image_size,
        **_image_arguments(options),
        pad=options.data.preprocess != "resize",
        training=options.run.training_mode_samples,
        dtype=dtype,
        label=label,
    )


def _network_sizes(options):
    """Return the keyword arguments that the generator and the discriminator share."""
    return {
        "image_size": options.image_size,
        "bins": options.histogram.bins,
        "histogram_channels": options.histogram_channels,
    }


def _image_arguments(options):
    """Return the keyword arguments of `models.network_batch`."""
    data = options.data
    return {
        "to_source": resolve_name(datasets.TASKS[options.task].to_source),
        "color_space": data.color_space,
        "channels": data.channels,
        "out_channels": data.out_channels,
    }
