"""Test a trained run: `python test.py --run runs/colorization-sample`; `--help` lists the options."""

import json
import os
import shutil
from pathlib import Path

import config
from train import build_model, load_weights, open_dataset, open_pipeline
from utils.errors import Parser, UserError, one_sentence


def main(arguments=None):
    """The command line; ``arguments`` in the place of the program's own."""
    parser = Parser(prog="test.py", description="Make and measure the outputs of a run's test pictures.")
    parser.add_argument("--run", required=True, metavar="FOLDER", help="the run's folder, OUTPUT_DIR/TASK-DATASET")
    parser.add_argument("--checkpoint", metavar="FILE", help="another checkpoint than the run's newest")
    parser.add_argument(
        "--exemplar",
        metavar="FILE|FOLDER|shuffle",
        help="other references than the test split's own: one picture for all, a folder's in turn, or each test "
        "picture's partner",
    )
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help="an option unlike the run's")
    with one_sentence():
        given = parser.parse_args(arguments)
        run = Path(given.run)
        if not os.path.isfile(run / "settings.yml"):
            raise UserError(f"{run} is not a run: it has no settings.yml; give the folder that train.py printed")
        test(config.load(config=run / "settings.yml", set=given.set), run, given.checkpoint, given.exemplar)


def test(options, run, checkpoint=None, exemplar=None):
    """Write run/test: metrics.json, index.html and the pictures."""
    dataset = open_dataset(options, "test")
    import datasets
    import metrics
    from utils.gallery import write_gallery

    pipeline = open_pipeline(options, dataset.examples["test"])
    exemplars = datasets.open_exemplars(exemplar, pipeline.examples, options.run.seed) if exemplar else None
    model = build_model(options)
    checkpoint, step = load_weights(model, run, checkpoint)
    folder = run / "test"
    if folder.exists():
        shutil.rmtree(folder)

    rows = list(_rows(model, pipeline, exemplars, options, folder))
    means = metrics.summarize([row["metrics"] for row in rows])
    about = {
        "task": options.task,
        "dataset": options.data.dataset,
        "pictures": len(rows),
        "size": f"{options.data.height}x{options.data.width}",
        "reference": exemplar or "own",
        "checkpoint": Path(checkpoint).name,
        "step": step,
    }
    (folder / "metrics.json").write_text(json.dumps(about | {"metrics": means}, indent=2) + "\n")
    summary = ", ".join(f"{name} {value}" for name, value in about.items())
    write_gallery(folder / "index.html", f"{options.task} on {options.data.dataset}", summary, means, rows)

    print(summary)
    for name, value in means.items():
        print(f"{name:>16} {value['mean']:9.4f} +- {value['std']:.4f}")
    print(f"the pictures: {(folder / 'index.html').resolve()}")


def _rows(model, pipeline, exemplars, options, folder):
    """Make, measure and save the outputs; yields a dict of name, pictures and metrics for each."""
    from tqdm import tqdm

    import metrics
    from utils.color_spaces import channel_names, convert
    from utils.images import in_rgb, save_picture

    channels = channel_names(options.histogram_space, options.data.out_channels)
    progress = tqdm(total=len(pipeline), desc="test", unit="picture")
    for batch in pipeline.evaluation_batches(exemplars=exemplars):
        painted = model.paint(batch, options.run.training_mode_samples)
        space = options.data.color_space
        rgb = in_rgb(painted, space)
        colors = {name: convert(value, space, options.histogram_space).numpy() for name, value in painted.items()}
        for position, index in enumerate(batch["index"].numpy()):
            example = metrics.Example(
                colors={name: pictures[position] for name, pictures in colors.items()},
                rgb={name: pictures[position] for name, pictures in rgb.items()},
                content=options.losses.content,
                channels=channels,
                histogram=options.histogram_arguments,
            )
            name = pipeline.examples.pictures.names[index]
            files = {label: f"pictures/{index:05d}_{name}_{label}.png" for label in example.rgb}
            for label, file in files.items():
                save_picture(folder / file, example.rgb[label])
            yield {"name": name, "pictures": files, "metrics": metrics.measure(example)}
            progress.update()
    progress.close()


if __name__ == "__main__":
    main()
