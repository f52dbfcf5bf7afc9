"""What test.py measures: registered functions of one `Example`, or of all pictures; a file a family."""

from metrics import colour, distribution, likeness, structure  # noqa: F401  (importing a family registers its metrics)
from metrics.colour import mean_emd
from metrics.example import Example, examples_of, mean_histograms
from metrics.registry import measure, measure_set, summarize

__all__ = ["Example", "examples_of", "mean_emd", "mean_histograms", "measure", "measure_set", "summarize"]
