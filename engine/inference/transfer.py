"""Color transfer without a trained run: fit a color map to each pair of images, or read it from a file."""

import functools
import os

from tqdm import tqdm

import datasets
from engine.distributed import user_error_if_out_of_memory
from engine.inference.frames import refuse_folders, transfer_frames
from engine.inference.looks import check_look, write_look
from engine.inference.output_files import check_image_file, check_sheet_size, translation_sheet
from engine.inference.photographs import LOADING, photograph_loader
from engine.inference.quick import QuickFitter
from models import ColorMap, PairFitter
from utils import UserError, check_folder
from utils.colors import is_lut, read_lut
from utils.images import write_photograph

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
    **options,
):
    """Fit each source to each reference and save the result.

    The result of a single pair has the size of the source. The results of several pairs are saved as one sheet.

    Args:
        sources: paths of images, or the path of one folder of frames. All frames share one fit, so that a video does
            not flicker.
        references: paths of images, or of looks (.cube, Hald .png), which are applied without fitting.
        out: the path of the result. For frames, it is a new or empty folder. None if only the look is wanted.
        strength: a number from 0 to 2. At 0 the source stays unchanged, at 1 the fit applies in full, and 2
            doubles its effect.
        lut: the path of the look to write, .cube or Hald .png, or None to write none.
        lut_size: the number of entries along each axis of a .cube file, or None for 33.
        overwrite: whether ``out`` and ``lut`` may replace files that are read.
        quick: whether to predict the map by the network that comes with the project, instead of a fit.
        options: the options of `photograph_loader`, and ``steps``, ``seed``, ``local`` and ``proportions`` of
            `models.PairFitter`. Missing options have their defaults.

    Raises:
        UserError: if a file cannot be read or written, the options contradict each other, or the fit is not finite.
        SystemExit: with status 1, if some frames could not be read and all others are written.
    """
    frames = sources[0] if len(sources) == 1 and os.path.isdir(sources[0]) else None
    files = datasets.image_files(frames) if frames else sources
    loading = {name: options.pop(name) for name in LOADING & options.keys()}
    masks = [path for name, path in loading.items() if name.endswith("mask")]
    fit, read = options, {"inputs": [*files, *references, *masks], "overwrite": overwrite}
    if lut:
        check_look(lut, size=lut_size, pairs=len(sources) * len(references), local=fit.get("local"), **read)
    _check_out(out, lut, frames=frames, read=read)
    load = photograph_loader(**loading)
    wanted = [_load_reference(path, load) for path in references]
    if fit and all(isinstance(reference, ColorMap) for reference in wanted):
        raise UserError(f"--{next(iter(fit))}: a look from a file is not fitted; leave it out")
    if fit and quick:
        raise UserError(f"--{next(iter(fit))}: not taken by --quick, which does not fit; leave it out")
    if loading.get("keep_profile") and (lut or any(isinstance(reference, ColorMap) for reference in wanted)):
        raise UserError("--keep_profile: a look takes and gives sRGB; leave --keep_profile out")
    proportions = {name: fit.pop(name) for name in {"proportions"} & fit.keys()}
    find_map = functools.partial(_find_map, QuickFitter() if quick else PairFitter(**fit), **proportions)
    complete = True
    if frames:
        if len(wanted) > 1:
            raise UserError("--reference: a folder of frames takes a single reference; give only one")
        find_one = functools.partial(find_map, reference=wanted[0])
        color_map, complete = transfer_frames(frames, find_one, out=out, strength=strength, load=load)
    else:
        refuse_folders(sources, "a folder of frames is taken alone; give only it, or only images")
        color_map = _transfer_images(sources, wanted, find_map, out=out, strength=strength, load=load)
    if lut:
        write_look(lut, color_map, size=lut_size, strength=strength)
    for path in filter(None, (out, lut)):
        print(f"the result: {os.path.abspath(path)}")
    if not complete:
        raise SystemExit(1)


def _check_out(out, lut, *, frames, read):
    """Raise a UserError if the result cannot be written. This is checked before any slow work."""
    if out and frames:
        check_folder(out, "--out")
    elif out:
        check_image_file(out, **read)
    if out and lut and os.path.realpath(out) == os.path.realpath(lut):
        raise UserError(f"--lut: got {lut}, the path of --out; give another path")


def _transfer_images(sources, wanted, find_map, *, out, strength, load):
    """Write the output, or a sheet of all outputs. Return the color map of the last pair."""
    images = [load(path, "--source") for path in sources]
    shown = [None if isinstance(reference, ColorMap) else reference.shown for reference in wanted]
    if out:
        check_sheet_size(out, [image.rgb for image in images], shown, cell=CELL)
    maps = [[find_map([image], reference) for reference in wanted] for image in images]
    if out:
        outputs = [
            [image.recolored(each.translate(image.rgb, strength)) for each in row]
            for image, row in zip(images, maps, strict=True)
        ]
        write_photograph(out, translation_sheet([image.shown for image in images], shown, outputs, cell=CELL))
    return maps[-1][-1]


def _find_map(fitter, photographs, reference, **proportions):
    """Return the color map from photographs to a reference. If the reference is a look, return the look.

    The map is one of the photographs' own RGB.
    """
    if isinstance(reference, ColorMap):
        return reference
    profile = photographs[0].profile
    images = [photograph.converted(profile).weighted for photograph in photographs]
    reference = reference.converted(profile).weighted
    with tqdm(desc="fitting", total=fitter.steps, unit="step", leave=False) as bar:
        return fitter.fit(images, reference, **proportions, on_step=lambda *_: bar.update())


def _load_reference(path, load):
    """Load a reference image, or a look as a `ColorMap`."""
    return ColorMap(read_lut(path)) if is_lut(path) else load(path, "--reference")
