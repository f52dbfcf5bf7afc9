"""The benchmark of histogram matching before a classifier. Run it by `python -m benchmarks.classification`."""
