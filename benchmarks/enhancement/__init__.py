"""The study of loss functions for image enhancement. Run it with `python -m benchmarks.enhancement`."""
