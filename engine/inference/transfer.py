"""Color transfer without a trained run: fit a color map to each pair of images, or read it from a file."""

import functools
import os

from tqdm import tqdm

import datasets
from engine.distributed import user_error_if_out_of_memory
from engine.inference.each import check_each, reference_finder, transfer_each
from engine.inference.films import transfer_film
from engine.inference.frames import refuse_folders, transfer_frames
from engine.inference.looks import check_look, write_look
from engine.inference.output_files import (
    check_apart,
    check_film_file,
    check_image_file,
    check_new_folder,
    check_sheet_size,
    translation_sheet,
)
from engine.inference.photographs import LOADING, mask_files, photograph_loader
from engine.inference.quick import QuickFitter
from engine.run_folder import cleaned_up_after_signals
from models import ColorMap, PairFitter
from utils import UserError
from utils.colors import is_lut, read_lut
from utils.films import is_film
from utils.images import write_photograph

CELL = (256, 256)  # the size of each cell in a sheet of outputs
NOT_FOR_FILMS = {
    "local": "have one map for all pixels",
    "mask": "have one map for all pixels",
    "strip": "keep their metadata",
    "keep_profile": "have no color profile",
}


@cleaned_up_after_signals()
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
    shots=False,
    **options,
):
    """Fit each source to each reference and save the result.

    The result of a single pair has the size of the source. The results of several pairs are saved as one sheet.

    Args:
        sources: paths of images, or the path of one film or folder of frames. All frames share one fit, so that a film
            does not flicker.
        references: paths of images, or of looks (.cube, Hald .png), which are applied without fitting. With ``each``,
            also one folder with an image for each source, of the same name.
        out: the path of the result. For a folder, it is a new or empty folder. None if only the look is wanted.
        strength: a number from 0 to 2. At 0 the source stays unchanged, at 1 the fit applies in full, and 2
            doubles its effect.
        lut: the path of the look to write, .cube or Hald .png, or None to write none.
        lut_size: the number of entries along each axis of a .cube file, or None for 33.
        overwrite: whether ``out`` and ``lut`` may replace files that are read.
        quick: whether to predict the map by the network that comes with the project, instead of a fit.
        each: whether each image of a folder gets a fit of its own. Otherwise, they are frames and share one.
        resume: with ``each``, whether to keep the outputs that exist.
        shots: whether each shot of a film gets a fit of its own.
        options: the options of `photograph_loader`, and ``steps``, ``seed``, ``local`` and ``proportions`` of
            `models.PairFitter`. Missing options have their defaults.

    Raises:
        UserError: if a file cannot be read or written, the options contradict each other, or the fit is not finite.
        SystemExit: with status 1, if some images of a folder could not be read and all others are written.
    """
    folder, film = _folder_or_film(sources)
    loading = {name: options.pop(name) for name in LOADING & options.keys()}
    files = [*(datasets.image_files(folder) if folder else sources), *references, *mask_files(loading)]
    fit, read = options, {"inputs": files, "overwrite": overwrite}
    if lut:
        check_look(lut, size=lut_size, pairs=len(sources) * len(references), local=fit.get("local"), **read)
        if loading.get("keep_profile"):
            raise UserError("--keep_profile: a look takes and gives sRGB; leave --keep_profile out")
    if each:
        check_each(sources, references, out=out, resume=resume)
    else:
        _check_options(sources, fit | loading, folder=folder, film=film, shots=shots)
        _check_out(out, lut, folder=folder, film=film, read=read)
    load = photograph_loader(**loading)
    own = references[0] if each and os.path.isdir(references[0]) else None
    wanted = [] if own else [_load_reference(path, load) for path in references]
    find_map = _make_finder(wanted, quick=quick, **fit)
    how = {"out": out, "strength": strength}
    complete = True
    if each:
        complete = _transfer_each(folder, own, wanted, find_map=find_map, load=load, resume=resume, **how)
    elif folder or film:
        color_map, complete = _transfer_frames(folder, film, wanted, shots=shots, find_map=find_map, load=load, **how)
    else:
        color_map = _transfer_images(sources, wanted, find_map, load=load, **how)
    if lut:
        write_look(lut, color_map, size=lut_size, strength=strength)
    for path in filter(None, (out, lut)):
        print(f"the result: {os.path.abspath(path)}")
    if not complete:
        raise SystemExit(1)


def _folder_or_film(sources):
    """Return the only source as a folder, or as a film, and None for what it is not."""
    alone = sources[0] if len(sources) == 1 else ""
    if os.path.isdir(alone):
        return alone, None
    return None, alone if is_film(alone) else None


def _make_finder(wanted, *, quick, **fit):
    """Return `_find_map` for the options of a fit. Raise a UserError if these references take no such options."""
    if fit and wanted and all(isinstance(reference, ColorMap) for reference in wanted):
        raise UserError(f"--{next(iter(fit))}: a look from a file is not fitted; leave it out")
    if fit and quick:
        raise UserError(f"--{next(iter(fit))}: not taken by --quick, which does not fit; leave it out")
    proportions = {name: fit.pop(name) for name in {"proportions"} & fit.keys()}
    return functools.partial(_find_map, QuickFitter() if quick else PairFitter(**fit), **proportions)


def _transfer_frames(folder, film, wanted, *, shots, find_map, load, **how):
    """Transfer a film or a folder of frames by one map. Return the map, and whether all frames are written."""
    if len(wanted) > 1:
        raise UserError("--reference: a film or a folder of frames takes a single reference; give only one")
    find_one = functools.partial(find_map, reference=wanted[0])
    if film:
        if shots and isinstance(wanted[0], ColorMap):
            raise UserError("--shots: a look from a file is one map for all shots; leave --shots out")
        return transfer_film(film, find_one, shots=shots, **how), True
    return transfer_frames(folder, find_one, load=load, **how)


def _transfer_each(folder, own, wanted, *, find_map, load, out, strength, resume):
    """Transfer each image of a folder to the wanted reference or, if there is none, to its own in ``own``, a folder."""
    find_own = own and reference_finder(own)

    def transfer_one(name, target):
        references = wanted or [_load_reference(find_own(name), load)]
        _transfer_images([os.path.join(folder, name)], references, find_map, out=target, strength=strength, load=load)

    return transfer_each(folder, transfer_one, out=out, resume=resume)


def _check_options(sources, options, *, folder, film, shots):
    """Raise a UserError if the sources do not go together, or do not take one of the options."""
    if shots and not film:
        raise UserError(f"--shots: takes a film as --source, got {' '.join(sources)}; leave --shots out")
    if not (folder or film):
        refuse_folders(sources, "it is taken alone; give only it, or only images")
    for name, why in NOT_FOR_FILMS.items():
        if film and options.get(name):
            raise UserError(f"--{name}: not for films, which {why}; leave it out")


def _check_out(out, lut, *, folder, film, read):
    """Raise a UserError if the result cannot be written. This is checked before any slow work."""
    if out and folder:
        check_new_folder(out)
        check_apart(out, "--source", folder)
    elif out and film:
        check_film_file(out, **read)
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

    The map takes and gives the RGB of the first photograph.
    """
    profile = photographs[0].profile
    if isinstance(reference, ColorMap):
        if profile:
            raise UserError("--keep_profile: a look takes and gives sRGB; leave --keep_profile out")
        return reference
    images = [photograph.converted(profile).weighted for photograph in photographs]
    reference = reference.converted(profile).weighted
    with tqdm(desc="fitting", total=fitter.steps, unit="step", leave=False) as bar:
        return fitter.fit(images, reference, **proportions, on_step=lambda *_: bar.update())


def _load_reference(path, load):
    """Load a reference image, or a look as a `ColorMap`."""
    return ColorMap(read_lut(path)) if is_lut(path) else load(path, "--reference")
