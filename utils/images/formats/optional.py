"""The packages that read more formats, where they are installed: pip install '.[photos]'."""

from importlib.metadata import version
from importlib.util import find_spec

OPTIONAL = {name: version(name) for name in ("pillow_heif", "rawpy") if find_spec(name)}  # their versions

if "pillow_heif" in OPTIONAL:
    import pillow_heif

    pillow_heif.register_heif_opener()
