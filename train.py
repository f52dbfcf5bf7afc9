"""Train HueNet: `python train.py --task colorization`; `--help` lists the options.

TensorFlow takes seconds to import, so the functions import what they use: a wrong option is told at once.
"""

import itertools
import math
from pathlib import Path

import config
from utils.errors import UserError, one_sentence
from utils.run_folder import SETTINGS, open_run_folder, refuse_what_is_taken, writable

SAMPLE_PICTURES = 4
MEASURED_PICTURES = 32
REFRESHING_BATCHES = 32  # at a momentum of 0.9 they leave 3 % of the old averages


def main(arguments=None):
    """The command line; ``arguments`` in the place of the program's own."""
    with one_sentence():
        given = config.training_parser().parse_args(arguments)
        train(config.load_arguments(given), given.resume)


def train(options, resume=None):
    """Train as the options say and fill the run's folder, or go on with the run in the folder ``resume``."""
    folder = Path(resume) if resume else options.run_folder
    refuse_what_is_taken(folder, resume, options.run.overwrite)
    dataset = open_dataset(options, "train", "test")
    from tensorflow import keras

    from utils.checkpoints import checkpoints
    from utils.repeatable import repeatable
    from utils.signals import Leaving

    with repeatable(options.run.seed, to_the_bit=options.run.strategy == "none"), Leaving() as leaving:
        pipeline, held_out = (open_pipeline(options, dataset.examples[split]) for split in ("train", "test"))
        if options.run.mixed_precision:
            keras.mixed_precision.set_global_policy("mixed_bfloat16")
        with strategy(options).scope():
            model = build_model(options)
            compile_model(model, options, pipeline.steps_per_epoch)
        if options.run.output_pre_dir and not (resume and checkpoints(folder)):
            load_weights(model, options.run.output_pre_dir)
        steps = min(options.run.epochs * pipeline.steps_per_epoch, options.run.max_steps or math.inf)
        with open_run_folder(folder, resume, options.run.overwrite):
            about = begin(options, folder, resume, model, pipeline)
            print(
                f"{options.task} on {options.data.dataset} ({dataset.about}): {len(pipeline)} training and "
                f"{len(held_out)} test pictures; {steps} steps, {pipeline.steps_per_epoch} an epoch; "
                f"{model.generator.count_params():,} parameters in the generator, "
                f"{model.discriminator.count_params():,} in the discriminator; results in {folder}",
                flush=True,
            )
            if model.clock.now() < steps:
                fit(options, folder, model, pipeline, held_out, steps, leaving, about)
    print(f"trained {model.clock.now()} of {steps} steps; now: python test.py --run {folder}")


def fit(options, folder, model, pipeline, held_out, steps, leaving, about):
    """Train from the model's step to step ``steps``."""
    from tqdm.keras import TqdmCallback

    from utils.logs import cut_logs

    start = model.clock.now()
    with writable(folder):
        cut_logs(folder / "logs", start // pipeline.steps_per_epoch if start else -1)
    progress = TqdmCallback(verbose=1)
    try:
        model.fit(
            pipeline.training_stream(options.data.jitter, start_step=start),
            initial_epoch=start // pipeline.steps_per_epoch,
            epochs=math.ceil(steps / pipeline.steps_per_epoch),
            steps_per_epoch=pipeline.steps_per_epoch,
            shuffle=False,
            verbose=0,
            callbacks=[*callbacks(options, folder, model, pipeline, held_out, steps, leaving, about), progress],
        )
    finally:
        progress.on_train_end()  # clears the bars, after an error too


def begin(options, folder, resume, model, pipeline):
    """Bring the model and the folder to where training starts, and log it; returns what the run is made with."""
    from utils.logs import append_line
    from utils.saving import restore
    from utils.sessions import made_with

    about = made_with() | {"data": pipeline.examples.fingerprint()}
    changed = config.changes(config.load_run(folder), options) if resume else {}
    if resume:
        restore(folder, model, about)
    with writable(folder):
        config.save(options, folder / SETTINGS)
        start = {"step": model.clock.now(), "seed": options.run.seed, "changed": changed}
        append_line(folder / "logs" / "sessions.jsonl", about | start)
    if resume:
        print(f"{folder} goes on at step {model.clock.now()}; changed: {config.in_words(changed) or 'nothing'}")
    print(", ".join(f"{name} {value}" for name, value in {**about, "seed": options.run.seed}.items() if name != "data"))
    return about


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


def callbacks(options, folder, model, pipeline, held_out, last_step, leaving, about):
    """What happens beside training, in its order: non-finite steps, ends, logs, samples, checkpoints."""
    import metrics
    from utils.callbacks import Epochs, MetricsLog, SamplePictures
    from utils.images import in_rgb, sheet
    from utils.nonfinite import NonFinite
    from utils.saving import Checkpoints

    run, step, logs, space = options.run, model.clock.now, folder / "logs", options.data.color_space
    samples = next(iter(held_out.evaluation_batches(at_most=SAMPLE_PICTURES)))
    measured = held_out.evaluation_batches(at_most=MEASURED_PICTURES).unbatch().batch(options.data.batch_size)

    def stream():
        return pipeline.training_stream(options.data.jitter, start_step=step())

    def next_batches():
        return stream().take(REFRESHING_BATCHES)

    def paint(batch):
        rgb = in_rgb(model.paint(batch, run.training_mode_samples), space)
        return rgb, metrics.examples_of(rgb, *options.example_arguments)

    def draw():
        rgb, examples = paint(samples)
        return sheet(zip(*rgb.values(), strict=True)), metrics.mean_histograms(examples)

    def measure():
        batches = itertools.takewhile(lambda _: not leaving.asked, measured)
        return metrics.mean_emd(example for batch in batches for example in paint(batch)[1])

    def next_batch():
        batch = next(iter(stream()))
        names = [pipeline.examples.pictures.names[index] for index in batch.pop("index").numpy()]
        rgb = in_rgb(batch, space)
        return names, sheet(zip(*rgb.values(), strict=True)), batch

    checkpoints = Checkpoints(
        folder, run.checkpoint_every, run.checkpoint_minutes, run.keep, leaving, next_batches, measure, about
    )
    # Replicas take a step that is not finite: what they have then is not worth saving.
    save = checkpoints.save if run.strategy == "none" else lambda: None
    return [
        NonFinite(folder / "nonfinite", run.on_nonfinite == "skip", next_batch, save),
        Epochs(step, pipeline.steps_per_epoch, last_step),
        MetricsLog(logs, step),
        SamplePictures(folder / "samples", logs / "samples", step, draw, next_batches),
        checkpoints,
    ]


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


def load_weights(model, run, checkpoint=None):
    """Load a run's newest checkpoint, its ``best``, or the one that is named; returns its path and step."""
    from utils.checkpoints import assign, best_checkpoint, load_checkpoint, newest_checkpoint

    path = {None: newest_checkpoint, "best": best_checkpoint}.get(checkpoint, lambda _: checkpoint)(run)
    if path is None:
        measured = " that was measured" if checkpoint else ""
        raise UserError(f"{run} has no checkpoint{measured}, checkpoints/step-*.npz; give the folder of a trained run")
    values, about = load_checkpoint(path)
    assign(path, values, model.weights_by_network())
    return path, about["step"]


if __name__ == "__main__":
    main()
