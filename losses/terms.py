"""The table of the terms of the generator's loss. It does not import TensorFlow, so checking options is fast.

Each term is one row: to add a term, write its function and its row. Its weight is the option ``losses.NAME``. A term
with weight 0 is not computed.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any, NamedTuple


class Term(NamedTuple):
    """A term of the generator's loss.

    Attributes:
        weight: default weight, or None if each task has its own.
        help: help text of the weight's option.
        function: ``"module:name"`` of a function of the tensors in ``needs``, or of a class whose instances are such
            functions. The term is the mean of what it returns.
        needs: names of the tensors that the function takes, as a training step has them:

            * ``source``, ``reference``, ``content``: images of the batch;
            * ``real``: the target, or the source if there is no target;
            * ``image``, ``histogram``, ``joint``: the outputs of the augmented generator;
            * ``grid``: the generator's bilateral grid (`models.GENERATORS` says which generators have one);
            * ``reference_soft_histogram``: the reference's soft histogram;
            * ``fake_logits``: the discriminator's logits of the image.
        settings: further arguments of the function, or the arguments of the class: a dict from an argument's name to
            the name of an option in ``Options.loss_settings``.
    """

    weight: float | None
    help: str
    function: str
    needs: tuple[str, ...]
    settings: dict[str, str]


TERMS = {
    "adversarial": Term(
        weight=None,
        help="weight of the adversarial loss; with 0 there is no discriminator",
        function="losses.adversarial:generator_adversarial_loss",
        needs=("fake_logits",),
        settings={"kind": "adversarial_loss"},
    ),
    "structure": Term(
        weight=None,
        help="weight of the structure loss (mutual information of output and content)",
        function="losses.histograms:structure_loss",
        needs=("joint",),
        settings={"kind": "structure_loss", "channel": "structure_channel"},
    ),
    "color": Term(
        weight=None,
        help="weight of the color loss (Earth Mover's Distance between the histograms of output and reference)",
        function="losses.histograms:color_distance",
        needs=("reference_soft_histogram", "histogram"),
        settings={"order": "color_order", "boundary": "boundary"},
    ),
    "pixel": Term(
        weight=0.0,
        help="weight of the pixel loss to the target, or to the source in color_transfer (pix2pix: l1, weight 100)",
        function="losses.pixel:pixel_loss",
        needs=("real", "image"),
        settings={"kind": "pixel_loss"},
    ),
    "perceptual": Term(
        weight=0.0,
        help="weight of the perceptual loss: VGG-16 features compared with the target, or the source in color_transfer",
        function="losses.perceptual:PerceptualLoss",
        needs=("real", "image"),
        settings={"color_space": "color_space", "vgg_weights": "vgg_weights"},
    ),
    "range": Term(
        weight=0.0,
        help="weight of the squared excess of the output beyond [-1, 1]; 1 for hdrnet, which has no tanh",
        function="losses.pixel:squared_excess",
        needs=("image",),
        settings={},
    ),
    "ssim": Term(
        weight=0.0,
        help="weight of 1 - SSIM of the luminances of output and content",
        function="losses.similarity:structural_dissimilarity",
        needs=("content", "image"),
        settings={"color_space": "color_space"},
    ),
    "contrast": Term(
        weight=0.0,
        help="weight of the contrast that the output adds to the content: halos, false tints in flat areas",
        function="losses.contrast:false_contrast",
        needs=("content", "image"),
        settings={},
    ),
    "smoothness": Term(
        weight=0.0,
        help="weight of the squared differences between neighboring cells of hdrnet's grid",
        function="losses.grids:smoothness",
        needs=("grid",),
        settings={},
    ),
}


def loss_functions(weights: Mapping[str, float], settings: Mapping[str, Any]) -> dict[str, Callable]:
    """The functions of the terms whose weight is not 0.

    Args:
        weights: dict from a term's name to its weight.
        settings: dict from the option names in the rows' ``settings`` to their values. Missing options have the
            function's own defaults.

    Returns:
        A dict from a term's name to a function of the tensors in its row's ``needs``, in that order.
    """
    return {name: _bound(TERMS[name], settings) for name, weight in weights.items() if weight}


def _bound(term, settings):
    function = resolve_name(term.function)
    keywords = {argument: settings[option] for argument, option in term.settings.items() if option in settings}
    return function(**keywords) if inspect.isclass(function) else functools.partial(function, **keywords)
