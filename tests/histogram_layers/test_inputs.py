"""What is not an image of the range is an error, and not a plausible histogram."""

import numpy as np
import pytest
import tensorflow as tf

from histogram_layers import (
    HistogramMatching,
    SoftHistogram,
    dense,
    hard_histogram,
    joint_histogram,
    match_channels,
    match_histograms,
    match_histograms_lut,
    match_to_quantiles,
    replace_channels,
    soft_histogram,
    sort_matching,
)

UNIFORM = np.full([1, 1, 8], 1 / 8)  # a histogram of one channel
RAMP = np.linspace(-1, 1, 8)[None]  # sorted values of one channel
# Each takes images of one channel, in the default range [-1, 1].
BY_VALUE = {
    "soft_histogram": soft_histogram,
    "hard_histogram": hard_histogram,
    "joint_histogram, first": lambda images: joint_histogram(images, np.zeros(images.shape)),
    "joint_histogram, second": lambda images: joint_histogram(np.zeros(images.shape), images),
    "match_histograms": lambda images: match_histograms(images, UNIFORM),
    "match_to_quantiles": lambda images: match_to_quantiles(images, RAMP),
    "match_channels": lambda images: match_channels(images, {0: UNIFORM[0, 0]}),
    "dense.soft_histogram": dense.soft_histogram,
    "SoftHistogram": SoftHistogram(),
    "HistogramMatching": HistogramMatching(),
    "HistogramMatching, target": lambda images: HistogramMatching(images),
    "HistogramMatching, adapt": lambda images: HistogramMatching().adapt(images),
}
FUNCTIONS = BY_VALUE | {"sort_matching": lambda images: sort_matching(images, RAMP)}
LAYERS = ("SoftHistogram", "HistogramMatching")  # Keras converts their inputs to tensors first


@pytest.mark.parametrize("name", BY_VALUE)
def test_integers_in_a_normalized_range_are_an_error_that_says_what_to_divide_by(name, rng):
    images = rng.integers(0, 256, [1, 4, 4, 1], np.uint8)
    with pytest.raises(
        ValueError, match=r"float for the value_range \(-1.0, 1.0\); received uint8: divide .* by 127.5"
    ):
        BY_VALUE[name](images)
    BY_VALUE[name](np.float32(images / 127.5 - 1))  # as the error says


def test_the_divisor_is_that_of_the_type_and_of_the_range():
    for dtype, value_range, advice in (
        ("uint8", (0, 1), "divide them by 255, or give value_range=(0, 255)"),
        ("uint16", (0.0, 1.0), "divide them by 65535, or give value_range=(0, 65535)"),
        ("int64", (-1, 1), "divide them by 127.5 and subtract 1, or"),
    ):
        with pytest.raises(ValueError, match=dtype) as error:
            soft_histogram(np.zeros([1, 2, 2, 1], dtype), value_range=value_range)
        assert advice in str(error.value)


def test_integers_in_a_graph_are_an_error_too():
    traced = tf.function(soft_histogram)
    with pytest.raises(ValueError, match="received uint8"):
        traced(tf.zeros([1, 2, 2, 1], tf.uint8))


def test_integers_in_their_own_range_are_counted(rng):
    images = rng.integers(0, 256, [1, 16, 16, 1], np.uint8)
    counts = np.bincount(images.ravel(), minlength=256) / images.size
    np.testing.assert_allclose(hard_histogram(images, 256, (0, 256))[0, 0], counts, atol=1e-7)
    soft = soft_histogram(images, 256, (-0.5, 255.5), kernel_width_ratio=100)
    np.testing.assert_allclose(soft[0, 0], counts, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in LAYERS])
def test_masked_pixels_are_an_error_and_a_mask_that_hides_nothing_is_none(name, rng):
    values = rng.uniform(-1, 1, [1, 4, 4, 1])
    with pytest.raises(ValueError, match="must not have masked values; received 3"):
        FUNCTIONS[name](np.ma.masked_array(values, np.arange(16).reshape(values.shape) < 3))
    FUNCTIONS[name](np.ma.masked_array(values, False))


def test_masked_bytes_are_an_error():
    image = np.ma.masked_equal(np.arange(12, dtype=np.uint8).reshape(2, 2, 3), 4)
    for pair in ((image, image.data), (image.data, image)):
        with pytest.raises(ValueError, match="must not have masked values; received 1"):
            match_histograms_lut(*pair)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "HistogramMatching, target"])
def test_an_image_without_a_batch_is_an_error_that_says_so(name):
    with pytest.raises(ValueError, match=r"must be \[B, H, W, C\].*received the shape \(4, 4, 1\)"):
        FUNCTIONS[name](np.zeros([4, 4, 1], np.float32))
    with pytest.raises(ValueError, match=r"; give images\[None\], which has an axis for the batch"):
        soft_histogram(np.zeros([4, 4, 1], np.float32))


def test_an_image_without_pixels_is_an_error():
    with pytest.raises(ValueError, match="must have pixels"):
        soft_histogram(np.zeros([1, 0, 4, 3], np.float32))


@pytest.mark.parametrize("value", (np.nan, np.inf, -np.inf, 1.5))
def test_a_target_has_no_values_that_are_not_in_the_range(value):
    image = np.zeros([1, 4, 4, 1])
    image[0, 1, 2, 0] = value
    with pytest.raises(ValueError, match=r"target must lie in \(-1.0, 1.0\)"):
        HistogramMatching(image)
    with pytest.raises(ValueError, match=r"data must lie in \(-1.0, 1.0\)"):
        HistogramMatching().adapt([np.zeros([1, 4, 4, 1]), image])
    with pytest.raises(ValueError, match="a histogram must have no negative bins and sum to 1"):
        HistogramMatching(np.array([[0.5, 0.5, value]]))


@pytest.mark.parametrize("curve", ([np.nan, 1.0], [np.inf, 1.0], [-0.5, 1.5], [0.0, 0.0], [], [[0.5, 0.5]]))
def test_a_curve_that_is_no_histogram_is_an_error(curve):
    with pytest.raises(ValueError, match=r"the curve of channel 0 must be \[K\], with bins"):
        replace_channels(UNIFORM, {0: curve})


@pytest.mark.parametrize(
    "options", [{"bins": np.nan}, {"bins": np.inf}, {"value_range": (0, np.inf)}, {"value_range": (np.nan, 1)}]
)
def test_options_that_are_not_finite_are_an_error(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        soft_histogram(np.zeros([1, 2, 2, 1], np.float32), **options)
