"""The demo: a page in the browser that gives one photograph the colors of another."""

from utils import attach_quietly

__getattr__, __dir__, __all__ = attach_quietly(__name__, {"opening": ["open_demo"]})
