"""The benchmark of histogram matching before a classifier. Run it with `python -m benchmarks.classification`."""
