"""How the user's own images are loaded, with all that belongs to them."""

import inspect

from utils.images import MAX_MEGAPIXELS, load_mask, load_photograph


def mask_files(loading):
    """Return the paths of the masks among the options of `photograph_loader`."""
    return [path for name, path in loading.items() if name.endswith("mask")]


def photograph_loader(
    *, mask=None, reference_mask=None, max_megapixels=MAX_MEGAPIXELS, strip=False, keep_profile=False
):
    """Return a function ``load(path, option)`` that loads an image as a `utils.images.Photograph`.

    Args:
        mask: the path of the mask of all images of the option ``--source``, or None.
        reference_mask: the path of the mask of all images of the option ``--reference``, or None.
        max_megapixels: the largest image that is read, in millions of pixels.
        strip, keep_profile: as for `utils.images.load_photograph`.

    Raises:
        UserError: if a mask cannot be read, or is black everywhere.
    """
    given = {"--source": ("--mask", mask), "--reference": ("--reference_mask", reference_mask)}
    masks = {name: load_mask(path, option, max_megapixels) for name, (option, path) in given.items() if path}

    def load(path, option):
        kept = {"strip": strip, "keep_profile": keep_profile}
        return load_photograph(path, option, max_megapixels, mask=masks.get(option), **kept)

    return load


LOADING = frozenset(inspect.signature(photograph_loader).parameters)  # the names of its options
