"""Find the cuts of a film, by how the colors of its frames change.

What matters is a wrong cut, at which colors would jump within a shot. A cut between two shots of the same colors may
well be missed, because one map serves both. So only large changes count, and motion does not.
"""

from typing import NamedTuple

import numpy as np

LEVELS = (np.arange(32) + 0.5) / 32  # quantiles that stand for the histogram of a channel
STEP = 0.05  # least change of colors at a cut, where 1 is from black to white
RESTLESS = 4  # how many times as large as the changes around it
SHORTEST = 8  # frames of a shot
BLEND = 6  # frames in which the map changes at a soft cut
BLANK = 4  # standard deviation of a frame without an image, such as a black one, of 255
ALIKE = 0.8  # least correlation of two frames that are one scene in another light
MIXED = 0.4  # largest distance of the middle frame from the mean of both ends, if one end dissolves into the other


class Cut(NamedTuple):
    """A cut: the number of the first frame of the new shot, and whether one shot becomes the other gradually."""

    frame: int
    soft: bool


def find_cuts(frames, reach):
    """Find the cuts in small frames of a film: hard ones, dissolves and fades, but no flashes.

    The distance of two frames is that of their histograms, the Wasserstein distance of order 1 (the mean of R, G, B).

    Args:
        frames: all frames of the film, RGB uint8 ``[N, h, w, 3]``.
        reach: number of frames in half a second: in this distance from its middle, a dissolve is over.

    Returns:
        A list of `Cut`, sorted. No shot between two of them is shorter than SHORTEST.
    """
    seen = np.flatnonzero(frames.std((1, 2)).max(-1) > BLANK)
    shades = _quantiles(frames)
    abrupt = _abrupt_cuts(frames, shades, seen, reach=reach)
    soft = _dissolves(frames, shades, {cut.frame for cut in abrupt}, reach=reach)
    cuts = []
    for cut in sorted(abrupt + soft):
        if cut.frame - (cuts[-1].frame if cuts else 0) >= SHORTEST <= len(frames) - cut.frame:
            cuts.append(cut)
    return cuts


def _abrupt_cuts(frames, shades, seen, *, reach):
    """Find hard cuts and fades: changes between one frame that is not blank and the next."""
    steps = _distance(shades[seen[:-1]], shades[seen[1:]])
    cuts = []
    for place in range(1, len(seen)):
        before, after = seen[place - 1], seen[place]
        if after - before > 1:
            if _correlation(frames[before], frames[after]) < ALIKE:
                cuts.append(Cut(int(before + after + 1) // 2, after - before > BLEND))
            continue
        around = steps[max(0, place - reach) : place + reach]
        if steps[place - 1] > max(STEP, RESTLESS * np.median(around)):
            sides = shades[seen[max(0, place - 2) : place], None], shades[None, seen[place : place + 2]]
            if _distance(*sides).min() > STEP:  # a flash differs from the frames of one side only
                cuts.append(Cut(int(after), False))
    return cuts


def _dissolves(frames, shades, abrupt, *, reach):
    """Find the middles of dissolves: frames that are the mean of the frames half a second before and after.

    Where things move fast, they are not, and no dissolve is found: better than to take motion for one.
    """
    changes = _distance(shades[: -2 * reach], shades[2 * reach :])
    ratios = np.full(len(frames), np.inf)
    for number in np.flatnonzero(changes > STEP) + reach:
        if abrupt.isdisjoint(range(number - reach + 1, number + reach + 1)):
            ratios[number] = _unlikeness_to_mean(*np.float32(frames[[number - reach, number, number + reach]]))
    near = [ratios[max(0, n - reach) : n + reach + 1].min() for n in range(len(ratios))]
    return [Cut(int(n), True) for n in np.flatnonzero((ratios < MIXED) & (ratios == near))]


def _unlikeness_to_mean(before, frame, after):
    """Return a frame's distance to the mean of two others, where 1 is that of these; infinite if they are alike."""
    if min(before.std((0, 1)).max(), after.std((0, 1)).max()) <= BLANK or _correlation(before, after) >= ALIKE:
        return np.inf
    return np.abs(2 * frame - before - after).mean() / np.abs(after - before).mean()


def _correlation(first, second):
    return np.corrcoef(first.ravel(), second.ravel())[0, 1]


def _quantiles(frames):
    """Return quantiles of each channel, ``[N, len(LEVELS), 3]`` in [0, 1]: the inverse of its cumulative histogram."""
    count = frames.shape[1] * frames.shape[2]
    chosen = (LEVELS * count).astype(int)
    return np.stack([np.sort(frame.reshape(count, 3), axis=0)[chosen] for frame in frames]) / np.float32(255)


def _distance(first, second):
    return np.abs(first - second).mean((-2, -1))
