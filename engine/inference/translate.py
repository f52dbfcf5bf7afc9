"""Translate the user's own images with a trained run, into the colors of references."""

import os

import numpy as np

from engine.distributed import user_error_if_out_of_memory
from engine.factory import load_translator
from engine.inference.frames import refuse_folders
from engine.inference.output_files import check_image_file, check_sheet_size, translation_sheet
from engine.inference.photographs import mask_files, photograph_loader
from utils import UserError, atomic_write, check_file, user_error_on_oserror
from utils.images import Photograph, drawn_pixels, write_photograph

DRAWN = 512  # rows and columns of pixels that are drawn from a reference with a mask


@user_error_if_out_of_memory("give smaller images")
def translate_images(
    options, run, *, sources, references, out, strength=1.0, checkpoint=None, overwrite=False, **loading
):
    """Translate images and save the result.

    The result for one source and one reference has the size of the source. Otherwise, it is a sheet of all outputs.

    Args:
        options: the run's options.
        run: the run's folder.
        sources: paths of images.
        references: paths of images or histograms (.npy). Empty for a generator that takes no reference.
        out: the path of the result.
        strength: a number from 0 to 1. At 0 the source's own histogram is used, at 1 the reference's.
        checkpoint: a path, ``"best"``, or None for the newest checkpoint.
        overwrite: whether the result may replace a file that is read.
        loading: ``mask``, ``reference_mask`` and ``strip`` of `photograph_loader`. The network sees all of an image but
            its transparent pixels; a mask says where the output is used.

    Raises:
        UserError: if a file cannot be read or written.
    """
    refuse_folders(sources, "a run takes images; without --run, a fit takes a film or a folder of frames")
    check_image_file(out, inputs=[*sources, *references, *mask_files(loading)], overwrite=overwrite)
    load = photograph_loader(max_megapixels=options.data.max_megapixels, **loading)
    images = [load(path, "--source") for path in sources]
    dtype = np.result_type(*{image.rgb.dtype for image in images})
    shape = (options.histogram_channels, options.histogram.bins)
    wanted = [_load_reference(path, shape, load) for path in references]
    if not options.takes_reference:
        wanted, strength = [np.zeros(shape, np.float32)], 0.0  # a placeholder, which the generator ignores
    check_sheet_size(out, [image.rgb for image in images], _shown(wanted), cell=options.image_size)
    _, translator, _, _ = load_translator(options, run, checkpoint, dtype=dtype)
    images, wanted = (
        [each.with_depth(dtype) if isinstance(each, Photograph) else each for each in x] for x in (images, wanted)
    )
    write_photograph(out, translate_all(translator, images, wanted, strength=strength, cell=options.image_size))
    print(f"the result: {os.path.abspath(out)}")


def save_reference_histogram(options, run, *, reference, out, checkpoint=None, **loading):
    """Compute the generator's histogram ``[C, K]`` of a reference image, and save it as an .npy file.

    ``loading`` is ``reference_mask`` of `photograph_loader`.

    Raises:
        UserError: if a file cannot be read or written.
    """
    if os.path.splitext(out)[1].lower() != ".npy":
        raise UserError(f"--out: got {out}; without --source, the histogram of --reference is saved, as FILE.npy")
    check_file(out, "--out", inputs=[reference, *mask_files(loading)])
    load = photograph_loader(max_megapixels=options.data.max_megapixels, **loading)
    image = counted_pixels(load(reference, "--reference"))
    _, translator, _, _ = load_translator(options, run, checkpoint, dtype=image.dtype)
    histogram = translator.histogram(image[None]).numpy()[0]
    with user_error_on_oserror(out), atomic_write(out) as temporary:
        np.save(temporary, histogram)
    print(f"the result: {os.path.abspath(out)}")


def translate_all(translator, images, references, *, strength, cell):
    """Translate every image into the colors of every reference.

    Args:
        translator: `models.Translator`.
        images: a list of photographs of the translator's dtype. The task's sources are made from them.
        references: a list of photographs of the same dtype, or histograms ``[C, K]``.
        strength: a number from 0 to 1. At 0 the source's own histogram is used, at 1 the reference's.
        cell: the size ``(H, W)`` of each cell of a sheet.

    Returns:
        A `Photograph`. For one image and one reference, it is the output at the size of the image. Otherwise, it is a
        sheet with a row for each source and a column for each reference. The sources are on the left, and reference
        images are on top.
    """
    histograms = [
        translator.histogram(counted_pixels(each)[None]).numpy() if isinstance(each, Photograph) else each[None]
        for each in references
    ]
    outputs = [
        [image.recolored(translator.outputs(image.filled[None], each, strength)[0]) for each in histograms]
        for image in images
    ]
    sources = [translator.source(image.on_white[None]).numpy()[0] for image in images]
    return translation_sheet(sources, _shown(references), outputs, cell=cell)


def counted_pixels(photograph):
    """Return the image of a photograph, or, if some of its pixels count less, an image of pixels drawn by weight."""
    weighted = photograph.weighted
    return weighted if weighted.shape[-1] == 3 else drawn_pixels(weighted, DRAWN)


def load_histogram(path, shape):
    """Load a reference histogram ``[C, K]`` from an .npy file.

    Raises:
        UserError: if the file holds no array, its shape is not ``shape``, a bin is negative, or a channel does not sum
            to 1.
    """
    try:
        histogram = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(f"--reference {path} is not a histogram: {error}") from None
    if histogram.shape != shape:
        raise UserError(f"--reference {path} has the shape {list(histogram.shape)}, and the run takes {list(shape)}")
    if not (np.all(histogram >= 0) and np.allclose(histogram.sum(-1), 1, atol=1e-4)):
        raise UserError(f"--reference {path} is not a histogram: its bins must be >= 0, and each channel must sum to 1")
    return histogram.astype(np.float32)


def _shown(references):
    return [reference.on_white if isinstance(reference, Photograph) else None for reference in references]


def _load_reference(path, shape, load):
    return load_histogram(path, shape) if path.endswith(".npy") else load(path, "--reference")
