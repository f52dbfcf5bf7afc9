"""Download data sets: `python -m datasets.download summer2winter_yosemite`. `--help` lists the names."""

from datasets.download.archives import ARCHIVES
from datasets.download.command import download, main

__all__ = ["ARCHIVES", "download", "main"]
