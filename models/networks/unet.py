"""The released U-Net generator: pix2pix's with bilinear upsampling and a code of the reference histogram.

source ─ down 64 ─ 128 ─ 256 ─ 512 ... 512 ─ bottleneck + code ─ up 512 ... 512 ─ 256 ─ 128 ─ 64 ─ output
            └───────└─────└───── skips to the up of the same size ───────────────────┘─────┘────┘
"""

from tensorflow import keras

from models.networks.blocks import downsample, initializer, size_pair, upsample
from models.networks.encoders import condition_on_histogram
from utils import UserError

FEWEST_LEVELS, MOST_LEVELS = 5, 8
DROPOUT_LEVELS = 3


def unet_generator(
    image_size: int | tuple[int, int],
    channels: int = 3,
    out_channels: int = 3,
    bins: int = 256,
    encoder: str | None = "embedding",
    *,
    histogram_channels: int | None = None,
    filters: int = 64,
) -> keras.Model:
    """Return the U-Net. It has n levels, where n <= 8 is the largest number such that 2^n divides height and width.

    It has 42,124,486 parameters at 256 px, including the statistics of batch norm. If the bottleneck is larger than
    1x1, the code is repeated over it.

    Args:
        image_size: H = W, or ``(H, W)``.
        channels: channels of the source.
        out_channels: channels of the output.
        bins: K, the number of bins of the reference histogram.
        encoder: the encoder of the reference histogram (see `models.networks.encoders`), or None for a plain U-Net.
        histogram_channels: C, the number of channels of the reference histogram, by default out_channels.
        filters: filters of the first layer.

    Returns:
        A `keras.Model` named ``generator``. Its inputs are ``[source [B,H,W,channels], reference_histogram [B,C,K]]``,
        or ``source`` alone if there is no encoder. Its output is the image ``[B,H,W,out_channels]`` in [-1, 1].

    Raises:
        UserError: if the size allows fewer than five levels.
        ValueError: if the encoder is unknown.
    """
    height, width = size_pair(image_size)
    levels = _levels(height, width)
    source = keras.Input((height, width, channels), name="source")
    inputs = [source]

    counts = [filters * min(2**level, 8) for level in range(levels)]
    x, skips = source, []
    for level, count in enumerate(counts):
        x = downsample(x, count, f"down_{level}", normalize=level > 0)
        skips.append(x)  # [B, H/2^(level+1), W/2^(level+1), filters]
    skips.pop()

    if encoder is not None:
        x, histogram = condition_on_histogram(
            x, encoder, channels=histogram_channels or out_channels, bins=bins, pixels=height * width, size=2 * bins
        )
        inputs.append(histogram)

    for number, level in enumerate(reversed(range(levels - 1))):
        x = upsample(x, counts[level], f"up_{level}", dropout=number if number < DROPOUT_LEVELS else None)
        x = keras.layers.Concatenate(name=f"skip_{level}")([x, skips[level]])

    image = keras.layers.Conv2DTranspose(
        out_channels,
        4,
        strides=2,
        padding="same",
        activation="tanh",
        kernel_initializer=initializer(),
        dtype="float32",
        name="image",
    )(x)
    return keras.Model(inputs if len(inputs) > 1 else source, image, name="generator")


def _levels(height, width):
    levels = 0
    while levels < MOST_LEVELS and height % 2 ** (levels + 1) == 0 and width % 2 ** (levels + 1) == 0:
        levels += 1
    if levels < FEWEST_LEVELS:
        step = 2**FEWEST_LEVELS
        raise UserError(
            f"the U-Net cannot take images of {height}x{width}: it halves them {FEWEST_LEVELS} to {MOST_LEVELS} "
            f"times; give a height and a width that are multiples of {step}"
        )
    return levels
