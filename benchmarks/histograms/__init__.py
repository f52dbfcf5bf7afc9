"""The cost of histogram losses without networks: `python -m benchmarks.histograms`.

It imports nothing, since with_torch.py runs in an environment of its own.
"""
