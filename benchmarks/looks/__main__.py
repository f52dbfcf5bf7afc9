"""Judge color transfer where the right answer is known, by giving looks to photographs.

    python -m benchmarks.looks PHOTOGRAPHS... --count 6      # docs/transfer.md; half a minute per photograph and kind
    python -m benchmarks.looks PHOTOGRAPHS... --count 6 --protocol like

A look L is a map of colors. A method gets an image A and the image L(B), another image B with the look. It should
return L(A). By default, A and B are the two halves of a photograph. The looks are drawn at random; the filters of
pilgram (requirements-bench.txt) that map colors, and the looks of .cube files, are judged as well.
"""

import argparse
from pathlib import Path

from benchmarks.commands import ROOT
from benchmarks.looks import cases
from benchmarks.looks.judging import judge, methods
from benchmarks.looks.looks import cubes, filters, random_looks
from benchmarks.looks.report import write_images, write_part
from benchmarks.pages import Page

PROTOCOLS = {"halves": cases.halves, "like": cases.like_photographs}


def main():
    args = parse()
    pairs = PROTOCOLS[args.protocol](cases.load_photographs(args.photographs, count=args.count, size=args.size))
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


if __name__ == "__main__":
    main()
