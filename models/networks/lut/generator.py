"""A generator that predicts one map of colors for the whole image, which a lookup table can hold."""

from tensorflow import keras

from models.convert_colors import ConvertColors
from models.networks.lut.map_network import MapNetwork
from models.networks.lut.polynomials import AddPolynomials


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

    `MapNetwork` predicts the map, which adds polynomials of R, G and B to the color.

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
        ``coefficients`` is the `MapNetwork`.

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
    network = MapNetwork(bins, value_range, histogram_space or color_space, name="coefficients")
    coefficients = network([unit, *inputs[1:]] if encoder else unit)
    output = AddPolynomials(name="output")([coefficients, unit])
    output = keras.layers.Rescaling(2.0, offset=-1.0, name="network_range", dtype="float32")(output)
    image = ConvertColors("rgb", color_space, name="image")(output)
    return keras.Model(inputs if encoder else inputs[0], image, name="generator")
