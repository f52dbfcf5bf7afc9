"""Structure metrics: what the output shares with the content, independent of its colors."""

from skimage.color import rgb2gray
from skimage.metrics import structural_similarity

from losses import mutual_information, normalized_mi_distance
from metrics.registry import MetricText, register


@register(
    mi=MetricText(
        family="structure",
        better="higher",
        text="Mutual information of content and output, in nats: how much one tells about the other.",
    ),
    nmi=MetricText(
        family="structure",
        better="higher",
        text="Mutual information of content and output, divided by their joint entropy: from 0 to 1.",
    ),
)
def information(sample):
    """Mutual information I of content and output in nats, ``mi``, ``mi_y``, ..., and I/H with their joint entropy H,
    ``nmi``, ``nmi_y``, ..., from 0 to 1 (scikit-image's normalized mutual information minus 1)."""
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
    """SSIM of the luminance of content and output, from 8-bit images (scikit-image): ``ssim_content``."""
    content, output = (rgb2gray(sample.rgb[image]) for image in (sample.content, "output"))
    return {"ssim_content": structural_similarity(content, output, data_range=1.0)}
