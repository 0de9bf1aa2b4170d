"""Logons that fail, against sockets that are closed or silent."""

import queue
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.unit.client.stub_venue import StubVenue
from venue.client import ClientError, LogonFailed, connect
from venue.client.session import Hooks, _Application
from venue.client.settings import Logon

PATIENT = {"LogonTimeout": "60"}
"""QuickFIX would wait on."""


@pytest.fixture
def closed_port() -> Iterator[int]:
    """One on which nobody listens, and that nobody is given meanwhile."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def test_a_closed_port_is_told_with_who_and_where(closed_port: int) -> None:
    with pytest.raises(LogonFailed) as failed:
        connect("TRADER1", port=closed_port, timeout=30)
    for part in ("TRADER1", "VENUE", f"127.0.0.1:{closed_port}", "FIX.4.4", "Connection refused"):
        assert part in str(failed.value)


def test_a_silent_venue_is_left_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(LogonFailed, match=r"no answer within 0\.5 s"):
            connect("TRADER1", port=silent.getsockname()[1], timeout=0.5, quickfix=PATIENT)
        connection, _ = silent.accept()
        connection.settimeout(30)
        with connection, connection.makefile("rb") as received:
            assert b"\x0135=A\x01" in received.read()  # to its end: the client has hung up


def test_a_host_without_address_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[object] = []
    monkeypatch.setattr("venue.client.session.quickfix.SocketInitiator", tried.append)
    with pytest.raises(LogonFailed, match=r"no-such-host\.invalid"):
        connect("TRADER1", host="no-such-host.invalid", port=1)
    assert tried == []


def test_an_unknown_version_is_named_with_those_that_are_known() -> None:
    known = r"FIX\.4\.2, FIX\.4\.4, FIX\.5\.0SP2"
    with pytest.raises(ClientError, match=rf"version: 'FIX\.9' is none of {known}"):
        connect("TRADER1", port=1, version="FIX.9")


@pytest.mark.parametrize(
    ("version", "begin_string"),
    [("FIX.4.2", "FIX.4.2"), ("FIX.4.4", "FIX.4.4"), ("FIX.5.0SP2", "FIXT.1.1")],
)
@pytest.mark.parametrize(
    ("choice", "said"), [(True, "|9001=Y|"), (False, "|9001=N|"), (None, None)]
)
def test_a_logon_says_its_version_who_it_is_and_what_becomes_of_its_orders(
    version: str, begin_string: str, choice: bool | None, said: str | None
) -> None:
    with (
        closing(StubVenue()) as stub,
        connect(
            "TRADER1",
            port=stub.port,
            timeout=30,
            version=version,
            username="ME",
            password="SECRET",
            cancel_on_disconnect=choice,
        ),
    ):
        pass
    [logon] = stub.logons
    assert logon.startswith(f"8={begin_string}|")
    assert ("|1137=9|" in logon) is (version == "FIX.5.0SP2")
    assert "|553=ME|" in logon and "|554=SECRET|" in logon
    assert said in logon if said else "|9001=" not in logon


def test_an_address_can_be_tried_again_after_a_failure(closed_port: int) -> None:
    for _ in range(2):
        with pytest.raises(LogonFailed, match="Connection refused"):
            connect("TRADER1", port=closed_port, timeout=30)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, {}),
        ({"password": "SECRET"}, {553: "TRADER1", 554: "SECRET"}),
        ({"username": "ME"}, {553: "ME"}),
        (
            {"username": "", "password": "SECRET", "new_password": "NEW"},
            {553: "", 554: "SECRET", 925: "NEW"},
        ),
    ],
)
def test_a_password_is_the_comp_ids_unless_it_is_said_whose(
    given: dict[str, str], said: dict[int, str]
) -> None:
    logon = Logon(
        comp_id="TRADER1",
        target_comp_id="V",
        host="h",
        port=1,
        version_name="X",
        **given,
    )
    assert logon.fields == said


def test_a_new_password_is_the_password_of_the_next_logon() -> None:
    application = _Application(queue.SimpleQueue(), {553: "ME", 554: "OLD", 925: "NEW"}, Hooks())
    for _ in range(2):
        application.onLogon(None)
        assert application.logon_fields == {553: "ME", 554: "NEW"}
