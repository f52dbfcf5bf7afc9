"""Judge color transfer where the right answer is known, by giving looks to photographs.

    python -m benchmarks.looks PHOTOGRAPHS... --count 6      # docs/transfer.md; half a minute per photograph and kind
    python -m benchmarks.looks PHOTOGRAPHS... --count 6 --protocol like

A look L is a map of colors. A method gets an image A and the image L(B), another image B with the look. It should
return L(A). By default, A and B are the two halves of a photograph. The looks are drawn at random; the filters of
pilgram (requirements-bench.txt) that map colors, and the looks of .cube files, are judged as well.
"""

import argparse
import time
from pathlib import Path

import numpy as np

import datasets
from benchmarks.commands import ROOT
from benchmarks.looks import cases
from benchmarks.looks.looks import cubes, filters, random_looks
from benchmarks.looks.measures import measure
from benchmarks.looks.oracle import oracle
from benchmarks.looks.report import write_images, write_part
from benchmarks.looks.sliced import sliced_methods
from benchmarks.pages import Page
from benchmarks.pairs import METHODS, fit, on_integers, trained

PROTOCOLS = {"halves": cases.halves, "like": cases.like_photographs}
FITS = {
    "our fit": {},
    "our fit, proportions 0": {"proportions": 0.0},
    "our fit, proportions 0.8": {"proportions": 0.8},
    "our fit, proportions 1": {"proportions": 1.0},
    "our fit, local": {"local": True},
}


def main():
    args = parse()
    paths = [path for folder in args.photographs for path in _chosen(folder, args.count)]
    photographs = {str(path): cases.load_photograph(path, args.size) for path in paths}
    pairs = PROTOCOLS[args.protocol](photographs)
    kinds = {"looks": random_looks(20), "filters": filters(), "cubes": cubes(args.cubes)}
    ending = "" if args.protocol == "halves" else f"-{args.protocol}"
    kinds = {kind + ending: looks for kind, looks in kinds.items() if looks}
    path = args.docs_dir / "transfer.md"
    page = Page(path, [*kinds], "python -m benchmarks.looks")
    for kind, looks in kinds.items():
        chosen = cases.make_cases(pairs, looks)
        figures, outputs = judge(chosen, methods(args.run, args.only))
        setting = f"{len(pairs)} photographs, {args.size} px, {args.protocol}, {min(len(looks), len(pairs))} looks."
        write_part(page, kind, figures=figures, setting=setting)
        write_images(path, kind, chosen=chosen, outputs=outputs, figures=figures)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photographs", nargs="+", help="folders of photographs")
    parser.add_argument("--count", type=int, default=12, help="photographs from each folder (default: %(default)s)")
    parser.add_argument("--size", type=int, default=192, help="crop and scale photographs to SIZE x SIZE pixels")
    parser.add_argument(
        "--protocol",
        choices=PROTOCOLS,
        default="halves",
        help="A and B: the halves of each photograph, or (like) each photograph and the next",
    )
    parser.add_argument("--cubes", nargs="*", default=[], help=".cube files of looks to judge as well")
    parser.add_argument("--run", nargs="*", default=[], help="folders of trained runs to judge as well")
    parser.add_argument("--only", nargs="*", default=[], help="names of the methods to judge (default: all)")
    parser.add_argument("--docs_dir", type=Path, default=ROOT / "docs", help="folder of the page and its images")
    return parser.parse_args()


def methods(runs, only):
    """Return the methods named in ``only``, or all if it is empty: ``{name: function of a case}``."""
    found = {name: _of_images(on_integers(method)) for name, method in (METHODS | sliced_methods()).items()}
    found |= {name: _of_images(fit(**options)) for name, options in FITS.items()}
    found |= {f"{Path(run).name}, one pass": _of_images(trained(run)) for run in runs} | {"oracle": oracle}
    return {name: method for name, method in found.items() if not only or name in only}


def judge(chosen, methods):
    """Run every method on every case.

    Returns:
        ``{name: figures}``, the means of COLUMNS and the seconds of the fastest case; and ``{name: [output, ...]}``.
    """
    figures, outputs = {}, {}
    for name, method in methods.items():
        method(chosen[0])  # not timed: TensorFlow traces its functions in the first call
        outputs[name], seconds = zip(*(_timed(method, case) for case in chosen), strict=True)
        values = [measure(case, output) for case, output in zip(chosen, outputs[name], strict=True)]
        figures[name] = [*np.mean(values, axis=0), min(seconds)]
        print(f"{name:40}", *(f"{value:8.3f}" for value in figures[name]), flush=True)
    return figures, outputs


def _timed(method, case):
    start = time.perf_counter()
    return method(case), time.perf_counter() - start


def _of_images(method):
    return lambda case: method(case.source, case.reference)


def _chosen(folder, count):
    """Return the paths of ``count`` images, evenly spread over a folder, or of all if it has fewer."""
    paths = datasets.image_files(folder)
    return [paths[number] for number in np.linspace(0, len(paths) - 1, min(count, len(paths))).astype(int)]


if __name__ == "__main__":
    main()
