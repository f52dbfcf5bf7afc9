"""The study of loss functions for image enhancement. Run it by `python -m benchmarks.enhancement`."""
