"""A local server for the tests of downloads."""

import pytest

from tests.datasets.serving import running_server


@pytest.fixture
def server():
    with running_server() as server:
        yield server
