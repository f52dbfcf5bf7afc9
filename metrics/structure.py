"""Structure: what the output shares with the content, and with the target where there is one."""

import numpy as np
from skimage.color import rgb2gray
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from histogram_layers import joint_histogram
from losses import mutual_information
from metrics.registry import register


@register
def content_information(example):
    """Mutual information of content and output in nats, a channel at a time: ``mi_y``, ..."""
    content, output = example.colors[example.content], example.colors["output"]
    joint = joint_histogram(content[None], output[None], **example.histogram)  # [1,C,K,K]
    values = mutual_information(joint).numpy()[0]
    return {f"mi_{name}": value for name, value in zip(example.channels, values, strict=True)}


@register
def content_likeness(example):
    """SSIM of the luminance of content and output, pictures of 8 bits (scikit-image): ``ssim_content``."""
    content, output = (rgb2gray(example.rgb[picture]) for picture in (example.content, "output"))
    return {"ssim_content": structural_similarity(content, output, data_range=1.0)}


@register
def likeness(example):
    """PSNR in dB, 100 at the most, and SSIM of output and target, on RGB pictures of 8 bits (scikit-image)."""
    if "target" not in example.rgb:
        return {}
    target, output = example.rgb["target"], example.rgb["output"]
    with np.errstate(divide="ignore"):  # equal pictures have an infinite PSNR, which JSON cannot hold
        psnr = min(peak_signal_noise_ratio(target, output), 100.0)
    return {"psnr": psnr, "ssim": structural_similarity(target, output, channel_axis=-1)}
