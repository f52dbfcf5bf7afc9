"""What test.py measures: registered functions of one `Example`, a file a family."""

from metrics import colour, structure  # noqa: F401  (importing a family registers its metrics)
from metrics.registry import Example, measure, summarize

__all__ = ["Example", "measure", "summarize"]
