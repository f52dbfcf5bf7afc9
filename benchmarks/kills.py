"""Kills a training again and again, and sees whether it ends with the very weights of one that was never stopped.

    python benchmarks/kills.py                # 200 kills; an hour on two CPU cores

Trains small pictures with every option that has a state, saving after each step; kills the process (SIGKILL) at random
moments, any time from its start on or once it has begun to train, or asks it to leave (SIGTERM, SIGINT); resumes it
until the run is at its end; compares all arrays of its last checkpoint and its log, to the bit, with those of the run
that was left alone; and begins again.
"""

import argparse
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from skimage.io import imsave

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from utils.aside import leftovers  # noqa: E402
from utils.checkpoints import newest_checkpoint  # noqa: E402

OPTIONS = ["--task", "colorization", "--dataset", "small", "--img_h", "32", "--img_w", "32", "--bin_num", "16"]
OPTIONS += ["--batch_size", "2", "--average", "0.9", "--image_pool", "3", "--clip_norm", "1", "--decay_from_epoch", "2"]
OPTIONS += ["--epochs", "3"]
OFTEN = ["--checkpoint_minutes", "0.001"]  # after each step


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    parser.add_argument("--work_dir", type=Path, default=Path("runs/kills"))
    given = parser.parse_args()
    chance = random.Random(given.seed)
    shutil.rmtree(given.work_dir, ignore_errors=True)
    make_pictures(given.work_dir / "small")
    alone = train(given.work_dir, "alone")
    if alone.wait():
        sys.exit(f"the run that was left alone failed with status {alone.returncode}")
    expected = state_of(given.work_dir / "alone")

    counts = dict.fromkeys(["runs", "SIGKILL", "SIGTERM", "SIGINT", "before a step", "while saving"], 0)
    while counts["SIGKILL"] < given.kills:
        train_with_kills(given.work_dir, chance, counts)
        counts["runs"] += 1
        differences = differing(expected, state_of(given.work_dir / "killed"))
        print(counts, "the same" if not differences else f"DIFFERENT: {differences}", flush=True)
        if differences:
            sys.exit(1)
        shutil.rmtree(given.work_dir / "killed")


def make_pictures(folder):
    """Nine photographs of noise on slopes: eight to train on, one held out."""
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True)
    for number in range(9):
        slope = np.linspace(0, 200, 32)[:, None, None] * rng.uniform(0, 1, 3)
        picture = np.clip(slope + rng.normal(0, 10, [32, 32, 3]), 0, 255).astype(np.uint8)
        imsave(folder / f"{number}.png", picture, check_contrast=False)


def train(work_dir, name):
    """Start a training, or go on with it where its folder is there; returns the process."""
    folder = work_dir / name / "colorization-small"
    begun = (folder / "settings.yml").exists()
    arguments = (
        ["--resume", folder] if begun else [*OPTIONS, *OFTEN, "--dataroot", work_dir, "--output_dir", work_dir / name]
    )
    with open(work_dir / f"{name}.log", "a") as log:
        return subprocess.Popen([sys.executable, ROOT / "train.py", *arguments], stdout=log, stderr=log)


def train_with_kills(work_dir, chance, counts):
    """A run from its start to its end, killed at random moments."""
    folder = work_dir / "killed" / "colorization-small" / "checkpoints"
    while True:
        before, process = steps_in(folder), train(work_dir, "killed")
        if chance.random() < 0.8:
            while process.poll() is None and steps_in(folder) == before:
                time.sleep(0.01)
            moment = chance.uniform(0, 6)
        else:
            moment = chance.uniform(0, 15)
        try:
            if process.wait(moment):
                sys.exit(f"status {process.returncode}: see {work_dir / 'killed.log'}")
            return
        except subprocess.TimeoutExpired:
            number = chance.choices([signal.SIGKILL, signal.SIGTERM, signal.SIGINT], [8, 1, 1])[0]
            process.send_signal(number)
            if process.wait() not in (-number, 128 + number, 0):
                sys.exit(f"status {process.returncode}: see {work_dir / 'killed.log'}")
        counts[number.name] += 1
        counts["before a step"] += steps_in(folder) == before
        counts["while saving"] += any(leftovers(folder))


def steps_in(folder):
    """The names of the checkpoints, the last steps'."""
    return sorted(path.name for path in folder.glob("step-*.npz"))


def state_of(folder):
    """All that a run has come to: the arrays of its last checkpoint, and its log."""
    folder = folder / "colorization-small"
    with np.load(newest_checkpoint(folder)) as arrays:
        state = {name: arrays[name] for name in arrays.files if name != "about"}
    return state | {"log": np.array((folder / "logs" / "metrics.jsonl").read_text())}


def differing(expected, state):
    """The names of what is not the same to the bit."""
    names = sorted(expected.keys() | state.keys())
    bits = [{name: (array.dtype, array.shape, array.tobytes()) for name, array in s.items()} for s in (expected, state)]
    return [name for name in names if bits[0].get(name) != bits[1].get(name)]


if __name__ == "__main__":
    main()
