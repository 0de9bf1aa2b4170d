"""Market data text to what the web needs of it, against the venue's own encoder."""

from decimal import Decimal

import pytest

from venue.core.instrument import Instrument, InstrumentSpec
from venue.core.types import Side
from venue.fix.market_data_entries import encode_publication
from venue.fix.versions import VERSIONS
from venue.marketdata.entries import (
    BookUpdate,
    Entry,
    FigureUpdate,
    MDUpdateAction,
    Publication,
    TradeEntry,
)
from venue.marketdata.requests import MDEntryType
from venue.web.market.wire import Figure, Print, Update, iso, msg_type, parse_update

NEW, CHANGE, DELETE = MDUpdateAction.NEW, MDUpdateAction.CHANGE, MDUpdateAction.DELETE
TIME = "20261121-00:00:00.250"
AAPL = Instrument(
    InstrumentSpec(
        "AAPL",
        Decimal("0.01"),
        Decimal(1),
        Decimal(100),
        Decimal(1),
        Decimal(10**6),
        Decimal(50),
        "USD",
    )
)


def sent(*entries: Entry, snapshot: bool = False, last: int = 20) -> Update:
    """What the web reads of a message of the venue's, with the header that QuickFIX gives it."""
    publication = Publication("AAPL", snapshot, entries, last, False, [("WEBMD", "R1")])
    text = encode_publication(publication, AAPL, TIME, VERSIONS["FIX.5.0SP2"], "R1")
    return parse_update(text.replace("\x01262=", f"\x0134=7\x0149=VENUE\x0152={TIME}\x01262="))


def test_increment() -> None:
    update = sent(
        BookUpdate(DELETE, Side.BUY, 9_990, 0),
        BookUpdate(CHANGE, Side.SELL, 10_010, 70, None, 3),
        BookUpdate(NEW, Side.BUY, 9_985, 5, None, 1),
    )
    levels = [("0", "99.9", "0", 0), ("1", "100.1", "70", 3), ("0", "99.85", "5", 1)]
    assert update == Update(
        "R1", "AAPL", False, "2026-11-21T00:00:00.250Z", levels, [], first=18, last=20
    )


def test_snapshot() -> None:
    update = sent(
        TradeEntry(10_000, 3),
        BookUpdate(NEW, Side.BUY, 9_990, 50, None, 2),
        FigureUpdate(NEW, MDEntryType.VWAP, 10_000, None),
        BookUpdate(NEW, Side.SELL, 10_010, 70, None, 1),
        snapshot=True,
    )
    assert update.is_snapshot
    assert update.levels == [("0", "99.9", "50", 2), ("1", "100.1", "70", 1)]
    assert (update.symbol, update.last) == ("AAPL", 20)
    assert [printed.trade_id for printed in update.prints] == [""]


def test_what_an_auction_would_do() -> None:
    update = sent(
        FigureUpdate(NEW, MDEntryType.IMBALANCE, 10_010, -30),
        FigureUpdate(NEW, MDEntryType.AUCTION_CLEARING_PRICE, 10_010, 20),
        BookUpdate(DELETE, Side.BUY, 9_990, 0),
    )
    assert update.figures == {
        "A": Figure("A", "100.1", "30", "sell"),
        "Q": Figure("Q", "100.1", "20"),
    }
    assert update.levels == [("0", "99.9", "0", 0)]
    update = sent(
        FigureUpdate(NEW, MDEntryType.IMBALANCE, None, 30),
        FigureUpdate(DELETE, MDEntryType.AUCTION_CLEARING_PRICE, None, None),
    )
    assert update.figures == {"A": Figure("A", None, "30", "buy"), "Q": None}
    update = sent(FigureUpdate(NEW, MDEntryType.IMBALANCE, 10_010, 0), snapshot=True)
    assert update.figures == {"A": Figure("A", "100.1", "0")}


def test_empty_snapshot() -> None:
    update = sent(snapshot=True)
    assert (update.is_snapshot, update.levels, update.first, update.last) == (True, [], None, None)


def test_trades_are_told_with_their_side_and_day() -> None:
    midnight = 1_795_219_200_000_000_000  # 2026-11-21
    update = sent(
        TradeEntry(10_000, 3, 41, Side.BUY, midnight + 100_000_000),
        TradeEntry(10_001, 4, 42, Side.SELL, midnight - 1_000_000),
        TradeEntry(10_002, 5, 43, None, midnight + 250_000_000),
        TradeEntry(10_002, 1, 12, action=CHANGE, time=midnight),
        TradeEntry(10_002, 0, 13, action=DELETE, time=midnight),
    )
    assert update.prints[:3] == [
        Print("41", "100", "3", "buy", "2026-11-21T00:00:00.100Z"),
        Print("42", "100.01", "4", "sell", "2026-11-20T23:59:59.999Z"),
        Print("43", "100.02", "5", None, "2026-11-21T00:00:00.250Z"),
    ]
    assert [(each.trade_id, each.action) for each in update.prints[3:]] == [
        ("12", "1"),
        ("13", "2"),
    ]


def test_what_is_no_market_data() -> None:
    with pytest.raises(ValueError, match="not a market data message"):
        parse_update("8=FIXT.1.1\x0135=8\x0152=1\x01262=R\x0110=000\x01")


def test_msg_type() -> None:
    assert msg_type("8=FIXT.1.1\x019=5\x0135=AE\x0134=1\x01") == "AE"
    assert msg_type("") == ""


def test_iso() -> None:
    assert iso("20261121-22:00:00.123") == "2026-11-21T22:00:00.123Z"
