"""The released code's download command: `python datasets/download_pix2pix_datasets.py edges2shoes`.

See `datasets.download`.
"""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

from datasets.download import main  # noqa: E402

main(family="pix2pix")
