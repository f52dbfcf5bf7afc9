"""The command `huenet`. It does the work of train.py, test.py and demo.py from any folder."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={"subcommands": ["demo", "test", "train"]})
