"""Sliced optimal transport of colors by POT: balanced, and unbalanced if PyTorch is installed."""

import importlib.util

import numpy as np
import ot
from scipy.stats import special_ortho_group

STEPS = 20
ROTATIONS = 3  # random rotations per step; each has three directions
STRIDE = 3  # unbalanced transport takes every third pixel along each axis, because it is slow
KEPT = 0.05  # weight of the divergence from the reference's amounts of its colors, in squared RGB


def sliced_transport(source, reference, weights=None):
    """Move colors down the gradient of the sliced Wasserstein distance to the reference (Bonneel et al. 2015).

    Each step moves every color along some directions, to where 1D optimal transport wants it.

    Args:
        source, reference: RGB float ``[h, w, 3]`` in [0, 1].
        weights: weights of the reference's pixels, which sum to 1, or None for equal weights.
    """
    colors, wanted = source.reshape(-1, 3).copy(), reference.reshape(-1, 3)
    draw = np.random.default_rng(0)
    for _ in range(STEPS):
        directions = np.concatenate(special_ortho_group.rvs(3, ROTATIONS, random_state=draw), axis=1)
        plans, _ = ot.sliced.sliced_plans(colors, wanted, b=weights, projections=directions)
        shifts = [_goal(plan, wanted @ axis) for plan, axis in zip(plans, directions.T, strict=True)]
        colors += (np.stack(shifts, axis=1) - colors @ directions) @ directions.T / ROTATIONS
    return np.clip(colors.reshape(source.shape), 0, 1)


def unbalanced_sliced_transport(source, reference):
    """Learn weights of the reference's pixels, then apply `sliced_transport` (Bonet et al. 2025).

    The weights minimize the sliced distance plus the divergence from equal weights. All of the source is transported.
    """
    import torch  # an optional dependency

    sample = reference[::STRIDE, ::STRIDE]
    colors, wanted = (torch.tensor(image.reshape(-1, 3)) for image in (source[::STRIDE, ::STRIDE], sample))
    _, weights, _ = ot.unbalanced.unbalanced_sliced_ot(colors, wanted, (float("inf"), KEPT), seed=0)
    return sliced_transport(source, sample, np.float64(weights / weights.sum()))


def sliced_methods():
    """Return ``{name: function}``. If PyTorch is not installed, print that the unbalanced method is left out."""
    found = {"sliced transport (POT)": sliced_transport}
    if importlib.util.find_spec("torch"):
        found["sliced transport, unbalanced (POT)"] = unbalanced_sliced_transport
    else:
        print("PyTorch is not installed, so unbalanced transport is left out; see requirements-bench.txt")
    return found


def _goal(plan, values):
    """Return the mean value that a transport plan gives to each pixel of the source."""
    return np.bincount(plan.rows, plan.data * values[plan.cols]) / np.bincount(plan.rows, plan.data)
