"""Train HueNet: `python train.py --task colorization`; `--help` lists the options.

TensorFlow takes seconds to import, so the functions import what they use: a wrong option is told at once.
"""

import math
import shutil

import config
from utils.errors import UserError, one_sentence

SAMPLE_PICTURES = 4
REFRESHING_BATCHES = 32


def main(arguments=None):
    """The command line; ``arguments`` in the place of the program's own."""
    with one_sentence():
        train(config.load_arguments(config.training_parser().parse_args(arguments)))


def train(options):
    """Train as the options say and fill the run's folder."""
    from tensorflow import keras

    keras.utils.set_random_seed(options.run.seed)
    pictures = open_pipeline(options, "train")
    samples = next(iter(open_pipeline(options, "test").evaluation_batches(at_most=SAMPLE_PICTURES)))
    model = build_model(options)
    if options.run.output_pre_dir:
        load_weights(model, options.run.output_pre_dir)
    steps = min(options.run.epochs * pictures.steps_per_epoch, options.run.max_steps or math.inf)
    folder = open_run_folder(options)
    print(
        f"{options.task} on {options.data.dataset}: {len(pictures.examples)} pictures, {steps} steps, "
        f"{pictures.steps_per_epoch} an epoch; {model.generator.count_params():,} parameters in the generator, "
        f"{model.discriminator.count_params():,} in the discriminator; results in {folder}"
    )
    model.fit(
        pictures.training_stream(options.data.jitter),
        epochs=math.ceil(steps / pictures.steps_per_epoch),
        steps_per_epoch=pictures.steps_per_epoch,
        shuffle=False,
        verbose=0,
        callbacks=callbacks(options, model, pictures, samples, steps),
    )
    print(f"trained {int(model.clock.step)} steps; now: python test.py --run {folder}")


def callbacks(options, model, pictures, samples, last_step):
    """What happens beside training: an end, logs, sample pictures, checkpoints and a progress bar, in this order."""
    from tensorflow import keras
    from tqdm.keras import TqdmCallback

    from utils.callbacks import Checkpoints, MetricsLog, RefreshStatistics, SamplePictures, StopAtStep
    from utils.images import sheet

    folder = options.run_folder
    logs = folder / "logs"

    def step():
        return int(model.clock.step)

    def draw():
        pictures = paint(model, samples, options.run.training_mode_samples)
        return sheet(zip(*in_rgb(pictures, options.data.color_space).values(), strict=True))

    return [
        StopAtStep(last_step, step),
        MetricsLog(logs / "metrics.jsonl", step),
        keras.callbacks.TensorBoard(str(logs), write_graph=False),
        RefreshStatistics(pictures.training_stream(options.data.jitter).take(REFRESHING_BATCHES)),
        SamplePictures(folder / "samples", logs / "samples", draw),
        Checkpoints(folder / "checkpoints", networks(model), step, options.run.checkpoint_every),
        TqdmCallback(verbose=1),
    ]


def open_run_folder(options):
    """Make the run's folder and write its settings.yml.

    Raises:
        UserError: where the folder holds a run, unless ``run.overwrite``, or cannot be made.
    """
    folder = options.run_folder
    settings = folder / "settings.yml"
    if settings.exists() and not options.run.overwrite:
        raise UserError(f"{folder} holds a run: give another --output_dir, or --set run.overwrite=true to replace it")
    try:
        if settings.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        config.save(options, settings)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}; give another --output_dir") from None
    return folder


def open_pipeline(options, split):
    """The pictures of the ``"train"`` or ``"test"`` split."""
    import datasets

    data = options.data
    examples = datasets.open_examples(options.task, data.dataset, data.dataroot, split, options.run.seed, data.a2b)
    return datasets.Pipeline(
        examples,
        options.image_size,
        data.batch_size,
        data.color_space,
        data.channels,
        data.out_channels,
        options.run.seed,
    )


def build_model(options):
    """The compiled `models.HueNet` of a run."""
    from tensorflow import keras

    import losses
    import models

    size, data, bins = options.image_size, options.data, options.histogram.bins
    encoder, condition = (None if name == "none" else name for name in (options.model.encoder, options.model.condition))
    generator = models.unet_generator(size, data.channels, data.out_channels, bins, encoder)
    discriminator = models.patchgan_discriminator(size, data.out_channels, condition, data.channels, bins)
    order = options.losses.colour_order
    model = models.HueNet(
        models.augment(generator, **options.histogram.arguments),
        discriminator,
        losses={
            "adversarial": options.losses.adversarial_loss,
            "structure": getattr(losses, options.losses.structure_loss),
            "colour": lambda wanted, made: losses.earth_movers_distance(wanted, made, order),
        },
        weights={name: getattr(options.losses, name) for name in ("adversarial", "structure", "colour")},
        content=options.losses.content,
        encoder=encoder,
        seed=options.run.seed,
    )
    rates = options.optimizer
    model.compile(
        keras.optimizers.Adam(rates.generator_learning_rate, beta_1=rates.generator_beta_1),
        keras.optimizers.Adam(rates.discriminator_learning_rate, beta_1=rates.discriminator_beta_1),
        jit_compile=False,
    )
    return model


def networks(model):
    """What a checkpoint holds."""
    return {"generator": model.generator, "discriminator": model.discriminator}


def load_weights(model, run, checkpoint=None):
    """Load a run's newest checkpoint, or the one that is named; returns its path and step."""
    from utils.checkpoints import load_checkpoint, newest_checkpoint

    path = checkpoint or newest_checkpoint(run)
    return path, load_checkpoint(path, networks(model))


def paint(model, batch, training_mode=False):
    """A batch's pictures in the network's colours: a dict of ``source``, ``reference``, ``output`` and ``target``.

    In ``training_mode`` the output is made with batch statistics and dropout; what batch norm learns from it is undone.
    """
    statistics = model.generator.non_trainable_variables if training_mode else []
    kept = [variable.numpy() for variable in statistics]
    output = model(batch, training=training_mode)
    for variable, value in zip(statistics, kept, strict=True):
        variable.assign(value)
    pictures = {"source": batch["source"], "reference": batch["reference"], "output": output}
    return pictures | ({"target": batch["target"]} if "target" in batch else {})


def in_rgb(pictures, color_space):
    """Pictures in the network's colours, as `paint` gives them, to uint8 RGB."""
    from utils.color_spaces import to_rgb
    from utils.images import to_uint8

    return {name: to_uint8(to_rgb(picture, color_space)) for name, picture in pictures.items()}


if __name__ == "__main__":
    main()
