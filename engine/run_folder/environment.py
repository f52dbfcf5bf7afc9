"""The environment of a run: versions, git revision and device."""

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

import tensorflow as tf

from utils import VERSION

ROOT = Path(__file__).parents[2]


def environment():
    """Return a dict of the versions, the git revision and the device.

    The revision is None outside a git repository, and ends in ``-dirty`` if there are uncommitted changes.
    """
    return {
        "huenet": VERSION,
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("tensorflow", "keras", "numpy")},
        "git": _revision(ROOT),
        "device": _device(),
    }


def _revision(root):
    if not (root / ".git").exists():  # installed, perhaps into an environment inside another repository
        return None
    describe = ["git", "-C", root, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        return subprocess.run(describe, capture_output=True, text=True).stdout.strip() or None
    except OSError:  # no git
        return None


def _device():
    """Return the names of the GPUs or, without a GPU, the CPU's architecture and its number of cores."""
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        return ", ".join(tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in gpus)
    return f"CPU {platform.machine()}, {os.cpu_count()} cores"
