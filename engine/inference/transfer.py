"""Color transfer without a trained run: fit a color map to each pair of images, or read it from a file."""

import functools
import os

from tqdm import tqdm

import datasets
from engine.distributed import user_error_if_out_of_memory
from engine.inference.each import check_each, own_reference, transfer_each
from engine.inference.frames import refuse_folders, transfer_frames
from engine.inference.looks import check_look, write_look
from engine.inference.output_files import check_image_file, check_sheet_size, translation_sheet
from engine.inference.quick import QuickFitter
from models import ColorMap, PairFitter
from utils import UserError, check_folder
from utils.colors import is_lut, read_lut
from utils.images import MAX_MEGAPIXELS, load_image, write_image

CELL = (256, 256)  # the size of each cell in a sheet of outputs


@user_error_if_out_of_memory("give smaller images")
def transfer(
    *,
    sources,
    references,
    out=None,
    strength=1.0,
    lut=None,
    lut_size=None,
    overwrite=False,
    quick=False,
    each=False,
    resume=False,
    max_megapixels=MAX_MEGAPIXELS,
    **fit,
):
    """Fit each source to each reference and save the result.

    The result of a single pair has the size of the source. The results of several pairs are saved as one sheet.

    Args:
        sources: paths of images, or the path of one folder of frames. All frames share one fit, so that a video does
            not flicker.
        references: paths of images, or of looks (.cube, Hald .png), which are applied without fitting. With ``each``,
            also one folder with an image for each source, of the same name.
        out: the path of the result. For a folder, it is a new or empty folder. None if only the look is wanted.
        strength: a number from 0 to 2. At 0 the source stays unchanged, at 1 the fit applies in full, and 2
            doubles its effect.
        lut: the path of the look to write, .cube or Hald .png, or None to write none.
        lut_size: the number of entries along each axis of a .cube file, or None for 33.
        overwrite: whether ``out`` and ``lut`` may replace files that are read.
        max_megapixels: the largest image that is read, in millions of pixels.
        quick: whether to predict the map by the network that comes with the project, instead of a fit.
        each: whether the images of a folder are no frames: each of them has its own fit.
        resume: with ``each``, whether to keep the outputs that exist.
        fit: the options ``steps``, ``seed``, ``local`` and ``proportions`` of `models.PairFitter`. Missing options
            have their defaults.

    Raises:
        UserError: if a file cannot be read or written, the options contradict each other, or the fit is not finite.
        SystemExit: with status 1, if some images of a folder could not be read and all others are written.
    """
    folder = sources[0] if len(sources) == 1 and os.path.isdir(sources[0]) else None
    files = datasets.image_files(folder) if folder else sources
    read = {"inputs": [*files, *references], "overwrite": overwrite}
    if lut:
        check_look(lut, size=lut_size, pairs=len(sources) * len(references), local=fit.get("local"), **read)
    if each:
        check_each(sources, references, out=out, resume=resume)
    else:
        _check_out(out, lut, folder=folder, read=read)
    load = functools.partial(load_image, max_megapixels=max_megapixels)
    own = references[0] if each and os.path.isdir(references[0]) else None
    wanted = [] if own else [_load_reference(path, load) for path in references]
    if fit and wanted and all(isinstance(reference, ColorMap) for reference in wanted):
        raise UserError(f"--{next(iter(fit))}: a look from a file is not fitted; leave it out")
    if fit and quick:
        raise UserError(f"--{next(iter(fit))}: not taken by --quick, which does not fit; leave it out")
    proportions = {name: fit.pop(name) for name in {"proportions"} & fit.keys()}
    how = {"strength": strength, "load": load}
    find_map = functools.partial(_find_map, QuickFitter() if quick else PairFitter(**fit), **proportions)
    complete = True
    if each:

        def transfer_one(name, target):
            pair = wanted or [_load_reference(own_reference(own, name), load)]
            _transfer_images([os.path.join(folder, name)], pair, find_map, out=target, **how)

        complete = transfer_each(folder, transfer_one, out=out, resume=resume)
    elif folder:
        if len(wanted) > 1:
            raise UserError("--reference: a folder of frames takes a single reference; give only one")
        find_one = functools.partial(find_map, reference=wanted[0])
        color_map, complete = transfer_frames(folder, find_one, out=out, **how)
    else:
        refuse_folders(sources, "a folder of frames is taken alone; give only it, or only images")
        color_map = _transfer_images(sources, wanted, find_map, out=out, **how)
    if lut:
        write_look(lut, color_map, size=lut_size, strength=strength)
    for path in filter(None, (out, lut)):
        print(f"the result: {os.path.abspath(path)}")
    if not complete:
        raise SystemExit(1)


def _check_out(out, lut, *, folder, read):
    """Raise a UserError if the result cannot be written. This is checked before any slow work."""
    if out and folder:
        check_folder(out, "--out")
    elif out:
        check_image_file(out, **read)
    if out and lut and os.path.realpath(out) == os.path.realpath(lut):
        raise UserError(f"--lut: got {lut}, the path of --out; give another path")


def _transfer_images(sources, wanted, find_map, *, out, strength, load):
    """Write the output, or a sheet of all outputs. Return the color map of the last pair."""
    images = [load(path, "--source") for path in sources]
    shown = [None if isinstance(reference, ColorMap) else reference for reference in wanted]
    if out:
        check_sheet_size(out, images, shown, cell=CELL)
    maps = [[find_map([image], reference) for reference in wanted] for image in images]
    if out:
        outputs = [[each.translate(image, strength) for each in row] for image, row in zip(images, maps, strict=True)]
        write_image(out, translation_sheet(images, shown, outputs, cell=CELL))
    return maps[-1][-1]


def _find_map(fitter, images, reference, **proportions):
    """Return the color map from the images to a reference. If the reference is a look, return the look."""
    if isinstance(reference, ColorMap):
        return reference
    with tqdm(desc="fitting", total=fitter.steps, unit="step", leave=False) as bar:
        return fitter.fit(images, reference, **proportions, on_step=lambda *_: bar.update())


def _load_reference(path, load):
    """Load a reference image, or a look as a `ColorMap`."""
    return ColorMap(read_lut(path)) if is_lut(path) else load(path, "--reference")
