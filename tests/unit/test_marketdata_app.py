"""What the market data process is before it follows a journal."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from venue import log, marketdata_app
from venue.config import load
from venue.files import shipped


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_what_it_writes_is_its_owners(
    usual_umask: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    masks = []
    monkeypatch.setattr(marketdata_app, "_follow", lambda *_: masks.append(os.umask(0)))
    monkeypatch.setattr(log, "configure", lambda *_: None)
    options = ["marketdata.port=7999", f"venue.data={tmp_path}"]
    assert marketdata_app.serve_market_data(load(shipped("config/venue.yaml"), options)) == 0
    assert masks == [0o077]
