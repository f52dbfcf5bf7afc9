"""Translate images without a run: a grid of color transforms is fitted to each pair of a source and a reference."""

import os
from pathlib import Path

import numpy as np
from tqdm import tqdm

import datasets
import models
from engine.devices import user_error_if_out_of_memory
from engine.results import check_image_name, save, translation_sheet
from utils import UserError, atomic_folder, check_folder, to_float

COPY_SIDE = 256  # of what is fitted, at most
CELL = (256, 256)  # of a sheet of outputs
FRAMES = 8  # of a folder, at most, that one grid is fitted to


@user_error_if_out_of_memory("give smaller images")
def translate_pairs(*, sources, references, out, strength, steps, seed):
    """Fit each source to each reference and save the result: of one pair at the source's size, else a sheet.

    Args:
        sources: paths of images; or of one folder of frames, which all get one fit, so that a video does not flicker.
        references: paths of images.
        out: the result's path; of frames, a new or empty folder.
        strength: from 0, the source itself, to 1.
        steps, seed: of `models.PairFit`; steps may be None.

    Raises:
        UserError: for a file that cannot be read or written, and a fit that is not finite.
    """
    fit = models.PairFit(steps, seed)
    if len(sources) == 1 and os.path.isdir(sources[0]):
        _translate_frames(fit, sources[0], references=references, out=out, strength=strength)
        return
    check_image_name(out)
    images = [datasets.load_image(path, "--source") for path in sources]
    wanted = [datasets.load_image(path, "--reference") for path in references]
    outputs = [
        [
            models.translate_by_grid(_fit(fit, [image], reference, label=_label(path, other)), image, strength)
            for other, reference in zip(references, wanted, strict=True)
        ]
        for path, image in zip(sources, images, strict=True)
    ]
    save(out, translation_sheet(images, wanted, outputs, cell=CELL))


def _translate_frames(fit, folder, *, references, out, strength):
    frames = datasets.image_files(folder)
    if not frames:
        raise UserError(f"--source {folder} has no images; give a folder of frames, or an image")
    if len(references) > 1:
        raise UserError("--reference: a folder of frames takes one; give one")
    check_folder(out, "--out")
    chosen = np.linspace(0, len(frames) - 1, min(FRAMES, len(frames))).round().astype(int)
    images = [datasets.load_image(frames[number], "--source") for number in chosen]
    reference = datasets.load_image(references[0], "--reference")
    grid = _fit(fit, images, reference, label=_label(folder, references[0]))
    with atomic_folder(out, "--out") as partial:
        for path in tqdm(frames, "frames", unit="image", leave=False):
            target = partial / Path(path).relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            save(target, models.translate_by_grid(grid, datasets.load_image(path, "--source"), strength))


def _fit(fit, images, reference, *, label):
    """The grid of images and a reference ``[h, w, 3]``. It is fitted to copies of the first image's shape."""
    size = datasets.shrunk_size(images[0].shape[:2], COPY_SIDE)
    copies = np.stack([to_float(datasets.resize(image, size, "area")) for image in images])
    losses = fit.fit(copies, models.color_histogram(to_float(datasets.shrink(reference, COPY_SIDE))))
    for loss in tqdm(losses, f"fitting {label}", fit.steps, unit="step", leave=False):
        if not np.isfinite(loss):
            raise UserError(f"the fit of {label} is not finite; give another --seed or fewer --steps")
    return fit.grid


def _label(source, reference):
    return f"{Path(source).name} to {Path(reference).name}"
