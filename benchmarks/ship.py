"""Write the weights of a run as a run that comes with the project, models/weights/NAME.npz.

    python -m benchmarks.ship RUN looks --photographs "which ones, and their licenses"

The weights are stored as float16. The run's settings, which name the data set `sample` then, are in the metadata.
"""

import argparse

import numpy as np

import config
from engine import load_checkpoint, newest_checkpoint, write_checkpoint
from models import SHIPPED_FOLDER

# Options instead of those that name folders of the machine where the run was trained.
ELSEWHERE = ("data.dataset=sample", "data.dataroot=data", "run.output_dir=runs", "run.output_pre_dir=none")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", metavar="RUN")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--photographs", required=True, help="the photographs that it was trained on")
    parsed = parser.parse_args()
    options = config.load_run(parsed.run, ELSEWHERE)
    arrays, metadata = load_checkpoint(newest_checkpoint(parsed.run))
    half = {"generator": [np.float16(array) for array in arrays["generator"]]}
    kept = {"step": metadata["step"], "photographs": parsed.photographs, "settings": options.model_dump()}
    write_checkpoint(SHIPPED_FOLDER / f"{parsed.name}.npz", half, kept)
    print(f"the result: {SHIPPED_FOLDER / parsed.name}.npz")


if __name__ == "__main__":
    main()
