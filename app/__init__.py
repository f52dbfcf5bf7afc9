"""The page in a browser that gives photographs the colors of others."""

from utils import attach_quietly

__getattr__, __dir__, __all__ = attach_quietly(__name__, {"opening": ["open_demo"]})
