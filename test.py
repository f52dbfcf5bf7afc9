"""Test a trained run: `python test.py --run runs/colorization-sample`; `--help` tells what else it does.

TensorFlow takes seconds to import, so the functions import what they use: a wrong option is told at once.
"""

import os
import shutil
from pathlib import Path

import config
from train import build_model, load_weights, open_dataset, open_pipeline
from utils.errors import Parser, UserError, one_sentence


def main(arguments=None):
    """The command line; ``arguments`` in the place of the program's own."""
    with one_sentence():
        given = parser().parse_args(arguments)
        if given.compare:
            compare(given.compare, Path(given.out or "comparison"))
            return
        options = load_options(given)
        if given.export:
            export(options, given.run, given.checkpoint, Path(given.export))
        elif given.source or given.reference:
            paint_own(options, given)
        else:
            evaluate(options, Path(given.run), given.checkpoint, given.exemplar)


def parser():
    """The options of the command line."""
    parser = Parser(prog="test.py", description="Measure, show, try, compare and export trained runs.")
    parser.add_argument("--run", metavar="FOLDER", help="the run's folder, OUTPUT_DIR/TASK-DATASET")
    parser.add_argument("--checkpoint", metavar="FILE|best", help="another checkpoint than the run's newest")
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="an option unlike the run's")
    parser.add_argument(
        "--exemplar",
        metavar="FILE|FOLDER|shuffle",
        help="other references than the test split's own: one picture for all, a folder's in turn, or each test "
        "picture's partner",
    )
    own = parser.add_argument_group("on pictures of your own")
    own.add_argument("--source", metavar="FILE", nargs="+", help="pictures to paint, of any size; several make a grid")
    own.add_argument(
        "--reference",
        metavar="FILE",
        nargs="+",
        help="pictures whose colours are wanted, or histograms (.npy); without --source, one is saved as such",
    )
    own.add_argument("--strength", default="1", help="from 0, the source's own histogram, to 1, the reference's (1)")
    own.add_argument("--out", metavar="FILE", help="the result; of --compare, its folder (comparison)")
    parser.add_argument("--compare", metavar="FOLDER", nargs="+", help="runs that have been tested: a table and a page")
    parser.add_argument(
        "--export",
        metavar="FOLDER",
        help="write generator.keras, and saved_model, which takes uint8 pictures",
    )
    return parser


def load_options(given):
    """The options of the run that is named."""
    if not given.run:
        raise UserError("--run FOLDER, or --compare FOLDER FOLDER, is missing; test.py --help lists what it takes")
    return config.load_run(given.run, set=given.set)


def load_painter(options, run, checkpoint=None):
    """The run's model with its weights, and what paints with it, where the weights are from, and their step."""
    import models

    model = build_model(options)
    checkpoint, step = load_weights(model, run, checkpoint)
    data = options.data
    painter = models.Painter(
        model,
        options.image_size,
        data.color_space,
        data.channels,
        data.out_channels,
        pad=data.preprocess != "resize",
        training=options.run.training_mode_samples,
    )
    return model, painter, checkpoint, step


def evaluate(options, run, checkpoint=None, exemplar=None):
    """Measure and show the run's test split: run/test with metrics.json, metrics.jsonl, index.html and pictures."""
    dataset = open_dataset(options, "test")
    import datasets
    import metrics
    from utils.images import SavedPictures
    from utils.report import save_example, write_report

    pipeline = open_pipeline(options, dataset.examples["test"])
    exemplars = datasets.open_exemplars(exemplar, pipeline.examples, options.run.seed) if exemplar else None
    _, painter, checkpoint, step = load_painter(options, run, checkpoint)
    about = {
        "task": options.task,
        "dataset": options.data.dataset,
        "pictures": len(pipeline),
        "size": f"{options.data.height}x{options.data.width}",
        "reference": exemplar or "own",
        "checkpoint": Path(checkpoint).name,
        "step": step,
    }
    folder = run / "test"
    if folder.exists():
        shutil.rmtree(folder)
    rows = []
    for number, (name, example) in enumerate(painted_examples(options, pipeline, painter, exemplars)):
        files = save_example(folder, number, name, example)
        rows.append({"name": name, **files, "metrics": metrics.measure(example)})
    saved = {label: SavedPictures(folder / row["pictures"][label] for row in rows) for label in rows[0]["pictures"]}
    of_the_set, left_out = metrics.measure_set(saved)
    means = metrics.summarize([row["metrics"] for row in rows])
    title = f"{options.task} on {options.data.dataset}"
    print(*write_report(folder, title, about, rows, means, of_the_set), *left_out, sep="\n")


def painted_examples(options, pipeline, painter, exemplars=None):
    """Paint the pipeline's pictures; yields the name and the `metrics.Example` of each."""
    from tqdm import tqdm

    import metrics
    from utils.images import in_rgb

    with tqdm(total=len(pipeline), desc="test", unit="picture") as progress:
        for batch in pipeline.evaluation_batches(exemplars=exemplars):
            numbers = batch.pop("index").numpy()
            rgb = in_rgb(batch, options.data.color_space)
            rgb["output"] = painter(rgb["source"], rgb["reference"]).numpy()
            for number, example in zip(numbers, metrics.examples_of(rgb, *options.example_arguments), strict=True):
                yield pipeline.examples.pictures.names[number], example
                progress.update()


def paint_own(options, given):
    """Paint pictures of the user's own and save the result, or save a reference's histogram."""
    if not given.out or not given.reference:
        raise UserError("--reference FILE (whose colours are wanted) and --out FILE (where the result goes) are needed")
    import datasets

    ending = os.path.splitext(given.out)[1].lower()
    if given.source and ending not in datasets.SUFFIXES:
        raise UserError(f"--out: got {given.out}, takes a file that ends in {', '.join(datasets.SUFFIXES)}")
    if not given.source and (ending != ".npy" or len(given.reference) > 1):
        raise UserError("without --source, one --reference's histogram is saved, as --out FILE.npy")
    strength = _strength(given.strength)
    from utils import own_pictures

    shape = (options.data.out_channels, options.histogram.bins)
    sources = [datasets.load_picture(path, "--source") for path in given.source or []]
    references = [
        own_pictures.load_histogram(path, shape)
        if path.endswith(".npy")
        else datasets.load_picture(path, "--reference")
        for path in given.reference
    ]
    _, painter, _, _ = load_painter(options, given.run, given.checkpoint)
    if sources:
        own_pictures.save(given.out, own_pictures.grid(painter, sources, references, strength, options.image_size))
    else:
        own_pictures.save(given.out, painter.histogram(references[0][None]).numpy()[0])
    print(f"the result: {Path(given.out).resolve()}")


def _strength(text):
    try:
        strength = float(text)
    except ValueError:
        strength = -1.0
    if not 0 <= strength <= 1:
        raise UserError(f"--strength: got {text}, takes a number from 0 to 1")
    return strength


def compare(runs, folder):
    """Set tested runs side by side: a table, and a page in ``folder``."""
    from utils.comparison import write_comparison

    print("\n".join(write_comparison([Path(run) for run in runs], folder)))


def export(options, run, checkpoint, folder):
    """Write the generator as generator.keras, which needs this project, and as saved_model, which needs TensorFlow."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UserError(f"--export: {folder} is no new folder, nor an empty one")
    model, painter, checkpoint, step = load_painter(options, run, checkpoint)
    import models

    models.export(model, painter, folder)
    print(f"{checkpoint}, step {step}: {folder / 'generator.keras'} and {folder / 'saved_model'}")


if __name__ == "__main__":
    main()
