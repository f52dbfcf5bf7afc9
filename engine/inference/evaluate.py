"""Measure a run on its test split, and write an HTML page with its images."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tqdm import tqdm

import datasets
import metrics
import models
import reports
from engine.distributed import user_error_if_out_of_memory
from engine.factory import load_translator, open_dataset, open_pipeline
from engine.inference.samples import translated_samples
from engine.run_folder import StopSignal
from utils import UserError, atomic_folder, check_folder, safe_name
from utils.images import SavedImages

MAKER = "test.py --run"
LONGEST_NAME = 100  # characters of an exemplar's name, because file systems limit names


@user_error_if_out_of_memory("give a smaller batch (--set data.batch_size=1)")
def evaluate(options, run, *, checkpoint=None, exemplar=None, out=None):
    """Write a folder of results: metrics.json, metrics.jsonl, index.html and images. Print a table of the metrics.

    The folder is created only once it is complete. It then replaces earlier results.

    Args:
        options: the run's options.
        run: the run's folder.
        checkpoint: a path, ``"best"``, or None for the newest checkpoint.
        exemplar: references to use instead of the split's own, as in `datasets.open_exemplars`.
        out: the folder of results, or None for the folder that `results_folder` returns.

    Raises:
        UserError: if the run has no checkpoint or no folder, the images are not available, or the folder holds files
            other than results.
    """
    folder = Path(out or results_folder(run, checkpoint=checkpoint, exemplar=exemplar))
    check_folder(folder, "--out", MAKER)
    pipeline = open_pipeline(options, open_dataset(options, "test").splits["test"])
    limit = options.data.max_megapixels
    exemplars = exemplar and datasets.open_exemplars(exemplar, pipeline.split, options.run.seed, max_megapixels=limit)
    references = exemplars or pipeline.own_references()
    dtype = pipeline.split.images.dtype
    _, translator, checkpoint, step = load_translator(options, run, checkpoint, dtype=dtype)
    metadata = {
        "task": options.task,
        "dataset": options.data.dataset,
        "images": len(pipeline),
        "size": "whole images" if options.data.preprocess == "window" else "{}x{}".format(*options.image_size),
        "reference": _reference(exemplar or "own"),
        "checkpoint": Path(checkpoint).name,
        "step": step,
    }
    batches = _samples(options, pipeline, translator, exemplars=exemplars)
    with atomic_folder(folder, "--out", MAKER) as partial:
        rows = _measure(batches, pipeline.split.images, references, folder=partial)
        set_metrics, left_out = metrics.measure_set(_saved_images(partial, rows, exemplar=bool(exemplar)))
        lines = reports.write_report(
            partial,
            title=f"{options.task} on {options.data.dataset}",
            metadata=metadata,
            rows=rows,
            means=metrics.summarize([row["metrics"] for row in rows]),
            set_metrics=set_metrics,
            explained=metrics.explain([*rows[0]["metrics"], *set_metrics]),
        )
    print(*lines, *left_out, f"the images: {(folder / 'index.html').resolve()}", sep="\n")


def results_folder(run, *, checkpoint=None, exemplar=None):
    """Return the folder for the results of a test: RUN/test/own, or RUN/test/exemplar-NAME with an exemplar.

    NAME is the name of the exemplar's file or folder, at most 100 characters of it, or shuffle. If a checkpoint is
    given, its name is appended: own-best, exemplar-shuffle-step-00000300. If the folder already holds the results of a
    different exemplar with the same name, a number is appended: exemplar-palettes-2.

    Raises:
        UserError: if the run comes with the project, and so has no folder.
    """
    if str(run) in models.SHIPPED and not Path(run).is_dir():
        raise UserError(
            f"--run {run} comes with the project and has no folder for results: give --out FOLDER to test it on its "
            "data set, or --source and --reference to translate images"
        )
    name = f"exemplar-{Path(exemplar).resolve().name[:LONGEST_NAME]}" if exemplar else "own"
    if checkpoint:
        name += f"-{Path(checkpoint).stem}"
    folder = Path(run) / "test" / safe_name(name)
    numbered = itertools.chain([folder], (Path(f"{folder}-{number}") for number in itertools.count(2)))
    return next(path for path in numbered if not exemplar or _may_hold(path, exemplar))


def _may_hold(folder, exemplar):
    """Return whether a folder is free of results of a different exemplar."""
    report = folder / "metrics.json"
    return not report.exists() or json.loads(report.read_text()).get("reference") == _reference(exemplar)


def _reference(exemplar):
    """Return the name that a report gives to the origin of its references."""
    return exemplar if exemplar in ("own", "shuffle") else str(Path(exemplar).resolve())


def _measure(batches, images, references, *, folder):
    """Save and measure the samples. Return the rows of metrics.jsonl.

    A signal ends the process after the current batch.
    """

    def row_of(index, sample):
        row = _identity(images, index) | {"reference": _identity(references, index)}
        files = reports.save_sample(folder, sample, name=row["name"], number=index)
        return row | files | {"metrics": metrics.measure(sample)}

    rows = []
    with StopSignal("stopping; earlier results are kept") as stop_signal, ThreadPoolExecutor() as pool:
        stop_signal.armed = True
        with tqdm(desc="test", total=len(images), unit="image") as progress:
            for indices, samples in batches:
                for row in pool.map(row_of, indices, samples):
                    rows.append(row)
                    progress.update()
                if stop_signal.exit_code:
                    raise SystemExit(stop_signal.exit_code)
    return rows


def _samples(options, pipeline, translator, *, exemplars):
    """Translate the pipeline's images. Yield the indices and the `metrics.EvaluationSample`s of each batch."""
    for batch in pipeline.evaluation_batches(exemplars=exemplars):
        samples = translated_samples(translator, batch, options, exemplar=exemplars is not None)
        yield batch["index"].numpy().tolist(), samples


def _saved_images(folder, rows, *, exemplar):
    """Return the saved images of each kind, for `metrics.measure_set`.

    With exemplars, return only the outputs, because they should resemble neither the set of targets nor the set of
    references.
    """
    labels = ["output"] if exemplar else rows[0]["images"]
    return {label: SavedImages(folder / row["images"][label] for row in rows) for label in labels}


def _identity(images, index):
    """Return the name of an image and a digest of its content. They do not depend on where the data set is stored."""
    return {"name": images.names[index], "digest": images.digest(index)}
