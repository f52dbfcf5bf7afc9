"""Measure a run on its test split, and write the page of its images."""

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tqdm import tqdm

import datasets
import metrics
import reports
from engine.distributed import user_error_if_out_of_memory
from engine.factory import load_translator, open_dataset, open_pipeline
from engine.inference.samples import translated_samples
from engine.run_folder import StopSignal
from utils import atomic_folder, check_folder, safe_name
from utils.images import SavedImages

MAKER = "test.py --run"


@user_error_if_out_of_memory("give a smaller batch (--set data.batch_size=1)")
def evaluate(options, run, *, checkpoint=None, exemplar=None, out=None):
    """Fill a folder of results: metrics.json, metrics.jsonl, index.html and images. Print the table of metrics.

    The folder appears when it is complete. It replaces earlier results.

    Args:
        options: the run's options.
        run: the run's folder.
        checkpoint: the checkpoint to use, a path or ``"best"``; None: the newest.
        exemplar: references other than the split's own, as `datasets.open_exemplars` takes them.
        out: the folder of results; None: that of `results_folder`.

    Raises:
        UserError: for a run without a checkpoint, for images that are not available, and for a folder that holds
            anything but results.
    """
    folder = Path(out or results_folder(run, checkpoint=checkpoint, exemplar=exemplar))
    check_folder(folder, "--out", MAKER)
    pipeline = open_pipeline(options, open_dataset(options, "test").splits["test"])
    exemplars = datasets.open_exemplars(exemplar, pipeline.split, options.run.seed) if exemplar else None
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
    """The folder of a test's results: RUN/test/own, or RUN/test/exemplar-NAME for a file, a folder or shuffle.

    The name of a given checkpoint follows: own-best, exemplar-shuffle-step-00000300. If the folder already holds the
    results of another exemplar with the same name, a number follows: exemplar-palettes-2.
    """
    name = f"exemplar-{Path(exemplar).resolve().name}" if exemplar else "own"
    if checkpoint:
        name += f"-{Path(checkpoint).stem}"
    folder = Path(run) / "test" / safe_name(name)
    numbered = itertools.chain([folder], (Path(f"{folder}-{number}") for number in itertools.count(2)))
    return next(path for path in numbered if not exemplar or _may_hold(path, exemplar))


def _may_hold(folder, exemplar):
    """Whether a folder does not hold the results of another exemplar."""
    report = folder / "metrics.json"
    return not report.exists() or json.loads(report.read_text()).get("reference") == _reference(exemplar)


def _reference(exemplar):
    """How a report names the origin of its references."""
    return exemplar if exemplar in ("own", "shuffle") else str(Path(exemplar).resolve())


def _measure(batches, images, references, *, folder):
    """Save and measure the samples: the rows of metrics.jsonl. A signal ends the process after the current batch."""

    def row_of(index, sample):
        row = _identity(images, index) | {"reference": _identity(references, index)}
        files = reports.save_sample(folder, sample, name=row["name"], number=index)
        return row | files | {"metrics": metrics.measure(sample)}

    rows = []
    with StopSignal("stopping; earlier results stay") as stop_signal, ThreadPoolExecutor() as pool:
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
    """Translate the pipeline's images: yields each batch's indices and its `metrics.EvaluationSample`s."""
    for batch in pipeline.evaluation_batches(exemplars=exemplars):
        samples = translated_samples(translator, batch, options, exemplar=exemplars is not None)
        yield batch["index"].numpy().tolist(), samples


def _saved_images(folder, rows, *, exemplar):
    """What `metrics.measure_set` takes.

    With exemplars these are only the outputs: as a set, they should resemble neither the targets nor the references.
    """
    labels = ["output"] if exemplar else rows[0]["images"]
    return {label: SavedImages(folder / row["images"][label] for row in rows) for label in labels}


def _identity(images, index):
    """What identifies an image wherever its data set lies: its name and a digest of its content."""
    return {"name": images.names[index], "digest": images.digest(index)}
