"""Logons that fail, against sockets that are closed or silent."""

import socket
import time
from collections.abc import Iterator

import pytest

from venue.client import ClientError, LogonFailed, connect


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_a_closed_port_is_told_with_who_and_where(closed_port: int) -> None:
    with pytest.raises(LogonFailed) as failed:
        connect("TRADER1", port=closed_port, timeout=5)
    for part in ("TRADER1", "VENUE", f"127.0.0.1:{closed_port}", "FIX.4.4", "Connection refused"):
        assert part in str(failed.value)


def test_a_silent_venue_does_not_hold_the_client(silent_port: int) -> None:
    start = time.monotonic()
    with pytest.raises(LogonFailed, match=r"no answer within 2\.5 s"):
        connect("TRADER1", port=silent_port, timeout=2.5)
    assert time.monotonic() - start < 5


def test_a_host_without_address_is_told_at_once() -> None:
    start = time.monotonic()
    with pytest.raises(LogonFailed, match=r"no-such-host\.invalid"):
        connect("TRADER1", host="no-such-host.invalid", port=1, timeout=10)
    assert time.monotonic() - start < 9


def test_an_unknown_version_is_named_with_those_that_are_known() -> None:
    with pytest.raises(ClientError, match=r"'FIX\.9' is none of FIX\.4\.2, FIX\.4\.4, FIXT\.1\.1"):
        connect("TRADER1", port=1, begin_string="FIX.9")


def test_an_address_can_be_tried_again_after_a_failure(closed_port: int) -> None:
    for _ in range(2):
        with pytest.raises(LogonFailed, match="Connection refused"):
            connect("TRADER1", port=closed_port, timeout=5)
