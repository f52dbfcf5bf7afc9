"""The tables of the study of loss functions for enhancement."""

import numpy as np

from benchmarks.pages import head, row

METRICS = {"PSNR": "psnr", "SSIM": "ssim", "CIEDE2000": "delta_e"}
PARTS = ("losses", "sweep")  # marked parts of the page


def write_tables(page, results):
    """Write three tables: the study's losses, their changes from L2, and the sweep.

    Args:
        page: a `pages.Page` that has PARTS.
        results: a list of one dict per run, with the keys ``name``, ``seed``, ``step``, ``minutes``, which is None for
            a run that was resumed, and ``metrics``, ``{metric: values}``, one value per image.
    """
    losses, sweep = study_and_sweep(results)
    first = results[0]
    source = {name: first["metrics"][f"{name}_source"] for name in METRICS.values()}
    setting = (
        f"{len(first['metrics']['psnr'])} held-out photographs, {first['step']:,} steps, {len(losses['L2'])} seeds"
    )
    page.write("losses", f"{setting}\n\n{_table(losses, source)}\n\n{_changes(losses, losses)}")
    repeated = {name: runs for name, runs in sweep.items() if len(runs) > 1}
    page.write("sweep", f"{_table({'L2': losses['L2'][:1]} | sweep)}\n\n{_changes(repeated, losses)}")


def study_and_sweep(results):
    """Separate the results into the study's losses and the sweep: two dicts ``{name: [result of each seed]}``."""
    losses, sweep = {}, {}
    for result in results:
        (losses if result["name"].startswith("L2") else sweep).setdefault(result["name"], []).append(result)
    return losses, sweep


def _table(losses, source=None):
    lines = [head("loss", *METRICS, "PSNR, 5th percentile", "minutes")]
    if source:
        values = [*(np.mean(values) for values in source.values()), np.percentile(source["psnr"], 5)]
        lines.append(row("the input itself", *(f"{value:.3f}" for value in values), ""))
    for name, runs in losses.items():
        columns = [[np.mean(run["metrics"][metric]) for run in runs] for metric in METRICS.values()]
        columns.append([np.percentile(run["metrics"]["psnr"], 5) for run in runs])
        minutes = [run["minutes"] for run in runs if run["minutes"] is not None]
        lines.append(row(name, *map(_with_spread, columns), f"{np.mean(minutes):.1f}" if minutes else ""))
    return "\n".join(lines)


def _changes(losses, study):
    """Return a Markdown table of each loss's change of PSNR from the study's L2, seed by seed; "" if there are none."""
    l2 = {run["seed"]: run for run in study["L2"]}
    lines = [head("change from L2, seed by seed (dB)", "PSNR", "PSNR, 5th percentile")]
    for name, runs in losses.items():
        pairs = [(run, l2[run["seed"]]) for run in runs if run["seed"] in l2]  # a run may have failed
        if name == "L2" or not pairs:
            continue
        changes = [
            [figure(run["metrics"]["psnr"]) - figure(alone["metrics"]["psnr"]) for run, alone in pairs]
            for figure in (np.mean, lambda values: np.percentile(values, 5))
        ]
        lines.append(row(name, *map(_with_spread, changes)))
    return "\n".join(lines) if len(lines) > 1 else ""


def _with_spread(values):
    spread = f" ± {np.std(values, ddof=1):.3f}" if len(values) > 1 else ""
    return f"{np.mean(values):.3f}{spread}"
