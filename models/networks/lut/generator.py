"""A generator that predicts one map of colors for the whole image, which a lookup table can hold.

reference histogram ─────────┬─────────────────────────┬──────────────── ...
source ─┬─ pixels ─ colors ─ stage 1 ─ map ─ colors ─ stage 2 ─ map ─ ... ─ output
        └─ small copy ─ code ┴─────────────────────────┴──────────────── ...

Each stage sees the distribution of the colors that the map so far gives to the source's pixels, and that of the
reference. It corrects the map, as a step of a fit to the pair would.
"""

from tensorflow import keras

from models.convert_colors import ConvertColors
from models.networks.averaging import AveragedCopy
from models.networks.blocks import initializer
from models.networks.lut.moments import HardHistogram, MongeKantorovich, PixelGrid, Quantiles
from models.networks.lut.polynomials import TERMS, AddPolynomials

STAGES = 3
UNITS = 256  # of each dense layer
PIXELS = 64  # rows and columns of the source's pixels
COPY = 32  # side of the source's small copy
LEVELS = 16  # quantiles of each channel
FILTERS = (24, 48, 64)
STEP = 0.1  # so that the first corrections are small
FAR = 4.0  # scales differences of quantiles


def lut_generator(
    image_size: int | tuple[int, int] | None = None,
    channels: int = 3,
    out_channels: int = 3,
    bins: int = 256,
    *,
    histogram_channels: int | None = None,
    encoder: str | None = "dense",
    color_space: str = "rgb",
    histogram_space: str | None = None,
    value_range: tuple[float, float] = (-1.0, 1.0),
) -> keras.Model:
    """Return a network that predicts one map of colors for each image. It takes images of any size.

    The map adds polynomials of R, G and B to the color. With the histogram space ``directions``, it starts halfway
    between the identity and the Monge-Kantorovich map, which follows from the histograms. With other spaces it starts
    at the identity.

    Args:
        image_size: ignored; the network takes images of any size.
        channels, out_channels: channels of the source and of the output. Both must be 3.
        bins: K, the number of bins of the reference histogram.
        histogram_channels: C, the number of channels of the reference histogram, by default out_channels.
        encoder: ``"dense"``, or None for a network without a reference. It then compares the colors that the map gives
            to the source's pixels with the source's own.
        color_space: the color space of the source and the output.
        histogram_space: the color space of the histograms, by default color_space.
        value_range: range of the histograms.

    Returns:
        A `keras.Model` named ``generator``. Its inputs are ``[source [B,H,W,3], reference_histogram [B,C,K]]``, or
        ``source`` alone if there is no encoder. Its output is the image ``[B,H,W,3]``, which is not bounded. The layer
        ``coefficients`` holds the polynomials' coefficients ``[B,TERMS,3]``. The layers ``rgb``, ``pixel_colors`` and
        ``pixel_histogram``, one after another, turn an image into the histogram that the network takes of it.

    Raises:
        ValueError: if there are not three channels, or the encoder is unknown.
    """
    if (channels, out_channels) != (3, 3):
        raise ValueError(f"channels and out_channels must be 3 for a lut; received {channels} and {out_channels}")
    if encoder not in ("dense", None):
        raise ValueError(f"encoder must be 'dense' or None for a lut; received {encoder!r}")
    inputs = [keras.Input((None, None, 3), name="source")]
    if encoder:
        inputs.append(keras.Input((histogram_channels or out_channels, bins), name="reference_histogram"))
    rgb = ConvertColors(color_space, "rgb", name="rgb")(inputs[0])
    unit = keras.layers.Rescaling(0.5, offset=0.5, name="unit_range", dtype="float32")(rgb)
    pixels = PixelGrid(PIXELS, name="pixels")(unit)

    to_network_range = keras.layers.Rescaling(2.0, offset=-1.0, name="network_range", dtype="float32")
    to_histogram_space = ConvertColors("rgb", histogram_space or color_space, name="pixel_colors")
    measure = HardHistogram(bins, value_range, name="pixel_histogram")
    quantiles = Quantiles(LEVELS, value_range, name="quantiles")

    def histogram_of(images):
        return measure(to_histogram_space(to_network_range(images)))

    own = histogram_of(pixels)
    reference = inputs[1] if encoder else own
    wanted = quantiles(reference)
    known = [_code(AveragedCopy(COPY, name="copy", dtype="float32")(rgb)), quantiles(own)]
    linear = MongeKantorovich(value_range, name="linear")([own, reference])
    coefficients = 0.5 * linear
    for number in range(STAGES):
        given = quantiles(histogram_of(AddPolynomials(name=f"given_{number}")([coefficients, pixels])))
        features = [*known, given, FAR * (wanted - given), linear, coefficients]
        along, change = _stage(features, name=f"stage_{number}")
        coefficients = coefficients + along * linear + STEP * change
    coefficients = keras.layers.Activation("linear", name="coefficients", dtype="float32")(coefficients)
    output = to_network_range(AddPolynomials(name="output")([coefficients, unit]))
    image = ConvertColors("rgb", color_space, name="image")(output)
    return keras.Model(inputs if encoder else inputs[0], image, name="generator")


def _code(copy):
    """Return the code ``[B, N]`` of a small copy: means and maxima of its features."""
    x = copy
    for number, filters in enumerate(FILTERS):
        x = keras.layers.Conv2D(
            filters, 3, strides=2, padding="same", activation="relu", name=f"code_{number}", dtype="float32"
        )(x)
    pooled = [
        keras.layers.GlobalAveragePooling2D(name="code_mean", dtype="float32")(x),
        keras.layers.GlobalMaxPooling2D(name="code_maximum", dtype="float32")(x),
    ]
    return keras.layers.Concatenate(name="code", dtype="float32")(pooled)


def _stage(features, *, name):
    """Return a stage's correction: how far to go along the linear map, ``[B, 1, 1]``, and ``[B, TERMS, 3]``.

    Both are small at the start of training.
    """
    flat = [keras.layers.Flatten(dtype="float32")(feature) for feature in features]
    x = keras.layers.Concatenate(name=f"{name}_join", dtype="float32")(flat)
    for number in range(2):
        x = keras.layers.Dense(UNITS, activation="relu", name=f"{name}_dense_{number}", dtype="float32")(x)
    along, change = (
        keras.layers.Dense(units, kernel_initializer=initializer(), name=f"{name}_{part}", dtype="float32")(x)
        for part, units in (("along", 1), ("change", 3 * TERMS))
    )
    shapes = ((1, 1), (TERMS, 3))
    return [keras.layers.Reshape(shape, dtype="float32")(x) for shape, x in zip(shapes, (along, change), strict=True)]
