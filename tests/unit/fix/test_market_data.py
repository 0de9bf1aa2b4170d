from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.fix.publications import NOON, publication
from tests.unit.fix.texts import DROP, INSTRUMENTS, TIME, TRADER, wire
from venue.core.types import Side, TradingPhase
from venue.fix.inbound import parse
from venue.fix.market_data_entries import encode_body, encode_head, encode_publication
from venue.fix.party import Party
from venue.fix.refusal import MarketDataReject
from venue.fix.versions import FIX42, FIX44, FIX50SP2, Version
from venue.marketdata.entries import BookUpdate, Entry, FigureUpdate, MDUpdateAction, TradeEntry
from venue.marketdata.requests import MDEntryType, MDReqRejReason, Subscribe, Unsubscribe

ALL = frozenset("012")
OF_44 = "0, 1, 2, 4, 5, 7, 8, 9, A, B"
NEW, CHANGE, DELETE = MDUpdateAction.NEW, MDUpdateAction.CHANGE, MDUpdateAction.DELETE


def request(
    text: str = "262=R|263=1|264=0|265=1|267=3|269=0|269=1|269=2|146=1|55=AAPL|",
    party: Party = TRADER,
) -> Any:
    header = "8=FIX.4.4|9=1|35=V|34=7|49=TRADER1|52=t|56=VENUE|"
    return parse(wire(f"{header}{text}10=000|"), party, INSTRUMENTS)


def assert_rejected(
    answer: object, reason: MDReqRejReason, text: str, md_req_id: str = "R"
) -> None:
    assert answer == MarketDataReject(md_req_id, reason, text)


def test_a_subscription() -> None:
    assert request() == Subscribe("R", ("AAPL",), None, ALL, True, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "262=R|263=0|264=1|267=1|269=0|146=1|55=AAPL|",
            Subscribe("R", ("AAPL",), 1, frozenset("0"), False, True),
        ),
        (
            "262=R|263=1|264=5|265=0|266=Y|267=2|269=2|269=1|146=2|55=EURUSD|55=AAPL|",
            Subscribe("R", ("EURUSD", "AAPL"), 5, frozenset("12"), True, True),
        ),
        (
            "262=R|263=1|264=1000000|265=1|267=2|269=0|269=0|146=2|55=AAPL|55=AAPL|",
            Subscribe("R", ("AAPL",), 1_000_000, frozenset("0"), True, False),
        ),
        (
            "262=R|263=1|264=0|265=1|266=N|267=1|269=1|146=1|55=AAPL|9083=Y|9084=250|",
            Subscribe("R", ("AAPL",), None, frozenset("1"), True, False, False, 250_000_000, True),
        ),
        (
            "262=R|263=0|264=0|266=N|267=1|269=1|146=1|55=AAPL|9083=N|9084=250|",
            Subscribe("R", ("AAPL",), None, frozenset("1"), False, True, False, 0, False),
        ),
        ("262=R|263=2|", Unsubscribe("R", "7")),
        ("262=R|263=2|264=x|265=9|267=1|269=Z|146=1|55=NOPE|", Unsubscribe("R", "7")),
    ],
)
def test_good_requests(text: str, expected: object) -> None:
    assert request(text) == expected


@pytest.mark.parametrize(
    ("text", "reason", "why"),
    [
        (
            "262=R|263=1|264=0|265=1|269=0|55=AAPL|55=NOPE|55=NADA|",
            MDReqRejReason.UNKNOWN_SYMBOL,
            "Symbol(55) NOPE, NADA is not traded here",
        ),
        (
            "262=R|263=1|264=0|265=1|269=0|",
            MDReqRejReason.UNKNOWN_SYMBOL,
            "Symbol(55)  is not traded here",
        ),
        (
            "262=R|263=9|264=0|265=1|269=0|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_SUBSCRIPTION_REQUEST_TYPE,
            "SubscriptionRequestType(263) 9 is not one of 0, 1, 2",
        ),
        (
            "262=R|264=0|265=1|269=0|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_SUBSCRIPTION_REQUEST_TYPE,
            "SubscriptionRequestType(263)  is not one of 0, 1, 2",
        ),
        *(
            (
                f"262=R|263=1|264={depth}|265=1|269=0|55=AAPL|",
                MDReqRejReason.UNSUPPORTED_MARKET_DEPTH,
                f"MarketDepth(264) {depth[:64]} is not a number from 0 to 1000000",
            )
            for depth in ("-1", "x", "1.0", "1000001", "9" * 400)
        ),
        (
            "262=R|263=1|265=1|269=0|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_MARKET_DEPTH,
            "MarketDepth(264)  is not a number from 0 to 1000000",
        ),
        (
            "262=R|263=1|264=0|269=0|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_MD_UPDATE_TYPE,
            "MDUpdateType(265)  is not one of 0, 1",
        ),
        (
            "262=R|263=0|264=0|265=2|269=0|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_MD_UPDATE_TYPE,
            "MDUpdateType(265) 2 is not one of 0, 1",
        ),
        (
            "262=R|263=1|264=0|265=1|266=X|269=0|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_AGGREGATED_BOOK,
            "AggregatedBook(266) X is not one of Y, N",
        ),
        (
            "262=R|263=1|264=0|265=1|266=N|269=2|269=7|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_MD_ENTRY_TYPE,
            "MDEntryType(269) is neither 0 nor 1, and AggregatedBook(266) N is about these",
        ),
        *(
            (
                f"262=R|263=1|264=0|265=1|269=0|55=AAPL|9084={interval}|",
                MDReqRejReason.UNSUPPORTED_MD_UPDATE_TYPE,
                f"MDInterval(9084) {interval} is not a number from 0 to 60000",
            )
            for interval in ("-1", "x", "60001", "100000")
        ),
        (
            "262=R|263=1|264=0|265=1|269=0|55=AAPL|9083=1|",
            MDReqRejReason.UNSUPPORTED_MD_UPDATE_TYPE,
            "MDRptSeq(9083) 1 is not one of Y, N",
        ),
        (
            "262=R|263=1|264=0|265=1|269=0|269=J|269=Q|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_MD_ENTRY_TYPE,
            f"MDEntryType(269) J, Q is not one of {OF_44}",
        ),
        (
            "262=R|263=1|264=0|265=1|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_MD_ENTRY_TYPE,
            f"MDEntryType(269)  is not one of {OF_44}",
        ),
    ],
)
def test_bad_requests(text: str, reason: MDReqRejReason, why: str) -> None:
    assert_rejected(request(text), reason, why)


def test_a_session_without_market_data() -> None:
    why = "this session does not have the role market_data"
    assert_rejected(request(party=DROP), MDReqRejReason.INSUFFICIENT_PERMISSIONS, why)


@pytest.mark.parametrize(("length", "shown"), [(65, 64), (400, 64)])
def test_a_long_id(length: int, shown: int) -> None:
    answer = request(f"262={'R' * length}|263=1|264=0|265=1|269=0|55=AAPL|")
    why = f"MDReqID(262) has {length} characters, 1 to 64 are allowed"
    assert_rejected(answer, MDReqRejReason.DUPLICATE_MD_REQ_ID, why, "R" * shown)


def test_the_longest_id() -> None:
    assert request(f"262={'R' * 64}|263=2|").md_req_id == "R" * 64


@pytest.mark.parametrize(
    ("version", "entry_types"),
    [(FIX42, "01245789"), (FIX44, "01245789AB"), (FIX50SP2, "01245789ABQ")],
)
def test_entry_types_by_version(version: Version, entry_types: str) -> None:
    party = replace(TRADER, version=version)
    for entry_type in "0123456789ABCDQZ":
        answer = request(f"262=R|263=1|264=0|265=1|269={entry_type}|55=AAPL|", party)
        assert isinstance(answer, Subscribe) is (entry_type in entry_types)


def test_the_sessions_interval_holds_where_none_is_asked_for() -> None:
    party = replace(TRADER, interval_ms=40)
    text = "262=R|263=1|264=0|265=1|269=0|55=AAPL|"
    assert request(text, party).interval == 40_000_000
    assert request(f"{text}9084=0|", party).interval == 0


def test_many_symbols() -> None:
    """Each once, though asked for twice; one that is none refuses them all."""
    many = "55=AAPL|55=EURUSD|" * 250
    assert request(f"262=R|263=1|264=0|265=1|269=0|146=500|{many}").symbols == ("AAPL", "EURUSD")
    answer = request(f"262=R|263=1|264=0|265=1|269=0|146=501|{many}55=NOPE|")
    assert_rejected(answer, MDReqRejReason.UNKNOWN_SYMBOL, "Symbol(55) NOPE is not traded here")


def published(
    snapshot: bool, *entries: Entry, version: Version = FIX44, numbered: bool = False
) -> str:
    told = publication(snapshot, *entries, symbol="BTC-USD", numbered=numbered)
    return encode_publication(told, INSTRUMENTS["BTC-USD"], TIME, version, "R")


BID = BookUpdate(NEW, Side.BUY, 4_999_950, 150_000_000, None, 12)
OFFER = BookUpdate(NEW, Side.SELL, 5_000_000, 1, None, 1)
TAKEN = TradeEntry(5_000_001, 2, 17, Side.SELL, NOON)
CLEARED = TradeEntry(5_000_001, 2, 17, None, NOON, TradingPhase.OPENING_AUCTION)
W = "8=FIX.4.4|9=0|35=W|262=R|55=BTC-USD|"
X = "8=FIX.4.4|9=0|35=X|262=R|"
BID_TEXT, SIZE_TEXT = "270=49999.5|271=1.5|346=12|", "270=49999.5|271=1.5|"
OFFER_TEXT = "270=50000|271=0.00000001|346=1|"
TRADE_TEXT = "270=50000.01|271=0.00000002|"


def test_a_snapshot() -> None:
    assert published(True, TradeEntry(5_000_001, 2), BID, OFFER) == wire(
        f"{W}268=3|269=2|{TRADE_TEXT}269=0|{BID_TEXT}269=1|{OFFER_TEXT}10=0|"
    )


def test_a_snapshot_of_nothing() -> None:
    assert published(True) == wire(f"{W}268=0|10=0|")


@pytest.mark.parametrize(
    ("version", "begin", "number"),
    [
        (FIX42, "8=FIX.4.2|9=0|35=W|262=R|55=BTC-USD|", ""),
        (FIX50SP2, f"8=FIXT.1.1|9=0|35=W|262=R|55=BTC-USD|779={TIME}|", "83=40|"),
    ],
)
def test_a_snapshot_in_other_versions(version: Version, begin: str, number: str) -> None:
    expected = f"{begin}268=2|269=0|{BID_TEXT}{number}269=1|{OFFER_TEXT}{number}10=0|"
    assert published(True, BID, OFFER, version=version) == wire(expected)


def test_an_increment() -> None:
    updates = [
        BookUpdate(DELETE, Side.BUY, 4_999_949, 0),
        BID,
        BookUpdate(CHANGE, Side.SELL, 5_000_000, 3, None, 2),
    ]
    assert published(False, *updates) == wire(
        f"{X}268=3|279=2|269=0|55=BTC-USD|270=49999.49|"
        f"279=0|269=0|55=BTC-USD|{BID_TEXT}"
        "279=1|269=1|55=BTC-USD|270=50000|271=0.00000003|346=2|10=0|"
    )


def test_an_increment_of_numbered_entries() -> None:
    entries = "".join(
        f"279=0|269={side}|55=BTC-USD|{text}83={number}|"
        for side, text, number in (("0", BID_TEXT, 39), ("1", OFFER_TEXT, 40))
    )
    said = wire(f"8=FIXT.1.1|9=0|35=X|262=R|268=2|{entries}10=0|")
    assert published(False, BID, OFFER, version=FIX50SP2) == said


@pytest.mark.parametrize("version", [FIX42, FIX44, FIX50SP2])
def test_numbers_for_who_asked(version: Version) -> None:
    assert "|9082=39|9083=40|268=2|" in published(
        False, BID, OFFER, version=version, numbered=True
    ).replace("\x01", "|")
    told = published(True, version=version, numbered=True).replace("\x01", "|")
    assert "|9083=40|268=0|" in told and "9082" not in told


def test_orders_are_named_by_their_ids() -> None:
    gone = BookUpdate(DELETE, Side.BUY, 4_999_950, 0, 6)
    here = BookUpdate(NEW, Side.BUY, 4_999_950, 150_000_000, 7)
    assert published(False, gone, here) == wire(
        f"{X}268=2|279=2|269=0|55=BTC-USD|270=49999.5|37=6|"
        f"279=0|269=0|55=BTC-USD|{SIZE_TEXT}37=7|10=0|"
    )
    assert published(True, here) == wire(f"{W}268=1|269=0|{SIZE_TEXT}37=7|10=0|")


@pytest.mark.parametrize(
    ("version", "snapshot", "trade", "expected"),
    [
        (FIX44, False, TAKEN, f"278=T17|55=BTC-USD|{TRADE_TEXT}273=T|58=aggressor sell|"),
        (FIX42, False, TAKEN, f"278=T17|55=BTC-USD|{TRADE_TEXT}273=T|58=aggressor sell|"),
        (FIX50SP2, False, TAKEN, f"278=T17|55=BTC-USD|{TRADE_TEXT}273=T|2446=2|83=40|"),
        (FIX44, True, TAKEN, f"{TRADE_TEXT}273=T|58=trade 17, aggressor sell|"),
        (FIX50SP2, True, TAKEN, f"278=T17|{TRADE_TEXT}273=T|83=40|2446=2|"),
        (FIX44, False, CLEARED, f"278=T17|55=BTC-USD|{TRADE_TEXT}273=T|277=E|58=opening auction|"),
        (FIX44, True, CLEARED, f"{TRADE_TEXT}273=T|277=E|58=trade 17, opening auction|"),
        (FIX50SP2, False, CLEARED, f"278=T17|55=BTC-USD|{TRADE_TEXT}273=T|277=AW|83=40|"),
    ],
)
def test_a_trade(version: Version, snapshot: bool, trade: TradeEntry, expected: str) -> None:
    begin = "|269=2|" if snapshot else "|279=0|269=2|"
    expected = expected.replace("273=T", "273=12:00:00.000")
    text = published(snapshot, trade, version=version).replace("\x01", "|")
    assert text.endswith(f"|268=1{begin}{expected}10=0|")


@pytest.mark.parametrize(
    ("action", "qty", "expected"),
    [
        (CHANGE, 2, f"{TRADE_TEXT}273=12:00:00.000|"),
        (DELETE, 0, ""),
    ],
)
def test_a_trade_that_is_changed(action: MDUpdateAction, qty: int, expected: str) -> None:
    changed = TradeEntry(5_000_001, qty, 17, time=NOON, action=action)
    text = published(False, changed).replace("\x01", "|")
    assert text == f"{X}268=1|279={action}|269=2|278=T17|55=BTC-USD|{expected}10=0|"


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (FigureUpdate(NEW, MDEntryType.OPENING_PRICE, 5_000_001, None), "0|269=4|S270=50000.01|"),
        (FigureUpdate(CHANGE, MDEntryType.HIGH_PRICE, 5_000_001, None), "1|269=7|S270=50000.01|"),
        (
            FigureUpdate(CHANGE, MDEntryType.VWAP, Fraction(10_000_001, 2), None),
            "1|269=9|S270=50000.005|",
        ),
        (
            FigureUpdate(CHANGE, MDEntryType.VWAP, Fraction(20_000_001, 3), None),
            "1|269=9|S270=66666.67|",
        ),
        (FigureUpdate(NEW, MDEntryType.TRADE_VOLUME, None, 3), "0|269=B|S271=0.00000003|"),
        (FigureUpdate(DELETE, MDEntryType.LOW_PRICE, None, None), "2|269=8|S"),
        (
            FigureUpdate(NEW, MDEntryType.IMBALANCE, 5_000_000, 3),
            "0|269=A|S270=50000|271=0.00000003|277=P|",
        ),
        (FigureUpdate(NEW, MDEntryType.IMBALANCE, None, -3), "0|269=A|S271=0.00000003|277=Q|"),
        (FigureUpdate(NEW, MDEntryType.IMBALANCE, 5_000_000, 0), "0|269=A|S270=50000|271=0|"),
        (
            FigureUpdate(NEW, MDEntryType.AUCTION_CLEARING_PRICE, 5_000_000, 3),
            "0|269=Q|S270=50000|271=0.00000003|",
        ),
    ],
)
def test_a_figure(figure: FigureUpdate, expected: str) -> None:
    text = published(False, figure).replace("\x01", "|")
    assert text == f"{X}268=1|279={expected.replace('S', '55=BTC-USD|')}10=0|"


def test_only_the_id_differs_between_targets() -> None:
    told = publication(False, BID, symbol="BTC-USD")
    instrument = INSTRUMENTS["BTC-USD"]
    whole = encode_publication(told, instrument, TIME, FIX44, "R")
    body = encode_body(told, instrument, TIME, FIX44)
    assert whole == f"{encode_head(told, FIX44, 'R')}{body}10=0\x01"
    assert "262=" not in body and encode_head(told, FIX44, "R").endswith("262=R\x01")
