"""The benchmarks behind every published figure. Run them as `python -m benchmarks.NAME`; try `--help`."""
