"""The table of the terms of the generator's loss. This module does not import TensorFlow, so checking options is fast.

Each row is one term. To add a term, write its function and add its row. The option ``losses.NAME`` sets its weight. A
term with weight 0 is not computed.
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
        help: help text of the option that sets the weight.
        function: ``"module:name"`` of a function that takes the tensors in ``needs``, or of a class whose instances
            take them. The term is the mean of the result.
        needs: names of the tensors that the function takes:

            * ``source``, ``reference``, ``content``: images of the batch;
            * ``real``: the target, or the source if there is no target;
            * ``image``, ``histogram``, ``joint``: the outputs of the augmented generator;
            * ``grid``: the generator's bilateral grid (`models.GENERATORS` says which generators have one);
            * ``reference_soft_histogram``: the reference's soft histogram;
            * ``fake_logits``: the discriminator's logits of the image.
        settings: ``{argument name: option name}`` for the other arguments of the function, or the arguments of the
            class. The options are in ``Options.loss_settings``.
    """

    weight: float | None
    help: str
    function: str
    needs: tuple[str, ...]
    settings: dict[str, str]


TERMS = {
    "adversarial": Term(
        weight=None,
        help="weight of the adversarial loss; 0 trains without a discriminator",
        function="losses.adversarial:generator_adversarial_loss",
        needs=("fake_logits",),
        settings={"kind": "adversarial_loss"},
    ),
    "structure": Term(
        weight=None,
        help="weight of the structure loss (entropy or mutual information of output and content)",
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
    "delta_e": Term(
        weight=0.0,
        help="weight of the color difference to the target, or to the source in color_transfer (CIE94, divided by 100)",
        function="losses.color_difference:color_difference",
        needs=("real", "image"),
        settings={"color_space": "color_space"},
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
        help="weight of the squared distance of the output from the range [-1, 1]; use 1 for hdrnet, which has no tanh",
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
        help="weight of the penalty on contrast that the output adds to the content, such as halos and false tints",
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
    """Return the functions of the terms whose weight is not 0.

    Args:
        weights: ``{term name: weight}``.
        settings: ``{option name: value}`` for the options in the rows' ``settings``. If an option is missing, the
            function's own default applies.

    Returns:
        ``{term name: function}``. Each function takes the tensors in its row's ``needs``, in that order.
    """
    return {name: _bound(TERMS[name], settings) for name, weight in weights.items() if weight}


def _bound(term, settings):
    function = resolve_name(term.function)
    keywords = {argument: settings[option] for argument, option in term.settings.items() if option in settings}
    return function(**keywords) if inspect.isclass(function) else functools.partial(function, **keywords)
