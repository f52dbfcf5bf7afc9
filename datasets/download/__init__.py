"""Download data sets: `python -m datasets.download summer2winter_yosemite`. `--help` lists the names."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"archives": ["ARCHIVES"], "command": ["download", "main"]}
)
