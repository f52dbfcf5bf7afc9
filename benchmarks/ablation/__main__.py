"""Measure what each loss and each network contributes.

The networks are HueNet, HueNet without its color loss or its structure loss, HueNet as released, pix2pix, HDRNet and
matching. Each is trained with train.py on its task's images for the same number of steps, except for a few longer
runs. Each is then tested with test.py on the held-out images, first with the images' own references, then with
exemplars (the references of other images). The tables and images go to docs/ablation.md:

    python -m benchmarks.ablation --dataroot data          # hours on a CPU
    python -m benchmarks.ablation --dataroot data --full   # docs/ablation-full.md: the papers' settings, for a GPU

The chart of color_transfer plots rgb_w1 against SSIM for every network and for classical methods. Finished runs are
kept. To resume, give the same command again.
"""

import argparse
import json
from pathlib import Path

from benchmarks.ablation.report import table, write_chart, write_sheet
from benchmarks.commands import ROOT, run, train
from benchmarks.pages import Page, image_path
from utils import exit_on_user_error

# For each task: its small data set, and the image that SSIM compares the outputs with (losses.content).
TASKS = {
    "colorization": ("landscapes", "target"),
    "edges2photos": ("edges2stamps", "target"),
    "color_transfer": ("flowers", "source"),
}
NETWORKS = {
    "HueNet": [],
    "HueNet, dense encoder": ["--set", "model.encoder=dense"],
    "without color loss": ["--hist_loss_weight", "0"],
    "without structure loss": ["--mi_loss_weight", "0"],
    "released": ["--variant", "released"],
    "pix2pix": ["--config", ROOT / "config" / "experiments" / "pix2pix.yaml"],
}
_HDRNET = ["--config", ROOT / "config" / "experiments" / "hdrnet.yaml"]
_UNMATCHED = ["--matched", "false"]
_YUV = ["--color_space", "yuv", "--histogram_color_space", "none"]
TASK_NETWORKS = {
    # Adversarial training makes the weights oscillate. Their average over about 50 steps is steadier.
    "colorization": {"HDRNet": ["--generator", "hdrnet", "--ema_decay", "0.98"]},
    "edges2photos": {},
    "color_transfer": {
        "HDRNet": [*_HDRNET, *_UNMATCHED],
        "HDRNet, YUV": [*_HDRNET, *_YUV, *_UNMATCHED],
        "HDRNet, matched": _HDRNET,
        "HDRNet, matched, YUV": [*_HDRNET, *_YUV],
        "matching": ["--generator", "matching", "--adversarial", "0"],
    },
}
LONG = [("colorization", "HueNet"), ("colorization", "pix2pix"), ("colorization", "HDRNet")]
WHOLE = [("color_transfer", "HDRNet, matched")]  # for its experiment's epochs: the learning rate falls to 0


def main():
    args = parse()
    page = args.docs_dir / ("ablation-full.md" if args.full else "ablation.md")
    parts = Page(page, args.tasks, "python -m benchmarks.ablation")
    results = {task: [] for task in args.tasks}
    for task, name, steps in plan(args):
        folder = args.work_dir / f"{task}-{name.replace(' ', '_').replace(',', '')}-{steps or 'full'}"
        if not (folder / "result.json").exists():
            train_and_test(folder, task, name, steps=steps, dataroot=args.dataroot)
        results[task].append(json.loads((folder / "result.json").read_text()) | {"folder": folder})
        parts.write(task, table(results[task]))
    write_sheet(image_path(page, "sheet.png"), results)
    if "color_transfer" in results:
        write_chart(image_path(page, "chart.png"), results["color_transfer"])


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataroot", default="data", help="folder that holds the data sets (default: %(default)s)")
    parser.add_argument("--tasks", nargs="+", default=[*TASKS], choices=TASKS, help="tasks to run (default: all)")
    parser.add_argument("--steps", type=int, default=300, help="training steps of each run (default: %(default)s)")
    parser.add_argument(
        "--long_steps",
        type=int,
        default=2000,
        help="training steps of the additional, longer runs of colorization (default: %(default)s)",
    )
    parser.add_argument("--full", action="store_true", help="use each task's own data set and epochs, at 256 px")
    parser.add_argument("--work_dir", type=Path, default=Path("runs/ablation"), help="folder to write the runs to")
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs", help="folder of the page and its images")
    return parser.parse_args()


def plan(args):
    """List the task, network and steps of each run, the long runs first.

    Steps are a number; None for the task's own data set and epochs; or ``"whole"`` for the small data set and the
    experiment's epochs.
    """
    every = [(task, name) for task in args.tasks for name in (*TASK_NETWORKS[task], *NETWORKS)]
    if args.full:
        return [(*each, None) for each in every]
    long = [(*each, args.long_steps) for each in LONG if each[0] in args.tasks]
    whole = [(*each, "whole") for each in WHOLE if each[0] in args.tasks]
    return long + whole + [(*each, args.steps) for each in every]


def train_and_test(folder, task, name, *, steps, dataroot):
    """Train one network, test it, and write the means of its metrics to ``folder/result.json``."""
    dataset, content = TASKS[task]
    small = ["--dataset", dataset, "--img_h", "128", "--img_w", "128"]
    small += [] if steps == "whole" else ["--max_steps", str(steps), "--epochs", "100000"]
    options = ["--task", task, "--dataroot", dataroot, *(small if steps else [])]
    trained, minutes = train(*(NETWORKS | TASK_NETWORKS[task])[name], *options, folder=folder)

    metrics = {}
    for reference in ("own", "exemplar"):
        exemplar = ["--exemplar", "shuffle"] if reference == "exemplar" else []
        results = folder / reference
        run("test.py", "--run", trained, "--set", f"losses.content={content}", *exemplar, "--out", results)
        report = json.loads((results / "metrics.json").read_text())
        metrics[reference] = {name: value["mean"] for name, value in report["metrics"].items()}
    result = {"network": name, "steps": report["step"], "minutes": minutes, "metrics": metrics}
    (folder / "result.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    with exit_on_user_error():
        main()
