from typing import Any

import pytest

from tests.unit.fix.texts import DROP, INSTRUMENTS, TIME, TRADER, wire
from venue.core.types import Side
from venue.fix.inbound import parse
from venue.fix.market_data import encode_publication
from venue.fix.party import Party
from venue.fix.refusal import MarketDataReject
from venue.fix.versions import FIX42, FIX44, FIX50SP2, Version
from venue.marketdata.feed import Publication
from venue.marketdata.requests import MDReqRejReason, Subscribe, Unsubscribe
from venue.marketdata.view import LevelUpdate, MDUpdateAction

ALL = frozenset("012")
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
            "262=R|263=1|264=0|265=1|266=N|269=0|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_AGGREGATED_BOOK,
            "AggregatedBook(266) N is not Y: one entry a price",
        ),
        (
            "262=R|263=1|264=0|265=1|269=0|269=J|269=7|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_MD_ENTRY_TYPE,
            "MDEntryType(269) 7, J is not one of 0, 1, 2",
        ),
        (
            "262=R|263=1|264=0|265=1|55=AAPL|",
            MDReqRejReason.UNSUPPORTED_MD_ENTRY_TYPE,
            "MDEntryType(269)  is not one of 0, 1, 2",
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


def published(
    snapshot: bool,
    levels: list[LevelUpdate],
    trades: list[tuple[int, int, int]],
    version: Version = FIX44,
) -> str:
    publication = Publication("BTC-USD", snapshot, levels, trades, [])
    return encode_publication(publication, INSTRUMENTS["BTC-USD"], TIME, version, "R")


BID = LevelUpdate(NEW, Side.BUY, 4_999_950, 150_000_000)
OFFER = LevelUpdate(NEW, Side.SELL, 5_000_000, 1)


def test_a_snapshot() -> None:
    assert published(True, [BID, OFFER], [(5_000_001, 2, 0)]) == wire(
        "8=FIX.4.4|9=0|35=W|262=R|55=BTC-USD|268=3|"
        "269=2|270=50000.01|271=0.00000002|"
        "269=0|270=49999.5|271=1.5|"
        "269=1|270=50000|271=0.00000001|10=0|"
    )


def test_a_snapshot_of_nothing() -> None:
    assert published(True, [], []) == wire("8=FIX.4.4|9=0|35=W|262=R|55=BTC-USD|268=0|10=0|")


@pytest.mark.parametrize(
    ("version", "begin"),
    [
        (FIX42, "8=FIX.4.2|9=0|35=W|262=R|55=BTC-USD|"),
        (FIX50SP2, f"8=FIXT.1.1|9=0|35=W|262=R|55=BTC-USD|779={TIME}|"),
    ],
)
def test_a_snapshot_in_other_versions(version: Version, begin: str) -> None:
    entry = "269=0|270=49999.5|271=1.5|"
    assert published(True, [BID], [], version) == wire(f"{begin}268=1|{entry}10=0|")


def test_an_increment_in_5_0_sp2() -> None:
    entry = "279=0|269=0|55=BTC-USD|270=49999.5|271=1.5|"
    said = wire(f"8=FIXT.1.1|9=0|35=X|262=R|268=1|{entry}10=0|")
    assert published(False, [BID], [], FIX50SP2) == said


def test_an_increment() -> None:
    updates = [
        LevelUpdate(DELETE, Side.BUY, 4_999_949, 0),
        BID,
        LevelUpdate(CHANGE, Side.SELL, 5_000_000, 3),
    ]
    assert published(False, updates, [(5_000_001, 2, 17), (5_000_002, 2, 18)]) == wire(
        "8=FIX.4.4|9=0|35=X|262=R|268=5|"
        "279=0|269=2|270=50000.01|271=0.00000002|55=BTC-USD|278=T17|273=12:00:00.000|"
        "279=0|269=2|270=50000.02|271=0.00000002|55=BTC-USD|278=T18|273=12:00:00.000|"
        "279=2|269=0|55=BTC-USD|270=49999.49|"
        "279=0|269=0|55=BTC-USD|270=49999.5|271=1.5|"
        "279=1|269=1|55=BTC-USD|270=50000|271=0.00000003|10=0|"
    )
