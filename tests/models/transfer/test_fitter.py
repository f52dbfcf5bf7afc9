"""The fit of one map of colors to a pair, where the right answer is known."""

import numpy as np
import pytest
import skimage.data
from skimage.color import deltaE_ciede2000, rgb2lab

from metrics import color_transport, palette_distance
from models import PairFitter
from utils import UserError
from utils.images import with_depth

FIRST, SECOND = np.split(skimage.data.coffee()[::4, :592:4], 2, axis=1)  # two halves of one photograph
UNLIKE = skimage.data.chelsea()[::4, ::4]


def look(image):
    """Warmer, brighter, and less saturated."""
    rgb = (image / 255) ** [0.7, 0.8, 1.0]
    return np.uint8(np.round(255 * (0.05 + 0.9 * (0.7 * rgb + 0.3 * rgb.mean(-1, keepdims=True)))))


def difference(image, target):
    return deltaE_ciede2000(rgb2lab(image), rgb2lab(target)).mean()


@pytest.fixture(scope="module")
def fitter():
    return PairFitter()


@pytest.mark.long
def test_the_look_of_one_half_is_given_to_the_other(fitter):
    color_map = fitter.fit([FIRST], look(SECOND))
    assert difference(color_map.translate(FIRST), look(FIRST)) < 0.45 * difference(FIRST, look(FIRST))
    ours = difference(color_map.translate(FIRST), look(FIRST))
    balanced = fitter.fit([FIRST], look(SECOND), proportions=1.0).translate(FIRST)
    assert ours < 0.8 * difference(balanced, look(FIRST))


def test_a_fit_is_the_same_to_the_bit(fitter):
    first, again, other = (fit.fit([FIRST], UNLIKE) for fit in (fitter, fitter, PairFitter()))
    for repeated in (again, other):
        np.testing.assert_array_equal(first.table, repeated.table)


@pytest.mark.long
@pytest.mark.parametrize("proportions", [0.0, 0.5, 1.0])
def test_a_source_that_is_its_own_reference_comes_back(fitter, proportions):
    for image in (UNLIKE, np.uint16(UNLIKE) * 257):
        level = np.iinfo(image.dtype).max / 255
        output = fitter.fit([image], image, proportions=proportions).translate(image)
        assert np.abs(output - np.float64(image)).max() <= level


@pytest.mark.long
@pytest.mark.parametrize("pair", [(FIRST, UNLIKE), (UNLIKE, FIRST)])
@pytest.mark.parametrize("channel", range(3))
def test_gray_under_gray_stays_gray(fitter, pair, channel):
    source, reference = (np.repeat(image[..., [channel]], 3, axis=-1) for image in pair)
    output = fitter.fit([source], reference).translate(source)
    assert np.ptp(output, axis=-1).max() <= 1 and not np.array_equal(output, source)


def test_intensity_rises_with_every_channel_even_where_the_reference_wants_the_reverse(fitter):
    reference = np.stack([FIRST[..., 0], FIRST[..., 1], 255 - FIRST[..., 2]], axis=-1)
    intensity = fitter.fit([FIRST], reference).table.sum(-1)
    assert min(np.diff(intensity, axis=axis).min() for axis in range(3)) > 0


@pytest.mark.long
def test_proportions_go_from_a_palette_to_the_references_own(fitter):
    sky = np.concatenate([np.full((60, 74, 3), (90, 130, 200), np.uint8), UNLIKE[:15, :74]])
    outputs = [fitter.fit([FIRST], sky, proportions=p).translate(FIRST) for p in (0.0, 1.0)]
    transports = [color_transport(output, sky) for output in outputs]
    assert transports[1] < 0.8 * transports[0]
    assert palette_distance(outputs[0], sky) < 0.6 * palette_distance(FIRST, sky)


def test_a_reference_of_one_color_and_a_source_of_one_color(fitter):
    flat = np.full_like(UNLIKE, (200, 90, 40))
    assert np.abs(fitter.fit([UNLIKE], flat).translate(UNLIKE) - np.float64(flat)).mean() < 25
    output = fitter.fit([flat], UNLIKE).translate(flat)
    assert np.ptp(output, axis=(0, 1)).max() == 0 and palette_distance(output, UNLIKE) < 6


def test_the_smallest_images_are_fitted(fitter):
    output = fitter.fit([UNLIKE[:16, :16]], FIRST[:1, :1]).translate(UNLIKE[:16, :16])
    assert output.shape == (16, 16, 3)


def test_frames_share_a_map(fitter):
    color_map = fitter.fit([FIRST, look(FIRST)[:40]], UNLIKE)
    both = np.concatenate([color_map.translate(image).reshape(-1, 3) for image in (FIRST, look(FIRST)[:40])])
    before = np.concatenate([FIRST.reshape(-1, 3), look(FIRST)[:40].reshape(-1, 3)])
    assert palette_distance(both, UNLIKE) < 0.7 * palette_distance(before, UNLIKE)


@pytest.mark.long
def test_local_adds_a_grid_with_nearer_colors():
    steps = []
    plain, local = (PairFitter(40, local=local) for local in (False, True))
    near = local.fit([FIRST], UNLIKE, on_step=lambda step, _: steps.append(step))
    assert steps == [*range(1, local.steps + 1)] and local.steps == 80
    outputs = [fit.translate(FIRST) for fit in (plain.fit([FIRST], UNLIKE), near)]
    assert color_transport(outputs[1], UNLIKE) < 0.8 * color_transport(outputs[0], UNLIKE)
    assert np.array_equal(near.translate(FIRST, 0.0), FIRST)


@pytest.mark.parametrize("proportions", [0, 1])
def test_whole_numbers_are_proportions(fitter, proportions):
    # The page's slider gives an int at either end.
    tables = [fitter.fit([FIRST], UNLIKE, proportions=kind(proportions)).table for kind in (int, float)]
    np.testing.assert_array_equal(*tables)


def test_wrong_proportions_are_refused(fitter):
    with pytest.raises(UserError, match=r"proportions must be from 0 to 1; received 1\.5"):
        fitter.fit([FIRST], SECOND, proportions=1.5)


@pytest.mark.long
@pytest.mark.parametrize("dtype", (np.uint8, np.uint16))
def test_an_image_fitted_to_itself_stays_within_one_level(dtype):
    image = with_depth(skimage.data.coffee()[::2, ::2], dtype)
    for proportions in (0.0, 1.0):
        output = PairFitter(steps=20).fit([image], image, proportions=proportions).translate(image)
        assert np.abs(np.int64(output) - image).max() <= np.iinfo(dtype).max / 255
