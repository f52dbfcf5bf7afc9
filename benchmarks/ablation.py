"""What each loss and network brings: HueNet, without each of its losses and as released, pix2pix, HDRNet, matching.

Trains each with train.py on the same photographs for the same number of steps, tests it with test.py on the held-out
images with their own references and with exemplars (each other's), and writes a table and a sheet of images:

    python -m benchmarks.ablation --dataroot data          # docs/ablation.md, docs/ablation.png; hours on a CPU
    python -m benchmarks.ablation --dataroot data --full   # the papers' data sets and epochs, for a GPU

Of color_transfer, a chart shows rgb_w1 against SSIM for every network and for classical methods.

Runs that are finished are not made again: it goes on where it was stopped.
"""

import argparse
import json
from pathlib import Path

from benchmarks.ablation_report import write_chart, write_sheet, write_table
from benchmarks.commands import ROOT, run, train

TASKS = {
    "colorization": ("landscapes", "target"),
    "edges2photos": ("edges2stamps", "target"),
    "color_transfer": ("flowers", "source"),
}  # the small data set, and the content to compare every output with
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
OF_ONE_TASK = {
    # Beside a discriminator the weights swing. Their average over some 50 steps does not.
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
WHOLE = [("color_transfer", "HDRNet, matched")]  # as many epochs as its experiment has: its learning rate falls to 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataroot", default="data")
    parser.add_argument("--tasks", nargs="+", default=TASKS, choices=TASKS, help="all, unless some are named")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument(
        "--long_steps", type=int, default=2000, help="of colorization's HueNet, pix2pix and HDRNet, once more"
    )
    parser.add_argument("--full", action="store_true", help="256 px, each task's own data set and number of epochs")
    parser.add_argument("--work_dir", type=Path, default=Path("runs/ablation"))
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs")
    args = parser.parse_args()

    results = []
    args.docs_dir.mkdir(parents=True, exist_ok=True)
    page = args.docs_dir / ("ablation-full.md" if args.full else "ablation.md")
    for task, name, steps in _plan(args):
        folder = args.work_dir / f"{task}-{name.replace(' ', '_').replace(',', '')}-{steps or 'full'}"
        if not (folder / "result.json").exists():
            _train_and_test(folder, task, name, steps=steps, dataroot=args.dataroot)
        results.append(json.loads((folder / "result.json").read_text()) | {"folder": folder})
        write_table(page, results)
    write_sheet(page.with_suffix(".png"), results)
    if "color_transfer" in args.tasks:
        write_chart(page.with_name(f"{page.stem}-chart.png"), results)


def _plan(args):
    """Task, network and steps (None for the task's epochs) of each run, the long ones first."""
    every = [(task, name) for task in args.tasks for name in (*OF_ONE_TASK[task], *NETWORKS)]
    if args.full:
        return [(*each, None) for each in every]
    long = [(*each, args.long_steps) for each in LONG if each[0] in args.tasks]
    whole = [(*each, "whole") for each in WHOLE if each[0] in args.tasks]
    return long + whole + [(*each, args.steps) for each in every]


def _train_and_test(folder, task, name, *, steps, dataroot):
    dataset, content = TASKS[task]
    small = ["--dataset", dataset, "--img_h", "128", "--img_w", "128"]
    small += [] if steps == "whole" else ["--max_steps", str(steps), "--epochs", "100000"]
    options = ["--task", task, "--dataroot", dataroot, *(small if steps else [])]
    trained, minutes = train(*(NETWORKS | OF_ONE_TASK[task])[name], *options, folder=folder)

    metrics = {}
    for reference in ("own", "exemplar"):
        exemplar = ["--exemplar", "shuffle"] if reference == "exemplar" else []
        results = folder / reference
        run("test.py", "--run", trained, "--set", f"losses.content={content}", *exemplar, "--out", results)
        report = json.loads((results / "metrics.json").read_text())
        metrics[reference] = {name: value["mean"] for name, value in report["metrics"].items()}
    result = {"task": task, "network": name, "steps": report["step"], "minutes": minutes, "metrics": metrics}
    (folder / "result.json").write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
