"""The page's methods: a fit to the pair, the network that comes with the project, and a run."""

import numpy as np
import pytest
import skimage.data

import config
from app.methods import MapMethod, RunMethod
from app.opening import read_upload
from engine import QuickFitter
from models import PairFitter
from utils import UserError
from utils.images import resize

SOURCE = resize(skimage.data.chelsea(), (48, 72))
REFERENCE = resize(skimage.data.coffee(), (48, 72))
BLUE = 2


def prepare(method, source, reference, edits, *, on_progress=lambda share: None):
    return method.prepare(source, reference, edits, proportions=1.0, on_progress=on_progress)


@pytest.fixture(scope="module")
def fit():
    return MapMethod("fit", PairFitter(24), takes_proportions=True)


@pytest.fixture(scope="module")
def quick():
    return MapMethod("network", QuickFitter(), takes_proportions=False)


@pytest.fixture(scope="module")
def matching(matching_run):
    return RunMethod(config.load_run(matching_run), matching_run)


@pytest.fixture(params=["fit", "quick", "matching"])
def method(request):
    return request.getfixturevalue(request.param)


def distance(first, second):
    """The Earth Mover's Distance of histograms ``[C, K]``, as a share of the range, by channel."""
    return np.abs(np.cumsum(first - second, axis=-1)).mean(-1)


def mirrored(method):
    """The reference's blue, dark for bright: an edit far from what it was."""
    return {BLUE: method.histogram(REFERENCE)[BLUE, ::-1]}


def test_the_output_has_the_references_histogram_and_none_of_it_at_strength_0(method):
    prepared = prepare(method, SOURCE, REFERENCE, {})
    none, full = (method.translate(prepared, SOURCE, strength) for strength in (0.0, 1.0))
    assert full.shape == SOURCE.shape and full.dtype == np.uint8
    np.testing.assert_allclose(none, SOURCE, atol=1 if isinstance(method, MapMethod) else 6)
    reached, before = (distance(method.histogram(x), method.histogram(REFERENCE)).mean() for x in (full, SOURCE))
    assert reached < 0.5 * before


def test_an_edited_histogram_moves_the_outputs_towards_it_and_leaves_the_others(method, request):
    edits, network = mirrored(method), "quick" in request.node.callspec.params.values()
    plain, edited = (
        method.histogram(method.translate(prepare(method, SOURCE, REFERENCE, each), SOURCE, 1.0))
        for each in ({}, edits)
    )
    assert distance(edited[BLUE], edits[BLUE]) < 0.5 * distance(plain[BLUE], edits[BLUE])
    share = 0.5 if network else 0.3  # the network knows which colors occur together
    assert (distance(edited, plain)[:BLUE] < share * distance(edited, plain)[BLUE]).all()


def test_16_bits_stay_16_bits(method):
    deep = SOURCE.astype(np.uint16) * 257
    prepared = prepare(method, deep, REFERENCE, {})
    output = method.translate(prepared, deep, 1.0)
    assert output.dtype == np.uint16 and np.any(output % 257)


def test_a_fit_says_how_far_it_is_and_can_be_given_up(fit):
    shares = []
    first = prepare(fit, SOURCE, REFERENCE, {}, on_progress=shares.append)
    np.testing.assert_allclose(shares, np.arange(1, 25) / 24)

    def give_up(share):
        raise KeyError

    with pytest.raises(KeyError):
        prepare(fit, REFERENCE, SOURCE, {}, on_progress=give_up)
    np.testing.assert_array_equal(prepare(fit, SOURCE, REFERENCE, {}).table, first.table)


def test_a_run_in_gray_translates_the_gray_source(short):
    method = RunMethod(config.load_run(short[0]), short[0])
    gray = method.source(SOURCE)
    assert np.ptp(gray, axis=-1).max() == 0 and method.color_space == "yuv"
    prepared = prepare(method, SOURCE, REFERENCE, {1: np.ones(64) / 64})
    np.testing.assert_allclose(prepared[0, 1], 1 / 32)  # of its 32 bins
    assert method.translate(prepared, SOURCE, 1.0).shape == SOURCE.shape


@pytest.mark.parametrize(
    "shape,message", [((7100, 7100), "it has 50.4 megapixels, and the limit is 50"), (None, "not an image")]
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
    np.testing.assert_array_equal(read_upload(tmp_path / "turned.png").rgb, np.rot90(SOURCE, -1))
