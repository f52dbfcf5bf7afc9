"""The criteria of the best checkpoint prefer good outputs, also to bad ones with the reference's histograms."""

import numpy as np
import pytest
import skimage.data
from skimage.color import deltaE_ciede2000, rgb2lab

from metrics import CRITERIA, evaluation_samples, validation_error
from utils.images import resize

SIZE = (96, 128)
OPTIONS = {"bins": 64, "value_range": (-1.0, 1.0), "kernel_width_ratio": 2.5, "boundary": "reflect"}


@pytest.fixture
def photographs():
    return [resize(getattr(skimage.data, name)(), SIZE, "area") for name in ("coffee", "chelsea")]


@pytest.fixture
def error(photographs):
    """A function that returns the error of an output, by a criterion: the source is the cat, the rest the coffee."""
    coffee, cat = photographs

    def error(criterion, output):
        images = {"source": cat, "reference": coffee, "target": coffee, "output": output}
        rgb = {name: np.stack([image, image[::-1]]) for name, image in images.items()}
        options = {"color_space": "yuv", "channels": {}, "content": "source", "histogram_options": OPTIONS}
        return validation_error(criterion, evaluation_samples(rgb, **options))

    return error


def test_delta_e_is_scikit_images_and_sees_shuffled_pixels(photographs, error, rng):
    coffee, _ = photographs
    darker = np.uint8(coffee * 0.9)
    expected = deltaE_ciede2000(rgb2lab(coffee), rgb2lab(darker)).mean()
    assert error("delta_e", darker) == pytest.approx(expected, rel=1e-6) and error("delta_e", coffee) < 1e-6
    shuffled = rng.permutation(coffee.reshape(-1, 3)).reshape(coffee.shape)
    assert error("delta_e", shuffled) > 3 * error("delta_e", darker)


def test_the_transfer_error_is_lower_than_of_the_source_and_of_shuffled_reference_pixels(photographs, error, rng):
    coffee, cat = photographs
    shuffled = rng.permutation(coffee.reshape(-1, 3)).reshape(coffee.shape)
    assert error("transfer_error", cat) == pytest.approx(1, abs=1e-6)
    assert error("transfer_error", shuffled) == pytest.approx(1, abs=0.1)
    moments = [(image.mean((0, 1)), image.std((0, 1))) for image in (cat, coffee)]
    moved = (cat - moments[0][0]) / moments[0][1] * moments[1][1] + moments[1][0]  # Reinhard's, in RGB
    assert error("transfer_error", np.uint8(np.clip(moved, 0, 255))) < 0.7


@pytest.mark.parametrize("criterion", CRITERIA)
def test_no_images_have_no_error(criterion):
    assert np.isnan(validation_error(criterion, []))


def test_a_source_with_the_references_histograms_has_an_error(photographs):
    coffee, _ = photographs
    rgb = {name: coffee[None] for name in ("source", "reference", "output")}
    options = {"color_space": "yuv", "channels": {}, "content": "source", "histogram_options": OPTIONS}
    assert validation_error("transfer_error", evaluation_samples(rgb, **options)) == pytest.approx(0, abs=1e-6)
