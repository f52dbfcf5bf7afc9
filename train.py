"""Train HueNet: `python train.py --task colorization`; `--help` lists the options.

TensorFlow takes seconds to import, so the functions import what they use: a wrong option is told at once.
"""

import math
import os
import shutil

import config
from utils.errors import UserError, one_sentence

SAMPLE_PICTURES = 4
REFRESHING_BATCHES = 32  # at a momentum of 0.9 they leave 3 % of the old averages


def main(arguments=None):
    """The command line; ``arguments`` in the place of the program's own."""
    with one_sentence():
        train(config.load_arguments(config.training_parser().parse_args(arguments)))


def train(options):
    """Train as the options say and fill the run's folder."""
    check_data(options, "train", "test")
    repeatable(options.run.seed)
    pipeline = open_pipeline(options, "train")
    samples = next(iter(open_pipeline(options, "test").evaluation_batches(at_most=SAMPLE_PICTURES)))
    model = build_model(options)
    if options.run.output_pre_dir:
        load_weights(model, options.run.output_pre_dir)
    steps = min(options.run.epochs * pipeline.steps_per_epoch, options.run.max_steps or math.inf)
    folder = open_run_folder(options)
    print(
        f"{options.task} on {options.data.dataset}: {len(pipeline.examples)} pictures, {steps} steps, "
        f"{pipeline.steps_per_epoch} an epoch; {model.generator.count_params():,} parameters in the generator, "
        f"{model.discriminator.count_params():,} in the discriminator; results in {folder}"
    )
    model.fit(
        pipeline.training_stream(options.data.jitter),
        epochs=math.ceil(steps / pipeline.steps_per_epoch),
        steps_per_epoch=pipeline.steps_per_epoch,
        shuffle=False,
        verbose=0,
        callbacks=callbacks(options, model, pipeline, samples, steps),
    )
    print(f"trained {int(model.clock.step)} steps; now: python test.py --run {folder}")


def repeatable(seed):
    """Make what follows the same in every run: seeded and, on a CPU, to the bit; there it costs no time."""
    import tensorflow as tf
    from tensorflow import keras

    keras.utils.set_random_seed(seed)
    if not tf.config.list_physical_devices("GPU"):
        tf.config.experimental.enable_op_determinism()
        # It gathers sums into AddN, which adds in the order in which its inputs happen to be free.
        tf.config.optimizer.set_experimental_options({"arithmetic_optimization": False})


def callbacks(options, model, pipeline, samples, last_step):
    """What happens beside training: an end, logs, sample pictures, checkpoints and a progress bar, in this order."""
    from tensorflow import keras
    from tqdm.keras import TqdmCallback

    from utils.callbacks import Checkpoints, MetricsLog, RefreshStatistics, SamplePictures, StopAtStep
    from utils.images import in_rgb, sheet

    folder = options.run_folder
    logs = folder / "logs"

    def step():
        return int(model.clock.step)

    def draw():
        pictures = model.paint(samples, options.run.training_mode_samples)
        return sheet(zip(*in_rgb(pictures, options.data.color_space).values(), strict=True))

    def next_batches():
        return pipeline.training_stream(options.data.jitter, start_step=step()).take(REFRESHING_BATCHES)

    return [
        StopAtStep(last_step, step),
        MetricsLog(logs / "metrics.jsonl", step),
        keras.callbacks.TensorBoard(str(logs), write_graph=False),
        RefreshStatistics(next_batches),
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
    if os.path.exists(settings) and not options.run.overwrite:
        raise UserError(f"{folder} holds a run: give another --output_dir, or --set run.overwrite=true to replace it")
    try:
        if os.path.exists(settings):
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        config.save(options, settings)
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}; give another --output_dir") from None
    return folder


def check_data(options, *splits):
    """Find the splits' pictures: what is wrong with a data set is told before TensorFlow is imported."""
    import datasets

    if options.data.dataset != "sample":
        for split in splits:
            datasets.find_files(options.task, options.data.dataroot, options.data.dataset, split, options.run.seed)


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
        weights=options.losses.weights,
        content=options.losses.content,
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


if __name__ == "__main__":
    main()
