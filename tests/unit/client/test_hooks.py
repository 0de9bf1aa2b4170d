"""What QuickFIX's thread tells a program: that something has arrived, and every message."""

import queue
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.unit.client.stub_venue import StubVenue
from tests.unit.client.test_client import report
from venue.client import (
    ClientError,
    ExecutionReport,
    LoggedOn,
    LoggedOut,
    UnreadableMessage,
    connect,
)
from venue.client.events import Event
from venue.client.session import Arrival, Hooks, _Application

Message = tuple[str, str]


@pytest.fixture
def stub() -> Iterator[StubVenue]:
    with closing(StubVenue()) as stub:
        yield stub


def kinds(messages: list[Message]) -> list[Message]:
    """Direction and MsgType(35) of each."""
    return [(way, text.partition("\x0135=")[2].partition("\x01")[0]) for way, text in messages]


def test_what_has_arrived_can_be_read_without_waiting(stub: StubVenue) -> None:
    arrived = threading.Semaphore(0)
    seen: list[Event] = []

    def drained(wanted: type[Event]) -> None:
        while not any(isinstance(event, wanted) for event in seen):
            assert arrived.acquire(timeout=30)
            seen.extend(trader.events(timeout=0))

    with connect("TRADER1", port=stub.port, timeout=30, on_arrival=arrived.release) as trader:
        drained(LoggedOn)
        stub.say(report("A"))
        drained(ExecutionReport)
        stub.say("35=5|58=enough")
        drained(LoggedOut)


def test_what_is_told_of_is_there() -> None:
    inbox: queue.SimpleQueue[Arrival] = queue.SimpleQueue()
    sizes: list[int] = []
    application = _Application(inbox, {}, Hooks(on_arrival=lambda: sizes.append(inbox.qsize())))
    application.onLogon(None)
    application.onLogout(None)
    assert sizes == [1, 2]


def test_one_event_at_a_time_is_one_message_read(stub: StubVenue) -> None:
    arrived = threading.Semaphore(0)
    with connect("TRADER1", port=stub.port, timeout=30, on_arrival=arrived.release) as trader:
        assert isinstance(trader.take(), LoggedOn)
        assert trader.take() is None
        assert arrived.acquire(timeout=30), "the logon"
        stub.say(report("A"))
        stub.say("35=X|262=M|268=1|279=0|269=0|270=1|271=1")  # of which symbol?
        stub.say(report("C"))
        for _ in range(3):
            assert arrived.acquire(timeout=30)
        first = trader.take()
        assert isinstance(first, ExecutionReport) and first.cl_ord_id == "A"
        with pytest.raises(UnreadableMessage):  # and only now is it read
            trader.take()
        last = trader.take()
        assert isinstance(last, ExecutionReport) and last.cl_ord_id == "C"
        assert trader.take() is None


def test_every_message_is_shown_as_it_is_on_the_line(stub: StubVenue) -> None:
    shown: list[Message] = []

    def show(direction: str, text: str) -> None:
        shown.append((direction, text))

    settings: dict[str, Any] = {"timeout": 30, "password": "SECRET", "on_message": show}
    with connect("TRADER1", port=stub.port, **settings) as trader:
        cl_ord_id = trader.new_order("AAPL", "buy", 10, "5.5")
        stub.next()
        stub.say(report(cl_ord_id))
        trader.wait(ExecutionReport)
        stub.say("35=1|112=THERE")
        stub.say(report(cl_ord_id, "4"))
        trader.wait(ExecutionReport)
    told = [*[("out", "A"), ("in", "A"), ("out", "D"), ("in", "8"), ("in", "1"), ("out", "0")]]
    assert kinds(shown)[:7] == [*told, ("in", "8")]
    assert {("out", "5")} <= set(kinds(shown)[7:]) <= {("in", "5"), ("out", "5")}
    assert "\x01554=SECRET\x01" in shown[0][1], "whoever keeps it has to mask it"
    assert f"\x0111={cl_ord_id}\x01" in shown[2][1]


def test_what_we_refuse_is_shown_by_the_refusal(stub: StubVenue) -> None:
    shown: list[Message] = []
    with connect("TRADER1", port=stub.port, timeout=30, on_message=lambda *e: shown.append(e)):
        stub.say(report("A", more="|1138=5"))
        assert "|35=3|" in stub.next()
    assert ("out", "3") in kinds(shown)


def test_a_hook_that_raises_is_a_fault_and_loses_nothing(stub: StubVenue) -> None:
    def broken(*_: object) -> None:
        if is_broken:
            raise RuntimeError("ouch")

    is_broken = False
    with connect(
        "TRADER1", port=stub.port, timeout=30, on_arrival=broken, on_message=broken
    ) as trader:
        trader.wait(LoggedOn)
        is_broken = True
        stub.say(report("A"))
        for name in ("on_message", "on_arrival", "on_arrival"):
            with pytest.raises(ClientError, match=f"a defect in a callback: {name}: .*ouch"):
                trader.wait(ExecutionReport)
        is_broken = False
        assert trader.is_logged_on
        assert trader.orders["A"].is_working


def test_sessions_of_a_version_share_the_dictionaries(stub: StubVenue) -> None:
    """The second one validates as the first does."""
    for _ in range(2):
        with connect("TRADER1", port=stub.port, timeout=90, version="FIX.5.0SP2") as trader:
            stub.say(report("A", more="|851=XX"))
            assert "|35=3|" in stub.next()
            stub.say(report("B"))
            assert trader.wait(ExecutionReport).cl_ord_id == "B"


def test_who_says_how_to_validate_has_it_so(stub: StubVenue) -> None:
    settings = {"UseDataDictionary": "N"}
    with connect("TRADER1", port=stub.port, timeout=30, quickfix=settings) as trader:
        stub.say(report("A", more="|1138=5"))
        assert trader.wait(ExecutionReport).cl_ord_id == "A"
