"""The trained runs that come with the project. This module does not import TensorFlow, so options are checked fast.

The file weights/NAME.npz is a checkpoint. It holds the weights of the generator as float16, and the run's settings in
its metadata.
"""

import json
from pathlib import Path

import numpy as np

SHIPPED_FOLDER = Path(__file__).parent / "weights"
SHIPPED = {path.stem: path for path in sorted(SHIPPED_FOLDER.glob("*.npz"))}


def shipped_settings(name: str) -> dict:
    """Return the nested options of a shipped run."""
    with np.load(SHIPPED[name], allow_pickle=False) as file:
        return json.loads(str(file["metadata"]))["settings"]
