"""Train `--config looks` on more and more photographs, and judge each network as `benchmarks.looks` does.

    python -m benchmarks.looks.photographs unpacked photographs
    python -m benchmarks.looks.curve photographs --judge FOLDERS...      # 20 minutes on two cores; resumes if stopped

Each set of photographs contains the smaller ones. Every training takes about STEPS steps.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import datasets
from benchmarks.commands import ROOT, train
from benchmarks.looks import cases
from benchmarks.looks.judging import judge, of_images
from benchmarks.looks.looks import filters, random_looks
from benchmarks.looks.measures import COLUMNS
from benchmarks.pages import Page, head, image_path, row
from benchmarks.pairs import METHODS, on_integers, trained
from benchmarks.runs import run_folder
from utils import UserError, exit_on_user_error

PART = "photographs"
COUNTS = (8, 32, 128)  # and all
STEPS, BATCH = 1024, 32
MKL = "Monge-Kantorovich (mkl)"


def main():
    args = parse()
    crops = crops_by_photograph(args.photographs / "train")
    pairs = cases.halves(cases.load_photographs(args.judge, count=args.count, size=192))
    if not pairs:
        raise UserError(f"--judge {' '.join(args.judge)} has no photographs; give other folders")
    kinds = {kind: looks for kind, looks in {"looks": random_looks(20), "filters": filters()}.items() if looks}
    page = Page(args.docs_dir / "transfer.md", [PART], "python -m benchmarks.looks.curve")
    methods = {MKL: of_images(on_integers(METHODS[MKL]))}
    for count in [*(count for count in COUNTS if count < len(crops)), len(crops)]:
        methods[count] = of_images(trained(train_on(crops[:count], args.work_dir, test=args.photographs / "test")))
    found = {kind: judge(cases.make_cases(pairs, looks), methods)[0] for kind, looks in kinds.items()}
    page.write(PART, table(found))
    draw(found).savefig(image_path(args.docs_dir / "transfer.md", "photographs.png"), dpi=120)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photographs", type=Path, help="a folder that benchmarks.looks.photographs wrote")
    parser.add_argument("--judge", nargs="+", required=True, help="folders of the photographs to judge with")
    parser.add_argument("--count", type=int, default=6, help="photographs from each of them (default: %(default)s)")
    parser.add_argument("--work_dir", type=Path, default=Path("runs/curve"), help="folder of the runs")
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs", help="folder of the page and its images")
    return parser.parse_args()


def crops_by_photograph(folder):
    """Return lists of paths, the crops of each photograph, in an order drawn once."""
    found = {}
    for path in datasets.image_files(folder):
        found.setdefault(Path(path).stem.rpartition("-")[0], []).append(Path(path))
    names = np.random.default_rng(0).permutation(sorted(found))
    return [found[name] for name in names]


def train_on(photographs, work_dir, *, test):
    """Train a network on photographs, and return its run.

    Args:
        photographs: lists of paths, the crops of each photograph.
        work_dir: folder of the runs, and of the links to the crops.
        test: folder of test images, which every data set must have.

    Raises:
        UserError: if there are too few crops for a batch, or the training fails.
    """
    paths = [path.resolve() for crops in photographs for path in crops]
    if len(paths) < BATCH:
        raise UserError(f"{len(paths)} crops are less than a batch of {BATCH}; give a folder of more photographs")
    folder = run_folder(work_dir, f"{len(photographs)} photographs", paths)
    data = folder / "photographs"
    (data / "train").mkdir(parents=True, exist_ok=True)
    links = {data / "train" / path.name: path for path in paths} | {data / "test": test.resolve()}
    for link, path in links.items():
        if not link.is_symlink():
            link.symlink_to(path)
    epochs = max(1, round(STEPS / (len(paths) // BATCH)))
    options = ["--validation", 0, "--epochs", epochs, "--batch_size", BATCH]
    run, _ = train(["--config", "looks", "--dataset", data, *options], folder)
    return run


def table(found):
    """Return the figures, ``{kind: {method: values}}``, as a Markdown table."""
    kinds = [f"{kind}: {column}" for kind in found for column in ("dE00", "PSNR")]
    rows = [
        row(name, *(f"{value:.2f}" for values in found.values() for value in _shown(values[name])))
        for name in found["looks"]
    ]
    return "\n".join([head("photographs", *kinds), *rows])


def draw(found):
    """Plot the color difference to the right answer by the number of photographs."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    panel = figure.subplots()
    for number, (kind, figures) in enumerate(found.items()):
        counts = [name for name in figures if name != MKL]
        differences = [_shown(figures[count])[0] for count in counts]
        panel.plot(counts, differences, "o-", color=f"C{number}", label=f"{kind}, one pass of the network")
        panel.axhline(_shown(figures[MKL])[0], color=f"C{number}", linestyle=":", label=f"{kind}, {MKL}")
    panel.set_xscale("log")
    panel.set_xticks(counts, counts)
    panel.minorticks_off()
    panel.set(xlabel="training photographs", ylabel="color difference to the right answer (CIEDE2000)", ylim=(0, None))
    panel.grid(color="0.9")
    panel.legend(fontsize=8)
    return figure


def _shown(values):
    return [values[COLUMNS.index(column)] for column in ("dE00", "PSNR")]


if __name__ == "__main__":
    with exit_on_user_error():
        main()
