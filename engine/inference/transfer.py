"""Color transfer without a run: a map of colors is fitted to each pair, or read from a file."""

import functools
import os

from tqdm import tqdm

from engine.distributed import user_error_if_out_of_memory
from engine.inference.frames import transfer_frames
from engine.inference.looks import check_look, write_look
from engine.inference.output_files import check_image_name, translation_sheet
from models import ColorMap, PairFitter
from utils import UserError
from utils.colors import is_lut, read_lut
from utils.images import load_image, write_image

CELL = (256, 256)  # of a sheet of outputs


@user_error_if_out_of_memory("give smaller images")
def transfer(*, sources, references, out=None, strength=1.0, lut=None, lut_size=None, **fit):
    """Fit each source to each reference and save the result: of one pair at the source's size, else a sheet.

    Args:
        sources: paths of images; or of one folder of frames, which share one fit, so that a video does not flicker.
        references: paths of images; or of looks (.cube, Hald .png), which are applied as they are.
        out: the result's path; of frames, a new or empty folder; None where only the look is wanted.
        strength: from 0, the source itself, to 2; 1 is the fit.
        lut: the path of the look to write, .cube or Hald .png; None: none.
        lut_size: entries along each axis of a .cube; None: 33.
        fit: ``steps``, ``seed``, ``local`` and ``proportions`` of `models.PairFitter`; those that are missing have its
            defaults.

    Raises:
        UserError: for a file that cannot be read or written, options that do not go together, and a fit that is not
            finite.
    """
    if lut:
        check_look(lut, size=lut_size, pairs=len(sources) * len(references), local=fit.get("local"))
    wanted = [_load_reference(path) for path in references]
    if fit and all(isinstance(reference, ColorMap) for reference in wanted):
        raise UserError(f"--{next(iter(fit))}: a look from a file is not fitted; leave it out")
    proportions = {name: fit.pop(name) for name in {"proportions"} & fit.keys()}
    find_map = functools.partial(_find_map, PairFitter(**fit), **proportions)
    if len(sources) == 1 and os.path.isdir(sources[0]):
        if len(wanted) > 1:
            raise UserError("--reference: a folder of frames takes one; give one")
        color_map = transfer_frames(sources[0], lambda images: find_map(images, wanted[0]), out=out, strength=strength)
    else:
        color_map = _transfer_images(sources, wanted, find_map, out=out, strength=strength)
    if lut:
        write_look(lut, color_map, size=lut_size, strength=strength)
    for path in filter(None, (out, lut)):
        print(f"the result: {os.path.abspath(path)}")


def _transfer_images(sources, wanted, find_map, *, out, strength):
    """Write the output, or a sheet of all outputs. Returns the last map."""
    if out:
        check_image_name(out)
    images = [load_image(path, "--source") for path in sources]
    maps = [[find_map([image], reference) for reference in wanted] for image in images]
    if out:
        outputs = [[each.translate(image, strength) for each in row] for image, row in zip(images, maps, strict=True)]
        shown = [None if isinstance(reference, ColorMap) else reference for reference in wanted]
        write_image(out, translation_sheet(images, shown, outputs, cell=CELL))
    return maps[-1][-1]


def _find_map(fitter, images, reference, **proportions):
    """The map of colors of images and a reference: fitted, or the look itself."""
    if isinstance(reference, ColorMap):
        return reference
    with tqdm(desc="fitting", total=fitter.steps, unit="step", leave=False) as bar:
        return fitter.fit(images, reference, **proportions, on_step=lambda *_: bar.update())


def _load_reference(path):
    """A reference image, or the look in a file."""
    return ColorMap(read_lut(path)) if is_lut(path) else load_image(path, "--reference")
