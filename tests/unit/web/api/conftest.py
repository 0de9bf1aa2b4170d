"""A web without a venue, of each test's own."""

import pytest

from tests.unit.web.api.fakes import Server


@pytest.fixture
def server() -> Server:
    return Server()
