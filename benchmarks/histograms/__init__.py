"""The cost of histogram losses without networks: `python -m benchmarks.histograms`.

This file imports nothing, because with_torch.py runs in another environment, which may lack TensorFlow.
"""
