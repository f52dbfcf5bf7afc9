"""A server for the tests of downloads."""

import pytest

from tests.datasets.serving import serving


@pytest.fixture
def server():
    with serving() as server:
        yield server
