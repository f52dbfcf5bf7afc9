"""The benchmarks that measure all published numbers. Run one by `python -m benchmarks.NAME`; try `--help`."""
