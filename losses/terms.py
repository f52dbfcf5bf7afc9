"""The table of the terms of the generator's loss. It imports no TensorFlow, so that options can be checked without it.

A term is one row: to add one, write its function and its row. The weight is the option ``losses.NAME``. A term of
weight 0 is not computed.
"""

import functools
import inspect
from pkgutil import resolve_name
from typing import NamedTuple


class Term(NamedTuple):
    """A term of the generator's loss.

    Attributes:
        weight: the default weight, or None where each task has its own.
        help: what the weight's option says of it.
        function: ``"module:name"`` of a function of the tensors that it needs, or of a class whose instances are such
            functions; the mean is the term.
        needs: the tensors, by their names in a training step:

            * ``source``, ``reference``, ``content``: images of the batch;
            * ``real``: the target or, without one, the source;
            * ``image``, ``histogram``, ``joint``: the outputs of the augmented generator;
            * ``grid``: the generator's bilateral grid (`models.GENERATORS` says which generator has one);
            * ``reference_soft_histogram``: the reference's soft histogram;
            * ``fake_logits``: the discriminator's logits of the image.
        settings: further arguments of the function, or those of the class: a dict of an argument's name to an option's
            name in ``Options.loss_settings``.
    """

    weight: float | None
    help: str
    function: str
    needs: tuple
    settings: dict


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
        function="losses.information:structure_loss",
        needs=("joint",),
        settings={"kind": "structure_loss", "channel": "structure_channel"},
    ),
    "color": Term(
        weight=None,
        help="weight of the color loss (Earth Mover's Distance of the output's histogram to the reference's)",
        function="losses.earth_movers:color_distance",
        needs=("reference_soft_histogram", "histogram"),
        settings={"order": "color_order", "boundary": "boundary"},
    ),
    "pixel": Term(
        weight=0.0,
        help="weight of the pixel loss, to the target or, in color_transfer, to the source (pix2pix: 100, of l1)",
        function="losses.pixel:pixel_loss",
        needs=("real", "image"),
        settings={"kind": "pixel_loss"},
    ),
    "perceptual": Term(
        weight=0.0,
        help="weight of the perceptual loss, the difference of VGG-16 features to the target (or source)",
        function="losses.perceptual:PerceptualLoss",
        needs=("real", "image"),
        settings={"color_space": "color_space", "vgg_weights": "vgg_weights"},
    ),
    "range": Term(
        weight=0.0,
        help="weight of the squared excess of the output over [-1, 1]; 1 for the hdrnet, which has no tanh",
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
        help="weight of contrast that the output has and the content has not: halos, false tints in flat areas",
        function="losses.contrast:false_contrast",
        needs=("content", "image"),
        settings={},
    ),
    "smoothness": Term(
        weight=0.0,
        help="weight of the squared differences of neighboring cells of the hdrnet's grid",
        function="losses.grids:smoothness",
        needs=("grid",),
        settings={},
    ),
}


def loss_functions(weights, settings):
    """The functions of the terms that have a weight.

    Args:
        weights: a dict of a term's name to its weight.
        settings: a dict of what the rows' ``settings`` name. What is missing has the function's own default.

    Returns:
        A dict of a term's name to its function of the tensors in the row's ``needs``, in their order.
    """
    return {name: _bound(TERMS[name], settings) for name, weight in weights.items() if weight}


def _bound(term, settings):
    function = resolve_name(term.function)
    keywords = {argument: settings[option] for argument, option in term.settings.items() if option in settings}
    return function(**keywords) if inspect.isclass(function) else functools.partial(function, **keywords)
