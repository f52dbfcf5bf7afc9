"""Measure and show what a run makes of its test split."""

import shutil
from pathlib import Path

from tqdm import tqdm

import datasets
import metrics
import reports
from engine.build import load_translator
from engine.data import open_dataset, open_pipeline
from utils import SavedImages, batch_to_rgb


def evaluate(options, run, *, checkpoint=None, exemplar=None):
    """Fill RUN/test: metrics.json, metrics.jsonl, index.html and images. Print the table of metrics.

    Args:
        options: the run's.
        run: the run's folder.
        checkpoint: another checkpoint than the newest.
        exemplar: other references than the split's own, as `datasets.open_exemplars` takes them.

    Raises:
        UserError: for a run without a checkpoint, and for images that cannot be had.
    """
    pipeline = open_pipeline(options, open_dataset(options, "test").splits["test"])
    exemplars = datasets.open_exemplars(exemplar, pipeline.split, options.run.seed) if exemplar else None
    _, translator, checkpoint, step = load_translator(options, run, checkpoint)
    metadata = {
        "task": options.task,
        "dataset": options.data.dataset,
        "images": len(pipeline),
        "size": f"{options.data.height}x{options.data.width}",
        "reference": exemplar or "own",
        "checkpoint": Path(checkpoint).name,
        "step": step,
    }
    folder = Path(run) / "test"
    shutil.rmtree(folder, ignore_errors=True)
    rows = []
    for name, sample in tqdm(
        _samples(options, pipeline, translator, exemplars=exemplars), desc="test", total=len(pipeline), unit="image"
    ):
        files = reports.save_sample(folder, sample, name=name, number=len(rows))
        rows.append({"name": name, **files, "metrics": metrics.measure(sample)})
    saved = {label: SavedImages(folder / row["images"][label] for row in rows) for label in rows[0]["images"]}
    set_metrics, left_out = metrics.measure_set(saved)
    lines = reports.write_report(
        folder,
        title=f"{options.task} on {options.data.dataset}",
        metadata=metadata,
        rows=rows,
        means=metrics.summarize([row["metrics"] for row in rows]),
        set_metrics=set_metrics,
    )
    print(*lines, *left_out, sep="\n")


def _samples(options, pipeline, translator, *, exemplars):
    """Translate the pipeline's images: yields the name and the `metrics.EvaluationSample` of each."""
    for batch in pipeline.evaluation_batches(exemplars=exemplars):
        indices = batch.pop("index").numpy()
        rgb = batch_to_rgb(batch, options.data.color_space)
        rgb["output"] = translator(rgb["source"], rgb["reference"]).numpy()
        samples = metrics.evaluation_samples(rgb, **options.sample_arguments)
        for index, sample in zip(indices, samples, strict=True):
            yield pipeline.split.images.names[index], sample
