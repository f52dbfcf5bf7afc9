"""Translate images without a run: a grid of color transforms is fitted to each pair of a source and a reference."""

import os
import shutil
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from tqdm import tqdm

import datasets
import models
from engine.inference import check_image_name, save, translation_sheet
from utils import UserError, to_float, to_uint8

COPY_SIDE = 256  # of what is fitted, at most
CELL = (256, 256)  # of a grid of results
FRAMES = 8  # of a folder, at most, that its grid is fitted to


def translate_pairs(*, sources, references, out, strength=1.0, steps=120, seed=0):
    """Fit each source to each reference and save the result: of one pair at the source's size, else a sheet.

    Args:
        sources: paths of images; or of one folder of frames, which all get one fit, so that a video does not flicker.
        references: paths of images.
        out: the result's path; of frames, a new or empty folder.
        strength: from 0, the source itself, to 1.
        steps, seed: of `models.PairFit`.

    Raises:
        UserError: for a file that cannot be read or written, and a fit that is not finite.
    """
    fit = models.PairFit(steps, seed)
    histograms = {}

    def grid_of(images, reference, name):
        if reference not in histograms:
            copy = _small_copy(datasets.load_image(reference, "--reference"))
            histograms[reference] = models.color_histogram(to_float(copy))
        copies = np.stack([to_float(copy) for copy in _equal_copies(images)])
        losses = fit.fit(copies, histograms[reference])
        for loss in tqdm(losses, f"fitting {name} to {Path(reference).name}", steps, unit="step", leave=False):
            if not np.isfinite(loss):
                raise UserError(f"the fit of {name} to {reference} is not finite; give another --seed or fewer --steps")
        return fit.grid

    if len(sources) == 1 and os.path.isdir(sources[0]):
        _translate_frames(sources[0], references, Path(out), grid_of=grid_of, strength=strength)
        return
    check_image_name(out)
    images = {path: datasets.load_image(path, "--source") for path in sources}
    rows = [
        [_apply(grid_of([image], reference, Path(path).name), image, strength) for reference in references]
        for path, image in images.items()
    ]
    heads = [datasets.load_image(reference, "--reference") for reference in references]
    save(out, translation_sheet([*images.values()], heads, rows, cell=CELL))


def _translate_frames(folder, references, out, *, grid_of, strength):
    frames = datasets.image_files(folder)
    if not frames:
        raise UserError(f"--source {folder} has no images; give a folder of frames, or an image")
    if len(references) > 1:
        raise UserError("--reference: a folder of frames takes one; give one")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"--out: {out} exists and is not an empty folder; give a new one")
    chosen = np.linspace(0, len(frames) - 1, min(FRAMES, len(frames))).round().astype(int)
    grid = grid_of([datasets.load_image(frames[k], "--source") for k in chosen], references[0], Path(folder).name)
    partial = out.with_name(f".{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        for path in tqdm(frames, "frames", unit="image", leave=False):
            target = partial / Path(path).relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            save(target, _apply(grid, datasets.load_image(path, "--source"), strength))
        os.replace(partial, out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _apply(grid, image, strength):
    """An image, uint8 ``[H, W, 3]``, by a grid."""
    output = models.apply_grid(grid, to_float(image)[None], strength).numpy()[0]
    return to_uint8(np.clip(output, 0, 1, out=output))


def _small_copy(image):
    """An image of at most COPY_SIDE pixels on its longer side, averaged."""
    if max(image.shape[:2]) <= COPY_SIDE:
        return image
    return np.asarray(ImageOps.contain(Image.fromarray(image), (COPY_SIDE, COPY_SIDE), Image.Resampling.BOX))


def _equal_copies(images):
    """Small copies of images, all of the first one's size."""
    copies = [_small_copy(image) for image in images]
    height, width = copies[0].shape[:2]
    return [np.asarray(Image.fromarray(copy).resize((width, height), Image.Resampling.BOX)) for copy in copies]
