"""Drop copies, positions and trades, for clients that validate with the stock dictionaries."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from decimal import Decimal

import pytest

from tests.e2e.client import BUY, SELL
from tests.e2e.codes import FIX42, FIX44, FIX50SP2, VERSIONS
from tests.e2e.message import Message, utc_now
from tests.e2e.others import Others
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient
from tests.e2e.test_sequence_numbers import same
from tests.e2e.venue_process import VenueProcess
from venue.client import (
    Client,
    ExecutionReport,
    MarketDataReject,
    PositionReport,
    RequestForPositionsAck,
    TradeCaptureReport,
    TradeCaptureReportRequestAck,
    connect,
)

Library = Callable[[str, str], Client]
Connect = Callable[..., RawClient]

VENUE_OPTIONS = ("--set", "fees={maker: -1, taker: 3, decimals: 4}")
COPIED = (11, 17, 37, 39, 14, 151, 6, 38, 54, 55, 60, 31, 32)
WITH_REQUESTS = (FIX44, FIX50SP2)


@pytest.fixture(scope="module")
def library(served: VenueProcess) -> Iterator[Library]:
    """Get the client of a CompID, whose unread events are none. It must have no complaints."""
    clients: dict[tuple[str, str], Client] = {}
    with ExitStack() as stack:

        def connected(comp_id: str, version: str) -> Client:
            key = comp_id, version
            if key not in clients:
                client = connect(comp_id, port=served.port, version=version)
                clients[key] = stack.enter_context(client)
            pause = clients[key].subscribe("AAPL")
            clients[key].wait(MarketDataReject, md_req_id=pause)
            list(clients[key].events())
            return clients[key]

        yield connected
        refused = [
            each
            for client in clients.values()
            for each in client.events()
            if getattr(each, "by_client", False)
        ]
        assert refused == []


def same_report(copy: ExecutionReport, original: Message, of: str) -> None:
    assert {tag: copy.field(tag) for tag in COPIED} == {tag: original.get(tag) for tag in COPIED}
    assert copy.copy_of == of


@pytest.mark.parametrize("spoken", VERSIONS)
def test_copies_for_a_stock_client(
    library: Library, buyer: StockClient, seller: StockClient, symbol: str, spoken: str
) -> None:
    watcher, clearer = library("DROP1", spoken), library("CLEARING", FIX44)
    offer = seller.enter(symbol, SELL, 5, "100.00")
    bid = buyer.enter(symbol, BUY, 5, "100.00")
    bought, sold = buyer.receive().has({150: "F"}), seller.receive().has({150: "F"})
    for original in (bid, bought):
        copy = watcher.wait(ExecutionReport)
        same_report(copy, original, "TRADER1")
        assert copy.field(797) == (None if spoken == FIX42 else "Y")
        assert (copy.copy_firm, copy.field(12)) == (None, original.get(12))
    firms = ("BETA", offer), ("ALPHA", bid), ("ALPHA", bought), ("BETA", sold)
    for firm, original in firms:
        copy = clearer.wait(ExecutionReport)
        same_report(copy, original, "TRADER1" if firm == "ALPHA" else "TRADER3")
        assert copy.copy_firm == firm


@pytest.mark.parametrize("spoken", WITH_REQUESTS)
def test_positions_and_trades_by_the_library(
    library: Library, buyer: StockClient, seller: StockClient, symbol: str, spoken: str
) -> None:
    watcher, clearer = library("DROP1", spoken), library("CLEARING", FIX44)
    seller.enter(symbol, SELL, 5, "100.00", {1: "S"})
    bid = buyer.enter(symbol, BUY, 5, "100.00", {1: "B"})
    bought, _ = buyer.receive(), seller.receive()
    copies = [watcher.wait(ExecutionReport, symbol=symbol) for _ in range(2)]
    assert [(each.copy_of, each.exec_type) for each in copies] == [
        ("TRADER1", "0"),
        ("TRADER1", "F"),
    ]
    assert len(list(watcher.orders)) == 0, "a copy is of nobody's own order"
    asked = watcher.request_positions(symbol=symbol, updates=True)
    assert watcher.wait(RequestForPositionsAck, pos_req_id=asked).total_num_pos_reports == 1
    held = watcher.wait(PositionReport, pos_req_id=asked)
    assert (held.firm, held.account, held.symbol) == ("ALPHA", "B", symbol)
    assert (held.qty, held.average_price, held.settl_price) == (5, 100, 100)
    assert (held.cash, held.realised, held.unrealised, held.day_pnl) == (-500, 0, 0, 0)
    assert held.fees == {"USD": Decimal("0.15")}
    trades = watcher.request_trades(symbol=symbol, account="B", updates=True)
    ack = watcher.wait(TradeCaptureReportRequestAck, trade_request_id=trades)
    assert (ack.is_refused, ack.tot_num_trade_reports) == (False, None)
    told = watcher.wait(TradeCaptureReport, trade_request_id=trades)
    assert (told.last_qty, told.last_px, told.last_rpt_requested) == (5, 100, True)
    [side] = told.sides
    assert (side.side, side.firm, side.account, side.order_id) == ("buy", "ALPHA", "B", bid[37])
    assert (side.commission, side.comm_currency) == (Decimal("0.15"), "USD")
    assert told.trade_id == bought[527 if 527 in bought.fields else 880]
    ack = watcher.wait(TradeCaptureReportRequestAck, trade_request_id=trades)
    assert ack.tot_num_trade_reports == 1
    buyer.enter(symbol, BUY, 3, "101.00", {1: "B"})
    seller.enter(symbol, SELL, 3, "101.00", {1: "S"})
    report, more = watcher.wait(TradeCaptureReport), watcher.wait(PositionReport)
    assert report.unsolicited and report.sides[0].commission == Decimal("-0.0303")
    assert more.unsolicited and (more.qty, more.unrealised) == (8, 5)
    clearer.request_trades(trade_id=report.trade_id)
    both = clearer.wait(TradeCaptureReport)
    assert [(each.side, each.firm, each.account) for each in both.sides] == [
        ("sell", "BETA", "S"),
        ("buy", "ALPHA", "B"),
    ]
    assert [each.commission for each in both.sides] == [Decimal("0.0909"), Decimal("-0.0303")]
    clearer.request_positions(symbol=symbol)
    assert sum(clearer.wait(PositionReport).qty for _ in range(2)) == 0
    watcher.end_positions(asked)
    watcher.end_trades(trades)


@pytest.mark.parametrize("spoken", WITH_REQUESTS)
def test_a_bust_reaches_the_drop_copy_the_trades_and_the_positions(
    library: Library,
    connect: Connect,
    buyer: StockClient,
    seller: StockClient,
    symbol: str,
    spoken: str,
) -> None:
    watcher = library("DROP1", spoken)
    seller.enter(symbol, SELL, 5, "100.00")
    buyer.enter(symbol, BUY, 5, "100.00", {59: "3"})
    trade_id = buyer.receive()[527]
    seller.receive()
    watcher.request_trades(symbol=symbol, updates=True)
    watcher.request_positions(symbol=symbol, updates=True)
    first = watcher.wait(TradeCaptureReport)
    assert watcher.wait(PositionReport).qty == 5
    with closing(connect("OPERATOR")) as operator:
        operator.send("U1", {9201: "B", 9202: "bust", 1003: trade_id})
        operator.receive("U2").has({9201: "B", 9203: "0"})
    gone = watcher.wait(TradeCaptureReport)
    assert (gone.trade_report_trans_type, gone.exec_type, gone.last_qty) == ("1", "H", 0)
    assert gone.trade_report_ref_id == first.trade_report_id and gone.trade_id == trade_id
    assert watcher.wait(PositionReport).qty == 0
    copy = watcher.wait(ExecutionReport, exec_type="H")
    original = buyer.receive().has({150: "H", 17: copy.exec_id})
    assert copy.exec_ref_id == original[19] and copy.copy_of == "TRADER1"
    seller.settle()


def test_a_refusal_has_its_group_in_order(connect: Connect) -> None:
    raw = connect("TRADER4")
    fields = [(710, "P"), (724, 0), (60, utc_now()), (453, 1), (448, "ALPHA"), (447, "D"), (452, 1)]
    raw.send("AN", fields)
    refusal = raw.receive("AO").has({710: "P", 728: 3, 729: 2, 448: "BETA"})
    tags = [tag for tag, _ in refusal.pairs]
    assert tags[tags.index(453) :][:4] == [453, 448, 447, 452]


def test_who_does_not_read_holds_up_nobody(connect: Connect, others: Others, symbol: str) -> None:
    """Its trades wait where they are remembered, and all come when it reads."""
    client = connect()
    for _ in range(400):
        client.new_order(symbol, SELL, 1, "100.00")
    deaf = connect()
    deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    requests = 10
    for number in range(requests):
        deaf.send("AD", {568: f"R{number}", 569: 1, 263: 1, 55: symbol})
    deaf.settle()
    buying = connect()
    buying.new_order(symbol, BUY, 400, "100.00")
    others.trade()
    counts: dict[str, list[str]] = {f"R{number}": [] for number in range(requests)}
    while any(len(ids) < 400 for ids in counts.values()):
        report = deaf.receive("AE").has({325: "Y", 32: 1})
        counts[report[568]].append(report[880])
    for ids in counts.values():
        assert ids == sorted(set(ids), key=int)


def test_copies_over_a_restart(serve: Callable[..., VenueProcess], raw_client: Connect) -> None:
    """What waits is told once, and all that was ever told can be asked for."""
    venue = serve()
    watcher = raw_client(venue, "DROP1")
    buyer, seller = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    buyer.enter("AAPL", BUY, 5, "100.00")
    had = [watcher.receive().has({150: "0", 115: "TRADER1"})]
    watcher.close()
    venue.wait_for("connection lost session=FIX.4.4:DROP1")
    seller.enter("AAPL", SELL, 2, "100.00")
    seller.receive().has({150: "F"})
    fill = buyer.receive().has({150: "F"})
    venue.kill()
    venue = serve()
    back = raw_client(venue, "DROP1", log_on=False)
    back.next_sent, back.next_received, back.jump = watcher.next_sent, watcher.next_received, 10_000
    back.send("A", {98: 0, 108: 30})
    back.receive_session_message("A")
    had.append(back.receive().has({150: "F", 17: fill[17], 115: "TRADER1", 797: "Y", 43: None}))
    back.send("2", {7: 1, 16: 0})
    resent = []
    while len(resent) < 2:
        message = back.receive_message().has({43: "Y"})
        resent += [message] if message.type == "8" else []
    for again, first in zip(resent, had, strict=True):
        same(again, first)
    back.send("AD", {568: "R", 569: 1, 75: None})
    back.receive("AQ").has({750: 0})
    back.receive("AE").has({17: fill[17], 880: fill[527], 32: 2, 912: "Y"})
    back.receive("AQ").has({750: 1, 748: 1})
    back.send("AN", {710: "P", 724: 0, 60: utc_now()})
    back.receive("AO").has({727: 1, 728: 0})
    back.receive("AP").has({704: 2, 705: 0, 448: "ALPHA", 1: "[N/A]"})
    venue.is_sound()
