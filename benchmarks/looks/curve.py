"""Train `--config looks` on more and more photographs, and judge each network as `benchmarks.looks` does.

    python -m benchmarks.looks.photographs unpacked photographs
    python -m benchmarks.looks.curve photographs --judge FOLDERS...      # an hour on two cores; resumes if stopped

The photographs for fewer are among those for more. Every training takes about STEPS steps.
"""

import argparse
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import datasets
from benchmarks.commands import ROOT, train
from benchmarks.looks import cases
from benchmarks.looks.judging import judge, methods
from benchmarks.looks.looks import filters, random_looks
from benchmarks.looks.measures import COLUMNS
from benchmarks.pages import Page, head, image_path, row

PART = "photographs"
COUNTS = (8, 32, 128)  # and all
STEPS, BATCH = 1024, 32
MKL = "Monge-Kantorovich (mkl)"


def main():
    args = parse()
    crops = crops_by_photograph(args.photographs / "train")
    page = Page(args.docs_dir / "transfer.md", [PART], "python -m benchmarks.looks.curve")
    counts = [count for count in COUNTS if count < len(crops)] + [len(crops)]
    runs = {
        count: train_on(crops[:count], args.work_dir / str(count), test=args.photographs / "test") for count in counts
    }
    pairs = cases.halves(cases.load_photographs(args.judge, count=args.count, size=192))
    found = {}
    for kind, looks in {"looks": random_looks(20), "filters": filters()}.items():
        chosen = methods([], [MKL])
        chosen |= {count: method for count, run in runs.items() for method in methods([run], [_name(run)]).values()}
        found[kind], _ = judge(cases.make_cases(pairs, looks), chosen)
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


def train_on(photographs, folder, *, test):
    """Train a network on photographs, and return its run.

    Args:
        photographs: lists of paths, the crops of each photograph.
        folder: folder of the run and of the links to the crops.
        test: folder of test images, which every data set must have.
    """
    data = folder / "photographs"
    (data / "train").mkdir(parents=True, exist_ok=True)
    paths = [path for crops in photographs for path in crops]
    links = {data / "train" / path.name: path for path in paths} | {data / "test": test}
    for link, path in links.items():
        if not link.exists():
            link.symlink_to(path.resolve())
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


def _name(run):
    return f"{Path(run).name}, one pass"


if __name__ == "__main__":
    main()
