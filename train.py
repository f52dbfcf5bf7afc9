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
    dataset = open_dataset(options, "train", "test")
    from tensorflow import keras

    from utils.repeatable import repeatable

    with repeatable(options.run.seed, to_the_bit=options.run.strategy == "none"):
        pipeline = open_pipeline(options, dataset.examples["train"])
        held_out = open_pipeline(options, dataset.examples["test"])
        samples = next(iter(held_out.evaluation_batches(at_most=SAMPLE_PICTURES)))
        if options.run.mixed_precision:
            keras.mixed_precision.set_global_policy("mixed_bfloat16")
        with strategy(options).scope():
            model = build_model(options)
            compile_model(model, options, pipeline.steps_per_epoch)
        if options.run.output_pre_dir:
            load_weights(model, options.run.output_pre_dir)
        steps = min(options.run.epochs * pipeline.steps_per_epoch, options.run.max_steps or math.inf)
        folder = open_run_folder(options)
        print(
            f"{options.task} on {options.data.dataset} ({dataset.about}): {len(pipeline)} training and {len(held_out)} "
            f"test pictures; {steps} steps, {pipeline.steps_per_epoch} an epoch; {model.generator.count_params():,} "
            f"parameters in the generator, {model.discriminator.count_params():,} in the discriminator; results in "
            f"{folder}"
        )
        model.fit(
            pipeline.training_stream(options.data.jitter),
            epochs=math.ceil(steps / pipeline.steps_per_epoch),
            steps_per_epoch=pipeline.steps_per_epoch,
            shuffle=False,
            verbose=0,
            callbacks=callbacks(options, model, pipeline, samples, steps),
        )
    print(f"trained {model.clock.now()} steps; now: python test.py --run {folder}")


def strategy(options):
    """The tf.distribute strategy: of all GPUs for ``run.strategy`` mirrored, else TensorFlow's default."""
    import tensorflow as tf

    if options.run.strategy == "none":
        return tf.distribute.get_strategy()
    mirrored = tf.distribute.MirroredStrategy()
    if mirrored.num_replicas_in_sync > 1 and options.optimizer.clip_norm:
        raise UserError("--clip_norm is for one device: give none with --strategy mirrored")
    if options.data.batch_size % mirrored.num_replicas_in_sync:
        raise UserError(
            f"--batch_size: got {options.data.batch_size}, takes a multiple of the {mirrored.num_replicas_in_sync} "
            "devices that --strategy mirrored divides it among"
        )
    return mirrored


def callbacks(options, model, pipeline, samples, last_step):
    """What happens beside training: an end, logs, sample pictures, checkpoints and a progress bar, in this order."""
    from tensorflow import keras
    from tqdm.keras import TqdmCallback

    import metrics
    from utils.callbacks import Checkpoints, MetricsLog, RefreshStatistics, SamplePictures, StopAtStep
    from utils.images import in_rgb, sheet

    folder, step = options.run_folder, model.clock.now
    logs = folder / "logs"

    def draw():
        rgb = in_rgb(model.paint(samples, options.run.training_mode_samples), options.data.color_space)
        examples = metrics.examples_of(rgb, *options.example_arguments)
        return sheet(zip(*rgb.values(), strict=True)), metrics.mean_histograms(examples)

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


def open_dataset(options, *splits):
    """The data set's splits: what is wrong with it is told before TensorFlow is imported."""
    import datasets

    data = options.data
    return datasets.open_dataset(
        options.task,
        data.dataset,
        data.dataroot,
        splits,
        seed=options.run.seed,
        a2b=data.a2b,
        layout=data.layout,
        skip_bad=data.skip_bad,
        tfds_data_dir=data.tfds_data_dir,
    )


def open_pipeline(options, examples):
    """The pipeline of one split's examples."""
    import datasets

    data = options.data
    return datasets.Pipeline(
        examples,
        options.image_size,
        data.batch_size,
        data.color_space,
        data.channels,
        data.out_channels,
        options.run.seed,
        data.preprocess,
        data.interpolation,
        options.cache,
    )


def build_model(options):
    """The `models.HueNet` of a run."""
    import models

    data, histogram = options.data, options.histogram_arguments
    encoder, condition = (None if name == "none" else name for name in (options.model.encoder, options.model.condition))
    make, more = models.unet_generator, {}
    if options.model.generator == "resnet":
        make, more = models.resnet_generator, {"blocks": options.model.blocks}
    sizes = {"image_size": options.image_size, "bins": histogram["bins"]}
    generator = make(channels=data.channels, out_channels=data.out_channels, encoder=encoder, **sizes, **more)
    return models.HueNet(
        models.augment(generator, **histogram, color_space=data.color_space, histogram_space=options.histogram_space),
        models.patchgan_discriminator(
            channels=data.out_channels, condition=condition, source_channels=data.channels, **sizes
        ),
        losses=loss_functions(options),
        weights=options.losses.weights,
        content=options.losses.content,
        seed=options.run.seed,
        average=options.optimizer.average,
        image_pool=options.optimizer.image_pool,
    )


def loss_functions(options):
    """The terms of `models.HueNet`'s losses."""
    import losses

    structure, channel = getattr(losses, options.losses.structure_loss), options.structure_channel
    sign = -1.0 if structure is losses.mutual_information else 1.0  # it should be large, the others small
    order, boundary = options.losses.colour_order, options.histogram_arguments["boundary"]
    return {
        "adversarial": options.losses.adversarial_loss,
        "structure": lambda joint: sign * structure(joint if channel is None else joint[:, channel : channel + 1]),
        "colour": lambda wanted, made: losses.colour_distance(wanted, made, order, boundary),
    }


def compile_model(model, options, steps_per_epoch):
    """Give the model its two optimizers."""
    from tensorflow import keras

    from utils.schedules import LinearDecay

    given = options.optimizer

    def adam(rate, beta_1):
        if given.decay_from_epoch:
            start, end = (epoch * steps_per_epoch for epoch in (given.decay_from_epoch - 1, options.run.epochs))
            rate = LinearDecay(rate, start, end)
        return keras.optimizers.Adam(rate, beta_1=beta_1, global_clipnorm=given.clip_norm)

    model.compile(
        adam(given.generator_learning_rate, given.generator_beta_1),
        adam(given.discriminator_learning_rate, given.discriminator_beta_1),
        jit_compile=False,
    )


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
