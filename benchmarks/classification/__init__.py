"""Histogram matching before a classifier: `python -m benchmarks.classification`."""
