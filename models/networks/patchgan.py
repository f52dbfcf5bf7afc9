"""The 70x70 PatchGAN discriminator (pix2pix): each logit judges a patch of 70x70 pixels."""

from tensorflow import keras

from models.networks.blocks import batch_norm, downsample, initializer, size_pair
from models.networks.encoders import condition_on_histogram
from utils import UserError

CODE_CHANNELS = 16


def patchgan_discriminator(
    image_size: int | tuple[int, int],
    channels: int = 3,
    condition: str | None = "source",
    *,
    source_channels: int = 3,
    histogram_channels: int | None = None,
    bins: int = 256,
    filters: int = 64,
) -> keras.Model:
    """Return the PatchGAN. For two RGB images it has 2,770,433 parameters, including the statistics of batch norm.

    Args:
        image_size: H = W, or ``(H, W)``.
        channels: channels of the image to judge.
        condition: the input besides the image: ``"source"``, ``"reference"`` or None. For ``"reference"``, a code of
            the reference histogram is added to every pixel as further channels.
        source_channels: channels of the source, if it is an input.
        histogram_channels, bins: C (by default channels) and K of the reference histogram, if it is an input.
        filters: filters of the first layer. The next layers have 2, 4 and 8 times this number.

    Returns:
        A `keras.Model` named ``discriminator`` with the inputs ``source`` or ``reference_histogram``, if any, and
        ``image``. It returns logits ``[B, ceil(H/8) - 2, ceil(W/8) - 2, 1]``.

    Raises:
        UserError: if the height or width is 16 or less, because no logit would be left.
        ValueError: if the condition is unknown.
    """
    height, width = size_pair(image_size)
    if min(height, width) <= 16:
        raise UserError(f"the PatchGAN cannot judge images of {height}x{width}: give a height and a width above 16")
    image = keras.Input((height, width, channels), name="image")
    inputs = [image]
    if condition == "source":
        inputs.insert(0, keras.Input((height, width, source_channels), name="source"))
        x = keras.layers.Concatenate(name="source_and_image")(inputs)
    elif condition == "reference":
        x, histogram = condition_on_histogram(
            image,
            "dense",
            channels=histogram_channels or channels,
            bins=bins,
            pixels=height * width,
            size=CODE_CHANNELS,
        )
        inputs.insert(0, histogram)
    elif condition is None:
        x = image
    else:
        raise ValueError(f"condition must be 'source', 'reference' or None; received {condition!r}")

    x = downsample(x, filters, "down_0", normalize=False)  # [B, H/2, W/2, 64]
    x = downsample(x, 2 * filters, "down_1")
    x = downsample(x, 4 * filters, "down_2")  # [B, H/8, W/8, 256]
    x = keras.layers.ZeroPadding2D(name="pad_3")(x)
    x = keras.layers.Conv2D(8 * filters, 4, use_bias=False, kernel_initializer=initializer(), name="conv_3")(x)
    x = keras.layers.LeakyReLU(name="relu_3")(batch_norm("norm_3")(x))
    x = keras.layers.ZeroPadding2D(name="pad_4")(x)
    logits = keras.layers.Conv2D(1, 4, kernel_initializer=initializer(), dtype="float32", name="logits")(x)
    return keras.Model(inputs if len(inputs) > 1 else image, logits, name="discriminator")
