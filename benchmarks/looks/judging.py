"""The methods of color transfer, and how far their outputs are from the right answers."""

import time
from pathlib import Path

import numpy as np

from benchmarks.looks.measures import measure
from benchmarks.looks.oracle import oracle
from benchmarks.looks.sliced import sliced_methods
from benchmarks.pairs import METHODS, fit, on_integers, trained

FITS = {
    "our fit": {},
    "our fit, proportions 0": {"proportions": 0.0},
    "our fit, proportions 0.8": {"proportions": 0.8},
    "our fit, proportions 1": {"proportions": 1.0},
    "our fit, local": {"local": True},
}


def methods(runs, only):
    """Return the methods named in ``only``, or all if it is empty: ``{name: function of a case}``."""
    found = {name: of_images(on_integers(method)) for name, method in (METHODS | sliced_methods()).items()}
    found |= {name: of_images(fit(**options)) for name, options in FITS.items()}
    found |= {f"{Path(run).name}, one pass": of_images(trained(run)) for run in runs} | {"oracle": oracle}
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
        print(f"{name!s:40}", *(f"{value:8.3f}" for value in figures[name]), flush=True)
    return figures, outputs


def _timed(method, case):
    start = time.perf_counter()
    return method(case), time.perf_counter() - start


def of_images(method):
    """Make a method of a source and a reference a method of a `Case`."""
    return lambda case: method(case.source, case.reference)
