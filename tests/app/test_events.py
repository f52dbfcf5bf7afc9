"""What the page's events do, without a browser."""

import numpy as np
import pytest
import skimage.data

from utils.colors import read_lut
from utils.images import resize, write_image

gr = pytest.importorskip("gradio")

from app.events import Events  # noqa: E402 after gradio
from app.methods import MapMethod  # noqa: E402
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
    return Events([method, network], [CAT, COFFEE], read=None, write=write_image, folder=tmp_path)


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
