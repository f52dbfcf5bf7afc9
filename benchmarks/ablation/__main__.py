"""Measure what each loss and each network contributes.

The networks are HueNet, HueNet without its color loss or its structure loss, HueNet as released, pix2pix, HDRNet and
matching. Each is trained with train.py on its task's images for the same number of steps, except for a few longer
runs. Each is then tested with test.py on the held-out images, first with the images' own references, then with
exemplars (the references of other images). The tables and images go to docs/ablation.md:

    python -m benchmarks.ablation --dataroot data          # hours on a CPU
    python -m benchmarks.ablation --dataroot data --full   # docs/ablation-full.md: the papers' settings, for a GPU

The chart of color_transfer plots rgb_w1 against SSIM for every network and for classical methods. --plan and --full
first measure how long the runs will take. Finished runs are kept, and a stopped one resumes from its last checkpoint:
give the same command again.
"""

import argparse
import functools
import json

from benchmarks.ablation.report import table, trade_off, trade_off_table, write_sheet
from benchmarks.commands import ROOT, add_training_arguments, forecast, run, train, training_arguments
from benchmarks.pages import Page, image_path
from benchmarks.pairs import save_chart
from benchmarks.runs import Run, add_arguments, announce, carry_out, exit_if_failed, run_folder
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
    "pix2pix": ["--config", "pix2pix"],
}
_HDRNET = ["--config", "hdrnet"]
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
    planned = plan(args)
    if args.full or args.plan:
        announce([each for _, each in planned], page)
    if args.plan:
        return
    names = [*args.tasks, *(["classical"] if "color_transfer" in args.tasks else [])]
    parts = Page(page, names, "python -m benchmarks.ablation")
    results, failed = {}, []
    for (task, done), result in zip(planned, carry_out(each for _, each in planned), strict=True):
        if result is None:
            failed.append(done.name)
            continue
        results.setdefault(task, []).append(result | {"folder": done.folder})
        parts.write(task, table(results[task]))
    if results:
        write_sheet(image_path(page, "sheet.png"), results)
    if "color_transfer" in results:
        figures = trade_off(results["color_transfer"])
        parts.write("classical", trade_off_table(figures))
        save_chart(image_path(page, "chart.png"), figures)
    exit_if_failed(failed)


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
    add_training_arguments(parser)
    add_arguments(parser, work_dir="runs/ablation", docs_dir=ROOT / "docs")
    return parser.parse_args()


def plan(args):
    """List the task and the `Run` of every network, the long runs first."""
    every = [(task, name) for task in args.tasks for name in (*TASK_NETWORKS[task], *NETWORKS)]
    if args.full:
        return [(task, run_of(args, task, name, steps=None)) for task, name in every]
    long = [(*each, args.long_steps) for each in LONG if each[0] in args.tasks]
    whole = [(*each, "whole") for each in WHOLE if each[0] in args.tasks]
    short = [(*each, args.steps) for each in every]
    return [(task, run_of(args, task, name, steps=steps)) for task, name, steps in long + whole + short]


def run_of(args, task, name, *, steps):
    """Return the `Run` of a network.

    ``steps`` is a number; None for the task's own data set at 256 px; or ``"whole"`` for the small data set. Without a
    number, the epochs are those of the task or of the network's experiment.
    """
    small = ["--dataset", TASKS[task][0], "--img_h", "128", "--img_w", "128"]
    small += [] if steps == "whole" else ["--max_steps", str(steps), "--epochs", "100000"]
    full = ["--img_h", "256", "--img_w", "256"]  # an experiment may have another size
    network = (NETWORKS | TASK_NETWORKS[task])[name]
    options = ["--task", task, "--dataroot", args.dataroot, *(small if steps else full)]
    options = [*network, *options, *training_arguments(args)]
    label = f"{task}, {name}, {'its epochs' if steps in (None, 'whole') else f'{steps} steps'}"
    folder = run_folder(args.work_dir, f"{task}-{name}-{steps or 'full'}", options)
    work = functools.partial(train_and_test, folder, task, name, options=options)
    return Run(label, folder, work, functools.partial(forecast, options, tests=2))


def train_and_test(folder, task, name, *, options):
    """Train one network, test it, and return the means of its metrics."""
    trained, minutes = train(options, folder)
    metrics = {}
    for reference in ("own", "exemplar"):
        exemplar = ["--exemplar", "shuffle"] if reference == "exemplar" else []
        results = folder / reference
        content = f"losses.content={TASKS[task][1]}"
        run("test.py", "--run", trained, "--set", content, *exemplar, "--out", results, log=folder / "log.txt")
        report = json.loads((results / "metrics.json").read_text())
        metrics[reference] = {name: value["mean"] for name, value in report["metrics"].items()}
    return {"network": name, "steps": report["step"], "minutes": minutes, "metrics": metrics}


if __name__ == "__main__":
    with exit_on_user_error():
        main()
