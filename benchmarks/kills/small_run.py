"""A run on small images with every option that has a state, and the comparison of such runs."""

import numpy as np
from skimage.io import imsave

from engine import newest_checkpoint

OPTIONS = ["--task", "colorization", "--dataset", "small", "--img_h", "32", "--img_w", "32", "--bin_num", "16"]
OPTIONS += ["--batch_size", "2", "--filters", "4", "--epochs", "3"]
OPTIONS += ["--ema_decay", "0.9", "--image_pool", "3", "--clip_norm", "1", "--decay_from_epoch", "2"]
OPTIONS += ["--log_every", "3", "--sample_every", "2"]
EVERY_STEP = ["--checkpoint_minutes", "0.001"]


def make_images(folder):
    """Write ten images of noisy gradients: eight for training, one for validation, one for testing."""
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True)
    for number in range(10):
        slope = np.linspace(0, 200, 32)[:, None, None] * rng.uniform(0, 1, 3)
        image = np.clip(slope + rng.normal(0, 10, [32, 32, 3]), 0, 255).astype(np.uint8)
        imsave(folder / f"{number}.png", image, check_contrast=False)


def state_of(run):
    """Return the result of a run: the arrays of its last checkpoint, and the texts of its two logs."""
    with np.load(newest_checkpoint(run)) as arrays:
        state = {name: arrays[name] for name in arrays.files if name != "metadata"}
    return state | {log: np.array((run / "logs" / log).read_text()) for log in ("metrics.jsonl", "steps.jsonl")}


def differing(expected, state):
    """Return the names of the arrays that are not equal bit by bit, or that only one state has."""
    names = sorted(expected.keys() | state.keys())
    bits = [{name: (array.dtype, array.shape, array.tobytes()) for name, array in s.items()} for s in (expected, state)]
    return [name for name in names if bits[0].get(name) != bits[1].get(name)]
