"""What the page's events do, without a browser."""

import numpy as np
import pytest
import skimage.data
from PIL import Image

from utils.colors import read_lut
from utils.images import resize, write_photograph

gr = pytest.importorskip("gradio")

from app.events import Events  # noqa: E402 after gradio
from app.methods import MapMethod  # noqa: E402
from app.opening import read_mask, read_upload  # noqa: E402
from app.session import Session  # noqa: E402
from engine import QuickFitter  # noqa: E402
from models import PairFitter  # noqa: E402

CAT, COFFEE = (resize(image, (48, 72)) for image in (skimage.data.chelsea(), skimage.data.coffee()))


@pytest.fixture(scope="module")
def method():
    return MapMethod("fit", PairFitter(10), takes_proportions=True)


@pytest.fixture(scope="module")
def network():
    return MapMethod("network", QuickFitter(), takes_proportions=False)


@pytest.fixture
def events(method, network, tmp_path):
    files = {"read": read_upload, "read_mask": read_mask, "write": write_photograph}
    return Events([method, network], [CAT, COFFEE], **files, folder=tmp_path)


@pytest.fixture
def session(events, method):
    session = Session(method.label)
    events.choose_sample("source", session, 0)
    events.choose_sample("reference", session, 1)
    return session


def nothing(share, desc):
    """A progress bar that nobody sees."""


def test_a_pair_is_fitted_and_its_look_is_what_is_shown(events, session):
    shares = []
    (source, output), *_ = events.work(session, 1.0, lambda share, desc: shares.append(share))
    np.testing.assert_array_equal(source, CAT)
    assert shares == sorted(shares) and not np.array_equal(output, CAT)
    (path,) = events.download_look(session, 1.0)
    assert path.endswith(".cube")


def test_the_look_is_the_fitted_map(events, session):
    events.work(session, 1.0, nothing)
    for path in events.download_look(session, 0.5):
        np.testing.assert_allclose(read_lut(path), session.made.prepared.sample(33, 0.5), atol=2e-6)


def test_other_proportions_are_another_fit_and_the_same_ones_are_not(events, session):
    events.work(session, 1.0, nothing)
    first = session.made
    events.start(session)
    events.work(session, 1.0, nothing)
    assert session.made.prepared is first.prepared
    events.choose_proportions(session, 1.0)
    events.work(session, 1.0, nothing)
    assert not np.array_equal(session.made.prepared.table, first.prepared.table)


def test_the_network_makes_a_look_too_without_proportions(events, session, network):
    *_, proportions, look = events.choose_method(session, network.label)
    assert (proportions["visible"], look["visible"]) == ("hidden", True)
    (_, output), *_ = events.work(session, 1.0, nothing)
    first = session.made
    events.choose_proportions(session, 1.0)
    events.work(session, 1.0, nothing)
    assert session.made.prepared is first.prepared  # not made again
    np.testing.assert_array_equal(output, first.prepared.translate(CAT))
    for path in events.download_look(session, 1.0):
        np.testing.assert_allclose(read_lut(path), first.prepared.sample(33), atol=2e-6)


def test_work_for_an_earlier_request_is_given_up(events, session):
    def cancel(share, desc):
        events.cancel(session)

    outputs = events.work(session, 1.0, cancel)
    assert session.made is None and all(isinstance(part, dict) for part in outputs)  # updates of nothing


def test_without_a_pair_there_is_no_look(events, method):
    with pytest.raises(gr.Error, match="There is no look yet"):
        next(events.download_look(Session(method.label), 1.0))


def test_a_mask_limits_what_counts_and_what_changes(events, session, tmp_path):
    """What it leaves stays in the output and in the download, and has no effect on the fit; without it all changes."""
    mask = np.zeros([24, 36], np.uint8)
    mask[:, :18] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    shown, *_ = events.choose_mask(session, tmp_path / "mask.png")
    np.testing.assert_array_equal(shown, mask)
    looks = []
    for hidden in (CAT, np.where(np.arange(72)[:, None] < 40, CAT, 99).astype(np.uint8)):
        Image.fromarray(hidden).save(tmp_path / "source.png")
        events.choose_file("source", session, tmp_path / "source.png")
        (_, output), *_ = events.work(session, 1.0, nothing)
        np.testing.assert_array_equal(output[:, 40:], hidden[:, 40:])
        assert (output[:, :30] != hidden[:, :30]).any()
        looks.append(session.made.prepared.table)
    np.testing.assert_array_equal(*looks)
    for path in events.download(session, 1.0):
        np.testing.assert_array_equal(np.asarray(Image.open(path)), output)
    events.choose_mask(session)
    (_, output), *_ = events.work(session, 1.0, nothing)
    assert (output[:, 40:] != hidden[:, 40:]).any()


def test_a_transparent_image_is_shown_on_white_and_downloaded_with_its_opacity(events, session, tmp_path):
    alpha = np.full([48, 72, 1], 255, np.uint8)
    alpha[:, 50:] = 0
    Image.fromarray(np.dstack([CAT, alpha])).save(tmp_path / "source.png")
    shown, *_ = events.choose_file("source", session, tmp_path / "source.png")
    assert (shown[:, 50:] == 255).all()
    (source, output), *_ = events.work(session, 1.0, nothing)
    assert (output[:, 50:] == 255).all() and np.array_equal(source, shown)
    for path in events.download(session, 1.0):
        written = np.asarray(Image.open(path))
        np.testing.assert_array_equal(written[..., 3:], alpha)
        np.testing.assert_array_equal(written[:, 50:, :3], CAT[:, 50:])


def test_a_black_mask_and_one_that_leaves_nothing_are_a_sentence(events, session, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(gr, "Warning", lambda text, title: said.append(text))
    Image.new("L", (9, 9)).save(tmp_path / "black.png")
    shown, *_ = events.choose_mask(session, tmp_path / "black.png")
    assert shown is None and said == ["black.png is black everywhere, so that no pixel counts; choose another mask"]
    events.work(session, 1.0, nothing)
    Image.fromarray(np.zeros([9, 9, 4], np.uint8)).save(tmp_path / "clear.png")
    events.choose_file("source", session, tmp_path / "clear.png")
    events.work(session, 1.0, nothing)
    assert said[1:] == ["No pixel counts: all are transparent, or the mask is black where they are not."]
