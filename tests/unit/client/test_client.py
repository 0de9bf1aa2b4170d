"""The client against a stub that speaks just enough FIX."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

import pytest

from tests.unit.client.stub_venue import StubVenue
from venue.client import (
    Client,
    ClientError,
    ExecutionReport,
    LoggedOn,
    LoggedOut,
    LogonFailed,
    MarketDataSnapshot,
    MassCancelReport,
    NothingArrived,
    NotLoggedOn,
    SessionReject,
    connect,
)


@pytest.fixture
def stub() -> Iterator[StubVenue]:
    with closing(StubVenue()) as stub:
        yield stub


@pytest.fixture
def trader(stub: StubVenue) -> Iterator[Client]:
    with connect("TRADER1", port=stub.port, timeout=30) as trader:
        yield trader


def report(cl_ord_id: str, exec_type: str = "0", more: str = "") -> str:
    return (
        f"35=8|37=O1|17=E{exec_type}|150={exec_type}|39=0|11={cl_ord_id}|55=AAPL|54=1|38=10"
        f"|40=2|44=5.5|59=0|151=10|14=0|6=0{more}"
    )


def test_requests_are_written_with_their_groups(stub: StubVenue, trader: Client) -> None:
    cl_ord_id = trader.new_order("AAPL", "buy", 10, "5.50", time_in_force="ioc", extra={1: "ME"})
    order = stub.next()
    assert f"|11={cl_ord_id}|" in order
    for field in ("|35=D|", "|49=TRADER1|", "|56=VENUE|", "|44=5.50|", "|59=3|", "|1=ME|"):
        assert field in order
    how = {"entry_types": ["bid", "vwap"], "aggregated": False, "numbered": True}
    trader.unsubscribe(trader.subscribe("AAPL", "MSFT", depth=3, interval_ms=50, **how))  # type: ignore[arg-type]
    asked = stub.next()
    assert "|267=2|269=0|269=9|" in asked and "|264=3|265=1|266=N|" in asked
    assert "9083=Y|9084=50|" in asked
    assert "|146=2|55=AAPL|55=MSFT|" in stub.next()


def test_groups_of_messages_that_the_client_has_no_method_for(stub: StubVenue) -> None:
    """QuickFIX sorts fields of which no dictionary says that they are a group's."""
    with connect("TRADER1", port=stub.port, timeout=30, version="FIX.5.0SP2") as trader:
        for symbol in ("AAPL", "MSFT"):
            trader.send("R", [(131, "Q"), (146, 1), (55, symbol), (453, 1), (448, "A"), (452, 1)])
            assert f"|131=Q|146=1|55={symbol}|453=1|448=A|452=1|" in stub.next()
        trader.send("U9", [(58, "of no dictionary")])
        assert "|58=of no dictionary|" in stub.next()


def test_replace_cancel_and_status_keep_the_terms_of_the_order(
    stub: StubVenue, trader: Client
) -> None:
    first = trader.new_order("AAPL", "sell", 10, "5.50", time_in_force="gtc")
    second = trader.replace(first, order_qty=7)
    trader.cancel(second)
    trader.status(second)
    stub.next()
    replace, cancel, status = stub.next(), stub.next(), stub.next()
    for field in (f"|41={first}|", f"|11={second}|", "|38=7|", "|44=5.50|", "|54=2|", "|59=1|"):
        assert field in replace
    for field in (f"|41={second}|", "|38=7|", "|54=2|", "|55=AAPL|"):
        assert field in cancel
    assert f"|11={second}|" in status


def test_an_order_that_is_not_known_needs_its_symbol_and_side(
    stub: StubVenue, trader: Client
) -> None:
    with pytest.raises(ClientError, match="order X is not known here: say symbol and side"):
        trader.cancel("X")
    trader.cancel("X", symbol="AAPL", side="sell")
    assert "|54=2|" in stub.next()
    trader.replace("X", symbol="AAPL", side="buy", order_qty=1, price=2)
    assert "|38=1|40=2|" in stub.next()


def test_an_order_id_alone_names_an_order(stub: StubVenue, trader: Client) -> None:
    with pytest.raises(TypeError, match="expected orig_cl_ord_id or order_id"):
        trader.cancel()
    with pytest.raises(ClientError, match="the order is not known here: say symbol and side"):
        trader.cancel(order_id="O1")
    trader.cancel(order_id="O1", symbol="MSFT", side="sell")
    cancel = stub.next()
    assert "|37=O1|" in cancel and "|41=" not in cancel
    assert "|55=MSFT|" in cancel and "|54=2|" in cancel
    stub.say(report("A"))
    trader.wait(ExecutionReport)
    trader.cancel(order_id="O1")
    cancel = stub.next()
    assert "|37=O1|" in cancel and "|41=" not in cancel and "|55=AAPL|" in cancel
    trader.cancel("A", order_id="O1")
    cancel = stub.next()
    assert "|37=O1|" in cancel and "|41=A|" in cancel


def test_mass_requests_and_their_answers(stub: StubVenue, trader: Client) -> None:
    cl_ord_id = trader.mass_cancel(symbol="AAPL", side="buy")
    asked = stub.next()
    for field in ("|35=q|", f"|11={cl_ord_id}|", "|530=1|", "|55=AAPL|", "|54=1|"):
        assert field in asked
    stub.say(f"35=r|37=O9|11={cl_ord_id}|530=1|531=1|533=0|55=AAPL|54=1")
    assert trader.wait(MassCancelReport, cl_ord_id=cl_ord_id).total_affected_orders == 0
    mass_status_req_id = trader.mass_status(side="sell")
    asked = stub.next()
    for field in ("|35=AF|", f"|584={mass_status_req_id}|", "|585=7|", "|54=2|"):
        assert field in asked
    stub.say(report("A", "I", f"|584={mass_status_req_id}|911=1|912=Y"))
    answer = trader.wait(ExecutionReport, mass_status_req_id=mass_status_req_id)
    assert (answer.tot_num_reports, answer.last_rpt_requested) == (1, True)
    assert trader.orders["A"].is_working
    with pytest.raises(ValueError, match="side: 'both' is none of buy, sell"):
        trader.mass_cancel(side="both")


def test_fix42_has_no_mass_requests(stub: StubVenue) -> None:
    with connect("TRADER1", port=stub.port, timeout=30, version="FIX.4.2") as trader:
        assert not trader.has_mass_requests
        for ask in (trader.mass_cancel, trader.mass_status):
            with pytest.raises(ClientError, match=r"FIX\.4\.2 has no mass requests"):
                ask()


@pytest.mark.parametrize(
    ("version", "display", "said"),
    [("FIX.4.2", "|111=2|", "20=0|"), ("FIX.5.0SP2", "|1138=2|", "")],
)
def test_a_session_in_another_version(
    stub: StubVenue, version: str, display: str, said: str
) -> None:
    with connect("TRADER1", port=stub.port, timeout=30, version=version) as trader:
        assert trader.has_mass_requests is (version != "FIX.4.2")
        cl_ord_id = trader.new_order("AAPL", "buy", 10, "5.5", display_qty=2)
        assert display in stub.next()
        stub.say(report(cl_ord_id).replace("37=", f"{said}37=", 1))
        assert trader.wait(ExecutionReport, cl_ord_id=cl_ord_id).order_qty == 10
        second = trader.replace(cl_ord_id, display_qty=3)
        assert display.replace("2", "3") in stub.next()
        trader.cancel(second)
        assert "|35=F|" in stub.next()
        trader.unsubscribe(trader.subscribe("AAPL"))
        assert "|267=3|269=0|269=1|269=2|" in stub.next()


def test_a_wait_takes_the_first_match_and_leaves_the_rest(stub: StubVenue, trader: Client) -> None:
    for body in (report("A"), report("B"), report("A", "4")):
        stub.say(body)
    assert trader.wait(ExecutionReport, cl_ord_id="A", exec_type="4").cl_ord_id == "A"
    assert trader.wait(ExecutionReport, price="5.50").exec_id == "E0"
    kinds = [(type(event), event.field(11)) for event in trader.events()]
    assert kinds == [(LoggedOn, None), (ExecutionReport, "B")]


def test_a_wait_in_vain_says_what_did_arrive(stub: StubVenue, trader: Client) -> None:
    stub.say(report("A"))
    deadline = time.monotonic() + 30
    while "A" not in trader.orders:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    with pytest.raises(NothingArrived) as nothing:
        trader.wait(ExecutionReport, timeout=0.2, cl_ord_id="B")
    assert "no ExecutionReport, cl_ord_id=B within 0.2 s; unread: 2" in str(nothing.value)
    assert "|11=A|" in str(nothing.value)


def test_a_wait_for_a_field_that_does_not_exist_is_a_mistake(trader: Client) -> None:
    with pytest.raises(TypeError, match="ExecutionReport has no clordid"):
        trader.wait(ExecutionReport, clordid="A")


def test_orders_and_books_are_up_to_date_without_reading_events(
    stub: StubVenue, trader: Client
) -> None:
    md_req_id = trader.subscribe("AAPL")
    stub.say(f"35=W|262={md_req_id}|55=AAPL|268=2|269=0|270=5|271=1|269=2|270=6|271=2")
    stub.say(f"35=X|262={md_req_id}|268=1|279=0|269=1|55=AAPL|270=7|271=3")
    stub.say(report("A"))
    deadline = time.monotonic() + 30
    while not trader.book("AAPL").offers:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    trader.wait(ExecutionReport)
    book = trader.book("AAPL")
    assert book.bids == [(Decimal(5), Decimal(1))]
    assert book.offers == [(Decimal(7), Decimal(3))]
    assert [trade.price for trade in trader.tape("AAPL")] == [Decimal(6)]
    assert trader.orders["A"].leaves_qty == 10
    assert trader.wait(MarketDataSnapshot).symbol == "AAPL"


def test_what_the_stock_dictionary_refuses_is_an_event(stub: StubVenue, trader: Client) -> None:
    stub.say(report("A", more="|1138=5"))
    refusal = trader.wait(SessionReject)
    assert refusal.by_client
    assert (refusal.ref_tag_id, refusal.session_reject_reason) == (1138, "0")
    assert "|35=3|" in stub.next()


def test_a_lost_session_is_told_and_tried_again(stub: StubVenue, trader: Client) -> None:
    trader.subscribe("AAPL")
    stub.say("35=5|58=going down")
    assert trader.wait(LoggedOut).text == "going down"
    with pytest.raises(NotLoggedOn, match="the session is down: TRADER1 to VENUE at 127"):
        trader.new_order("AAPL", "buy", 1)
    trader.wait(LoggedOn)
    trader.wait(LoggedOn)
    assert trader.is_logged_on
    with pytest.raises(ClientError, match="no subscription to AAPL"):
        trader.book("AAPL")


def test_tries_to_come_back_are_not_told_one_by_one(stub: StubVenue, trader: Client) -> None:
    stub.is_deaf = True
    stub.drop()
    trader.wait(LoggedOut)
    with pytest.raises(NothingArrived):
        trader.wait(LoggedOut, timeout=2.2)


def test_a_defect_in_a_callback_reaches_the_caller_and_not_the_process(
    stub: StubVenue, trader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError("ouch")

    monkeypatch.setattr("venue.client.session._is", broken)
    stub.say("35=3|45=1|58=x")
    with pytest.raises(ClientError, match=r"a defect in a callback: fromAdmin: .*ouch"):
        trader.wait(SessionReject)
    monkeypatch.undo()
    assert trader.is_logged_on


def test_a_refused_logon_gives_the_text_of_the_logout() -> None:
    with (
        closing(StubVenue(refusal="who are you")) as stub,
        pytest.raises(LogonFailed, match=r"TRADER1 to VENUE at 127.*: who are you"),
    ):
        connect("TRADER1", port=stub.port, timeout=30)


@pytest.mark.parametrize("answers_logout", [True, False])
def test_close_can_be_repeated_and_is_told_once(stub: StubVenue, answers_logout: bool) -> None:
    stub.answers_logout = answers_logout
    trader = connect("TRADER1", port=stub.port, timeout=30)
    trader.close()
    trader.close()
    assert not trader.is_logged_on
    assert [type(event) for event in trader.events()] == [LoggedOn, LoggedOut]


def test_a_close_that_quickfix_does_not_tell_is_told(
    stub: StubVenue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its thread may end first."""
    trader = connect("TRADER1", port=stub.port, timeout=30)
    monkeypatch.setattr("venue.client.session._Application.onLogout", lambda *_: None)
    trader.close()
    assert [type(event) for event in trader.events()] == [LoggedOn, LoggedOut]


def test_a_lost_session_that_is_closed_has_been_told_already(stub: StubVenue) -> None:
    trader = connect("TRADER1", port=stub.port, timeout=30)
    stub.is_deaf = True
    stub.drop()
    trader.wait(LoggedOut)
    trader.close()
    assert [type(event) for event in trader.events()] == [LoggedOn]


def test_ids_do_not_come_back_when_the_client_does(stub: StubVenue) -> None:
    seen = set()
    for _ in range(2):
        with connect("TRADER1", port=stub.port, timeout=30) as trader:
            seen |= {trader.next_id() for _ in range(3)}
    assert len(seen) == 6


def test_control_c_still_interrupts_python(stub: StubVenue) -> None:
    script = f"""
import os, signal, time
from venue.client import connect
with connect("TRADER1", port={stub.port}):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
    except KeyboardInterrupt:
        pass
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=90)


def test_a_client_that_is_forgotten_does_not_take_the_process_down(stub: StubVenue) -> None:
    script = f"""
from venue.client import connect
connect("TRADER1", port={stub.port}).new_order("AAPL", "buy", 1)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=90)
    assert "|35=D|" in stub.next()
