from typing import Any

import pytest

from tests.unit.core.desk import (
    AT_THE_CLOSE,
    BUY,
    GTC,
    SELL,
    STOP,
    Desk,
    assert_canceled,
    assert_status,
    story,
)
from venue.core import commands as c
from venue.core import events as e
from venue.core.types import (
    ExecRestatementReason,
    MassCancelRejectReason,
    MassScope,
    OrdRejReason,
    OrdStatus,
    Side,
)

LOST, LOGOUT = ExecRestatementReason.CONNECTION_LOSS, ExecRestatementReason.LOGOUT


@pytest.fixture
def desk() -> Desk:
    """TRADER1 has a, b, d, e and f; f waits. TRADER3 is of its firm."""
    desk = Desk()
    desk.define("MSFT")
    desk.new("a", BUY, 5, 9900)
    desk.new("b", SELL, 5, 10100, symbol="MSFT")
    desk.new("c", BUY, 5, 9900, session="TRADER3")
    desk.new("d", SELL, 5, 10100)
    desk.new("e", BUY, 5, 9950, symbol="MSFT")
    desk.new("f", SELL, 5, None, ord_type=STOP, stop_px=9000)
    return desk


SELECTIONS: Any = [
    ("", None, "abdef"),
    ("", BUY, "ae"),
    ("", SELL, "bdf"),
    ("AAPL", None, "adf"),
    ("AAPL", SELL, "df"),
    ("MSFT", None, "be"),
    ("MSFT", BUY, "e"),
]


@pytest.mark.parametrize(("symbol", "side", "gone"), SELECTIONS)
def test_mass_cancel(desk: Desk, symbol: str, side: Side | None, gone: str) -> None:
    report, *canceled = desk.mass_cancel("q", symbol, side)
    scope = MassScope.SECURITY if symbol else MassScope.ALL
    count = len(gone)
    assert report == e.MassCancelReported(
        "TRADER1", 7, "q", scope, symbol, side or "", count, None, ""
    )
    for order_name, event in zip(gone, canceled, strict=True):
        assert_canceled(event, "q", orig_cl_ord_id=order_name, session="TRADER1", text=None)
        assert event.reason is None
    live = [order.cl_ord_id for order in desk.venue._trading.live()]
    assert live == [name for name in "abcdef" if name not in gone]
    assert [event.exec_id for event in canceled] == [6 + number for number in range(1, 1 + count)]
    desk.venue.check()


def test_mass_cancel_takes_its_order_id_from_the_orders(desk: Desk) -> None:
    report, *_ = desk.mass_cancel("q")
    (accepted,) = desk.new("g")
    assert (report.order_id, accepted.order_id) == (7, 8)


def test_mass_cancel_of_nothing(desk: Desk) -> None:
    (report,) = desk.mass_cancel("q", "AAPL", session="TRADER2")
    assert (report.total_affected_orders, report.reason) == (0, None)


@pytest.mark.parametrize("name", ["a", "q"])
def test_mass_cancel_with_a_used_id(desk: Desk, name: str) -> None:
    desk.mass_cancel("q", "AAPL", BUY)
    for symbol in ("", "NONE"):
        (report,) = desk.mass_cancel(name, symbol)
        assert report.reason is MassCancelRejectReason.OTHER
        assert report.text == f"ClOrdID(11) {name} was used before"
        assert report.total_affected_orders == 0
    assert len(desk.venue.orders.live("TRADER1")) == 4
    desk.venue.check()


def test_mass_cancel_of_an_unknown_instrument(desk: Desk) -> None:
    (report,) = desk.mass_cancel("q", "NONE", SELL)
    text = "Symbol(55) NONE is not traded here"
    unknown = MassCancelRejectReason.UNKNOWN_SECURITY
    assert report == e.MassCancelReported("TRADER1", 7, "q", "1", "NONE", "2", 0, unknown, text)
    (event,) = desk.new("q")
    assert isinstance(event, e.OrderRejected) and event.reason is OrdRejReason.DUPLICATE_ORDER


def test_mass_cancel_refused_at_the_border(desk: Desk) -> None:
    why = MassCancelRejectReason.NOT_SUPPORTED, "a text"
    who = "TRADER1", "NORTH", "q", "3", "AAPL", "x"
    (report,) = desk.venue.handle(c.RefuseMassCancel(*who, *why))
    assert report == e.MassCancelReported("TRADER1", 7, "q", "3", "AAPL", "x", 0, *why)
    (report,) = desk.venue.handle(c.RefuseMassCancel(*who, *why))
    assert report.reason is MassCancelRejectReason.OTHER and report.order_id == 8
    assert report.text == "ClOrdID(11) q was used before"


@pytest.mark.parametrize(("symbol", "side", "found"), SELECTIONS)
def test_mass_status(desk: Desk, symbol: str, side: Side | None, found: str) -> None:
    before = desk.venue.state_hash()
    events = desk.mass_status(symbol, side)
    for name, event in zip(found, events, strict=True):
        assert_status(event, name, session="TRADER1", mass_status_req_id="REQ")
        assert (event.total_reports, event.ord_status_req_id) == (len(found), "")
    assert [event.last_report for event in events] == [False] * (len(found) - 1) + [True]
    assert desk.venue.state_hash() == before


@pytest.mark.parametrize(
    ("symbol", "reason", "text"),
    [
        ("", OrdRejReason.UNKNOWN_ORDER, "this session has no such live order"),
        ("AAPL", OrdRejReason.UNKNOWN_ORDER, "this session has no such live order"),
        ("NONE", OrdRejReason.UNKNOWN_SYMBOL, "Symbol(55) NONE is not traded here"),
    ],
)
@pytest.mark.parametrize("side", [None, SELL])
def test_mass_status_of_nothing(
    desk: Desk, symbol: str, reason: OrdRejReason, text: str, side: Side | None
) -> None:
    (event,) = desk.mass_status(symbol, side, session="TRADER2")
    assert event == e.NoOrdersReported("TRADER2", "REQ", symbol, side or "", reason, text)


@pytest.mark.parametrize(
    ("reason", "text"),
    [(LOST, "canceled: the connection was lost"), (LOGOUT, "canceled: the session logged out")],
)
def test_a_session_that_is_gone(desk: Desk, reason: ExecRestatementReason, text: str) -> None:
    desk.connect()
    assert desk.venue.connected == {"TRADER1": "NORTH"}
    desk.new("g", BUY, 5, 9900, AT_THE_CLOSE)
    events = desk.disconnect(reason=reason)
    for name, event in zip("abdefg", events, strict=True):
        fields = {"session": "TRADER1", "orig_cl_ord_id": None, "reason": reason, "text": text}
        assert_canceled(event, name, **fields)
    assert [order.cl_ord_id for order in desk.venue._trading.live()] == ["c"]
    assert desk.venue.connected == {}
    assert desk.disconnect(reason=reason) == []
    desk.venue.check()


def test_witnesses_are_told_the_same(desk: Desk) -> None:
    desk.connect()
    desk.mass_cancel("q", "MSFT")
    desk.cancel("x", "a")
    events = desk.disconnect(witnesses=("TRADER3", "FIX.4.2:TRADER1"))
    assert [(event.cl_ord_id, event.session) for event in events] == [
        ("d", "TRADER1"),
        ("d", "TRADER3"),
        ("d", "FIX.4.2:TRADER1"),
        ("f", "TRADER1"),
        ("f", "TRADER3"),
        ("f", "FIX.4.2:TRADER1"),
    ]
    first = events[0].exec_id
    assert [event.exec_id for event in events] == [first] * 3 + [first + 1] * 3
    assert events[1] == e.OrderCanceled(
        "TRADER3", *(getattr(events[0], name) for name in e.OrderCanceled.__struct_fields__[1:])
    )


def test_a_session_that_keeps_its_orders(desk: Desk) -> None:
    assert desk.disconnect() == []
    desk.connect(cancel_on_disconnect=False)
    assert desk.venue.connected == {} and desk.disconnect() == []
    assert desk.order("a").live


def test_the_last_logon_counts(desk: Desk) -> None:
    desk.connect()
    desk.connect(cancel_on_disconnect=False)
    assert desk.disconnect() == []
    desk.connect(cancel_on_disconnect=False)
    desk.connect()
    assert len(desk.disconnect()) == 5


def test_a_session_connects_again(desk: Desk) -> None:
    desk.connect()
    desk.disconnect()
    desk.new("g", BUY, 5, 9900)
    assert desk.disconnect() == [] and desk.order("g").live
    desk.connect()
    assert story(desk.disconnect()) == ["canceled g"]


def test_good_till_canceled_orders_go_too(desk: Desk) -> None:
    desk.advance("20260105 12:00")
    desk.new("g", BUY, 5, 9900, GTC)
    desk.connect()
    desk.advance("20260106 00:00")
    (canceled,) = desk.disconnect()
    assert_canceled(canceled, "g", ord_status=OrdStatus.CANCELED)
    assert canceled.details.carried_over


def test_a_mass_cancel_leaves_the_order_of_another_that_a_refused_request_named() -> None:
    desk = Desk()
    desk.new("own", session="TRADER3")
    desk.new("a")
    (refused,) = desk.cancel("x", order_id="2", side="2", session="TRADER3")
    assert isinstance(refused, e.CancelRejected) and refused.order_id == 2
    canceled = desk.mass_cancel("q", session="TRADER3")[1:]
    assert [event.order_id for event in canceled] == [1]


def test_each_mass_cancel_finds_what_came_since_the_last() -> None:
    desk = Desk()
    for number in range(1, 4):
        desk.new(f"a{number}")
        canceled = desk.mass_cancel(f"q{number}")[1:]
        assert [event.orig_cl_ord_id for event in canceled] == [f"a{number}"]
