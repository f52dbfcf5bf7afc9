"""Structure metrics, which compare the structures of output and content."""

from skimage.color import rgb2gray
from skimage.metrics import structural_similarity

from losses import mutual_information, normalized_mi_distance
from metrics.registry import MetricText, register


@register(
    mi=MetricText(
        family="structure",
        better="higher",
        text="Mutual information of content and output, in nats: how well one predicts the other.",
    ),
    nmi=MetricText(
        family="structure",
        better="higher",
        text="Mutual information of content and output, divided by their joint entropy: from 0 to 1.",
    ),
)
def information(sample):
    """Compute the mutual information I of content and output, and I/H, where H is their joint entropy.

    ``mi``, ``mi_y``, ... are I in nats. ``nmi``, ``nmi_y``, ... are I/H, from 0 to 1. scikit-image's normalized mutual
    information is 1 + I/H.
    """
    joint = sample.joint()[None]
    values = sample.by_channel("mi", mutual_information(joint).numpy()[0])
    return values | sample.by_channel("nmi", 1 - normalized_mi_distance(joint).numpy()[0])


@register(
    ssim_content=MetricText(
        family="structure",
        better="higher",
        text="Structural similarity (SSIM) of the luminance of output and content: 1 if they are equal.",
    )
)
def content_likeness(sample):
    """Compute ``ssim_content``, the SSIM of the luminances of content and output as 8-bit images, with scikit-image."""
    return {"ssim_content": luminance_ssim(sample.rgb[sample.content], sample.rgb["output"])}


def luminance_ssim(first, second):
    """Compute the SSIM of the luminances of two uint8 images ``[H, W, 3]``."""
    return structural_similarity(rgb2gray(first), rgb2gray(second), data_range=1.0)
