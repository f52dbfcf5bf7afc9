"""The command `huenet`: what train.py, test.py and demo.py do, in any folder."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={"subcommands": ["demo", "test", "train"]})
