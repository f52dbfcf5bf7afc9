"""CycleGAN's ResNet generator (Zhu et al. 2017, after Johnson et al. 2016) with a code of the reference histogram.

source ─ c7s1-64 ─ d128 ─ d256 ─ + code ─ R256 ... R256 ─ u128 ─ u64 ─ c7s1-3 ─ output
"""

from tensorflow import keras

from models.networks.blocks import ReflectionPadding, initializer, size_pair
from models.networks.encoders import condition_on_histogram
from models.networks.instance_norm import instance_norm
from utils import UserError


def resnet_generator(
    image_size: int | tuple[int, int],
    channels: int = 3,
    out_channels: int = 3,
    bins: int = 256,
    encoder: str | None = "embedding",
    *,
    histogram_channels: int | None = None,
    blocks: int = 9,
    filters: int = 64,
) -> keras.Model:
    """Return the ResNet with ``blocks`` residual blocks. CycleGAN uses 9 blocks from 256 px on, and 6 below.

    The code is repeated over the bottleneck ``[B, H/4, W/4, 256]`` and mixed in by a 1x1 convolution with a ReLU.
    Without the ReLU, instance normalization would remove the code, because it is the same at every position.

    For the other arguments and the result, see `unet_generator`.

    Raises:
        UserError: if the height or width is not a multiple of 4, or is below 8.
        ValueError: if the encoder is unknown.
    """
    height, width = size_pair(image_size)
    if height % 4 or width % 4 or min(height, width) < 8:
        raise UserError(
            f"the ResNet cannot take images of {height}x{width}: it halves them twice; give a height and a width "
            "that are multiples of 4, and at least 8"
        )
    source = keras.Input((height, width, channels), name="source")
    inputs = [source]

    x = ReflectionPadding(3, name="first_pad")(source)
    x = _normalized(_convolution(filters, 7, "first")(x), "first")
    for level, count in enumerate((2 * filters, 4 * filters)):
        x = _convolution(count, 3, f"down_{level}", strides=2, padding="same")(x)
        x = _normalized(x, f"down_{level}")  # [B, H/2, W/2, 128], then [B, H/4, W/4, 256]

    if encoder is not None:
        x, histogram = condition_on_histogram(
            x, encoder, channels=histogram_channels or out_channels, bins=bins, pixels=height * width, size=2 * bins
        )
        inputs.append(histogram)
        x = keras.layers.Conv2D(4 * filters, 1, activation="relu", kernel_initializer=initializer(), name="mix")(x)

    for number in range(blocks):
        x = _residual(x, f"block_{number}")
    for level, count in enumerate((2 * filters, filters)):
        x = keras.layers.Conv2DTranspose(
            count, 3, strides=2, padding="same", use_bias=False, kernel_initializer=initializer(), name=f"up_{level}"
        )(x)
        x = _normalized(x, f"up_{level}")
    x = ReflectionPadding(3, name="last_pad")(x)
    x = keras.layers.Conv2D(out_channels, 7, kernel_initializer=initializer(), dtype="float32", name="last")(x)
    image = keras.layers.Activation("tanh", dtype="float32", name="image")(x)
    return keras.Model(inputs if len(inputs) > 1 else source, image, name="generator")


def _residual(x, name):
    """Return ``x + F(x)``, where F is two 3x3 convolutions. The shape ``[B, H, W, C]`` does not change."""
    y = ReflectionPadding(name=f"{name}_pad_0")(x)
    y = _normalized(_convolution(x.shape[-1], 3, f"{name}_0")(y), f"{name}_0")
    y = ReflectionPadding(name=f"{name}_pad_1")(y)
    y = instance_norm(f"{name}_1_norm")(_convolution(x.shape[-1], 3, f"{name}_1")(y))
    return keras.layers.Add(name=f"{name}_add")([x, y])


def _normalized(x, name):
    return keras.layers.ReLU(name=f"{name}_relu")(instance_norm(f"{name}_norm")(x))


def _convolution(filters, kernel, name, **options):
    # No bias, because the normalization that follows would remove it.
    return keras.layers.Conv2D(
        filters, kernel, use_bias=False, kernel_initializer=initializer(), name=f"{name}_conv", **options
    )
