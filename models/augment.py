"""Network augmentation: append histogram layers to a generator, as one Keras model (HueNet, section 3)."""

from collections.abc import Sequence

from tensorflow import keras

from histogram_layers import Boundary, JointHistogram, SoftHistogram
from models.convert_colors import ConvertColors
from models.inputs import inputs_of
from utils.colors import channel_names


def augment(
    generator: keras.Model,
    bins: int = 256,
    value_range: tuple[float, float] = (-1.0, 1.0),
    kernel_width_ratio: float = 2.5,
    boundary: Boundary = "reflect",
    *,
    color_space: str = "yuv",
    histogram_space: str | None = None,
    joint_space: str | None = None,
    joint_boundary: Boundary | None = None,
    inner: Sequence[str] = (),
) -> keras.Model:
    """Append the histogram layers to a generator.

    Args:
        generator: a `keras.Model` whose inputs are named ``source`` and, if it takes one, ``reference_histogram``.
        bins, value_range, kernel_width_ratio, boundary: as in `histogram_layers.soft_histogram`.
        color_space: the color space of the generator's images.
        histogram_space: the color space of the histogram, by default color_space (see `utils.colors`).
        joint_space: the color space of the joint histogram, by default histogram_space.
        joint_boundary: the boundary rule of the joint histogram, by default boundary.
        inner: names of layers of the generator. Their outputs are added to the returned dict, for the loss terms.

    Returns:
        A `keras.Model` with the inputs ``[source, reference_histogram, content]``. It returns a dict:
        ``image [B,H,W,C]``, its soft histogram ``histogram [B,C,K]``, ``joint [B,C,K,K]``, which is
        `joint_histogram(content, image)`, and the outputs of the layers in inner. If the generator
        takes no reference histogram, that input is unused.
    """
    options = {"bins": bins, "value_range": value_range, "kernel_width_ratio": kernel_width_ratio}
    histogram_space = histogram_space or color_space
    joint_space = joint_space or histogram_space
    height, width, channels = generator.output_shape[1:]
    inputs = {tensor.name: keras.Input(tensor.shape[1:], name=tensor.name) for tensor in generator.inputs}
    histogram_channels = len(channel_names(histogram_space, channels))
    inputs.setdefault("reference_histogram", keras.Input((histogram_channels, bins), name="reference_histogram"))
    content = keras.Input((height, width, channels), name="content")

    colors = ConvertColors(color_space, histogram_space, name="histogram_colors")
    joint_colors = ConvertColors(color_space, joint_space, name="joint_colors")
    wanted = {"image": generator.output} | {name: generator.get_layer(name).output for name in inner}
    made = keras.Model(generator.inputs, wanted, name="generator")(inputs_of(generator, inputs))
    image = made["image"]
    outputs = {
        **made,
        "histogram": SoftHistogram(**options, boundary=boundary, name="histogram")(colors(image)),
        "joint": JointHistogram(**options, boundary=joint_boundary or boundary, name="joint")(
            [joint_colors(content), joint_colors(image)]
        ),
    }
    return keras.Model([inputs["source"], inputs["reference_histogram"], content], outputs, name="augmented_generator")
