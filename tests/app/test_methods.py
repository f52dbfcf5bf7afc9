"""The demo's two ways to make an output: a fit to the pair, and a run."""

import numpy as np
import pytest
import skimage.data

import config
from app.methods import FitMethod, RunMethod, match_to_edits, rgb_histogram, with_edits
from app.opening import read_upload
from utils import UserError
from utils.images import resize

SOURCE = resize(skimage.data.chelsea(), (48, 72))
REFERENCE = resize(skimage.data.coffee(), (48, 72))
BLUE = 2


def finish(work):
    """The shares that a generator yields, and what it returns."""
    shares = []
    while True:
        try:
            shares.append(next(work))
        except StopIteration as done:
            return shares, done.value


@pytest.fixture(scope="module")
def fit():
    return FitMethod(steps=24)


@pytest.fixture(scope="module")
def matching(matching_run):
    return RunMethod(config.load_run(matching_run), matching_run)


@pytest.fixture(params=["fit", "matching"])
def method(request):
    return request.getfixturevalue(request.param)


def distance(first, second):
    """The Earth Mover's Distance of histograms ``[C, K]``, as a share of the range, by channel."""
    return np.abs(np.cumsum(first - second, axis=-1)).mean(-1)


def mirrored(method):
    """The reference's blue, dark for bright: an edit far from what it was."""
    return {BLUE: method.histogram(REFERENCE)[BLUE, ::-1]}


def test_the_output_has_the_references_histogram_and_none_of_it_at_strength_0(method):
    _, prepared = finish(method.prepare(SOURCE, REFERENCE, {}))
    none, full = (method.translate(prepared, SOURCE, strength) for strength in (0.0, 1.0))
    assert full.shape == SOURCE.shape and full.dtype == np.uint8
    np.testing.assert_allclose(none, SOURCE, atol=1 if isinstance(method, FitMethod) else 6)
    reached, before = (distance(method.histogram(x), method.histogram(REFERENCE)).mean() for x in (full, SOURCE))
    assert reached < 0.5 * before


def test_an_edited_histogram_moves_the_outputs_towards_it_and_leaves_the_others(method):
    edits = mirrored(method)
    plain, edited = (
        method.histogram(method.translate(finish(method.prepare(SOURCE, REFERENCE, each))[1], SOURCE, 1.0))
        for each in ({}, edits)
    )
    assert distance(edited[BLUE], edits[BLUE]) < 0.5 * distance(plain[BLUE], edits[BLUE])
    assert (distance(edited, plain)[:BLUE] < 0.3 * distance(edited, plain)[BLUE]).all()


def test_16_bits_stay_16_bits(method):
    deep = SOURCE.astype(np.uint16) * 257
    _, prepared = finish(method.prepare(deep, REFERENCE, {}))
    output = method.translate(prepared, deep, 1.0)
    assert output.dtype == np.uint16 and np.any(output % 257)


def test_a_fit_says_how_far_it_is_and_can_be_given_up(fit):
    shares, first = finish(fit.prepare(SOURCE, REFERENCE, {}))
    assert shares == sorted(shares) and len(shares) == 6 and shares[-1] == 1
    given_up = fit.prepare(REFERENCE, SOURCE, {})
    next(given_up)
    given_up.close()
    np.testing.assert_allclose(finish(fit.prepare(SOURCE, REFERENCE, {}))[1], first, atol=1e-3)


def test_a_run_in_gray_translates_the_gray_source(short):
    method = RunMethod(config.load_run(short[0]), short[0])
    gray = method.source(SOURCE)
    assert np.ptp(gray, axis=-1).max() == 0 and method.color_space == "yuv"
    _, prepared = finish(method.prepare(SOURCE, REFERENCE, {1: np.ones(64) / 64}))
    np.testing.assert_allclose(prepared[0, 1], 1 / 32)  # of its 32 bins
    assert method.translate(prepared, SOURCE, 1.0).shape == SOURCE.shape


def test_edits_are_resampled_to_bins_that_sum_to_1(rng):
    histogram = rng.dirichlet(np.ones(256), [1, 3]).astype(np.float32)
    curve = rng.dirichlet(np.ones(64))
    edited = with_edits(histogram, {1: 3 * curve})
    np.testing.assert_array_equal(edited[:, [0, 2]], histogram[:, [0, 2]])
    np.testing.assert_allclose(edited[0, 1].reshape(64, 4).sum(-1), curve, atol=1e-6)


def test_matching_to_edits_leaves_other_channels_as_they_are():
    edits = {BLUE: rgb_histogram(SOURCE)[BLUE]}
    matched = match_to_edits(REFERENCE, edits)
    np.testing.assert_array_equal(matched[..., :BLUE], REFERENCE[..., :BLUE])
    assert (
        distance(rgb_histogram(matched)[BLUE], edits[BLUE])
        < 0.01
        < distance(rgb_histogram(REFERENCE)[BLUE], edits[BLUE])
    )


@pytest.mark.parametrize(
    "shape,message", [((7100, 7100), "50.4 megapixels, and at most 50 are taken"), (None, "not an image")]
)
def test_a_file_that_cannot_be_used_is_one_sentence(tmp_path, save, shape, message):
    path = tmp_path / "photo.png"
    if shape:
        save(path, np.zeros(shape, np.uint8))
    else:
        path.write_bytes(b"no image")
    with pytest.raises(UserError, match=f"^photo.png cannot be used: {message}.*; choose another file$"):
        read_upload(path)


def test_an_upload_is_turned_as_its_exif_says(tmp_path):
    from PIL import Image

    image = Image.fromarray(SOURCE)
    exif = image.getexif()
    exif[0x0112] = 6
    image.save(tmp_path / "turned.png", exif=exif)
    np.testing.assert_array_equal(read_upload(tmp_path / "turned.png"), np.rot90(SOURCE, -1))
