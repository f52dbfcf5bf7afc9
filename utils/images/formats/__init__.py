"""The formats of image files: those that are read, the names of others, and the raw data of cameras."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "names": ["ACCEPTED", "FORMATS", "MAX_MEGAPIXELS", "OTHER_SUFFIXES", "SUFFIXES", "UNREADABLE", "name_format"],
        "optional": ["OPTIONAL"],
        "raw": ["RAW_STARTS", "is_raw", "read_raw"],
    },
)
