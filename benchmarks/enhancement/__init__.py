"""The study of loss functions for enhancement: `python -m benchmarks.enhancement`."""
