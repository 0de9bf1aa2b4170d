"""TradeCaptureReportRequest (AD), and what answers it."""

import pytest
from msgspec.structs import replace

from tests.unit.fix.publications import NOON
from tests.unit.fix.reports import FEE, side, trade
from tests.unit.fix.texts import INSTRUMENTS, TRADER, VIEWER, assert_says, message
from venue.core.types import Liquidity, Side
from venue.fix.inbound import parse
from venue.fix.refusal import BusinessReject, SessionReject
from venue.fix.trade_capture import (
    FOREVER,
    TradeReject,
    TradeRequest,
    TradeRequestResult,
    TradeRequestStatus,
    encode_trade,
    encode_trade_request_ack,
)
from venue.fix.trade_capture_request import REFUSED
from venue.fix.versions import FIX42, FIX44, FIX50SP2
from venue.marketdata.inquiries import SubscriptionRequestType

CLEARER = replace(TRADER, firm="VENUE", order_entry=False, clearing=True)
SNAPSHOT, UPDATES, END = SubscriptionRequestType
HOUR = 3_600_000_000_000


def asked(party: object = TRADER, data: str = "", **fields: str | None) -> object:
    request = {"568": "R", "569": "0"} | {key[1:]: fields[key] for key in fields}
    return parse(message("AD", request, data), party, INSTRUMENTS)  # type: ignore[arg-type]


def test_a_firm_s_session_asks_for_the_firm_s() -> None:
    assert asked() == TradeRequest("R", "7", SNAPSHOT, firm="NORTH")
    own = asked(data="453=2|448=NORTH|447=D|452=1|448=ACC|447=D|452=24|", t263="1", t569="1")
    assert own == TradeRequest("R", "7", UPDATES, "1", "NORTH", "ACC")
    of_none = asked(data="453=1|448=[N/A]|452=24|")
    assert of_none == TradeRequest("R", "7", SNAPSHOT, firm="NORTH", account="")


def test_who_clears_asks_for_all_or_one_firm_s() -> None:
    assert asked(CLEARER) == TradeRequest("R", "7", SNAPSHOT)
    one = asked(CLEARER, data="453=1|448=SOUTH|452=1|")
    assert one == TradeRequest("R", "7", SNAPSHOT, firm="SOUTH")


def test_criteria() -> None:
    told = asked(t55="AAPL", t54="2", t17="12", t37="3", t11="X", t880="9")
    expected = TradeRequest("R", "7", SNAPSHOT, firm="NORTH", symbol="AAPL", side="2")
    assert told == replace(expected, exec_id="12", order_id="3", cl_ord_id="X", trade_id="9")


@pytest.mark.parametrize(
    ("data", "dates", "times"),
    [
        ("580=1|75=20240229|", ("20240229", "20240229"), (0, FOREVER)),
        ("580=2|75=20240228|75=20240229|", ("20240228", "20240229"), (0, FOREVER)),
        ("580=1|60=20240229-12:00:00|", ("", "~"), (NOON, FOREVER)),
        ("580=2|60=20240229-12:00:00|60=20240229-13:00:00|", ("", "~"), (NOON, NOON + HOUR)),
        (
            "580=2|75=20240229|60=20240229-12:00:00|75=20240301|60=20240229-13:00:00|",
            ("20240229", "20240301"),
            (NOON, NOON + HOUR),
        ),
    ],
)
def test_dates_and_times(data: str, dates: tuple[str, str], times: tuple[int, int]) -> None:
    told = asked(data=data)
    assert told == TradeRequest("R", "7", SNAPSHOT, firm="NORTH", dates=dates, times=times)


def test_an_end_needs_no_more_than_the_id() -> None:
    assert asked(t263="2", t569="4", t55="NOPE") == TradeRequest("R", "7", END, "4")


OTHER, PARTIES = TradeRequestResult.OTHER, TradeRequestResult.INVALID_PARTIES


@pytest.mark.parametrize(
    ("fields", "data", "result", "words"),
    [
        ({"t569": "2"}, "", TradeRequestResult.TYPE_NOT_SUPPORTED, "TradeRequestType(569) 2"),
        ({"t263": "3"}, "", OTHER, "SubscriptionRequestType(263) 3"),
        ({"t55": "NOPE"}, "", TradeRequestResult.UNKNOWN_INSTRUMENT, "Symbol(55) NOPE"),
        ({"t54": "5"}, "", OTHER, "Side(54) 5"),
        ({}, "453=1|448=SOUTH|452=1|", PARTIES, "PartyID(448) SOUTH"),
        ({}, "453=1|448=NORTH|452=3|", PARTIES, "PartyRole(452) 3"),
        ({}, "453=2|448=A|452=24|448=B|452=24|", PARTIES, "PartyRole(452) 24"),
        ({}, "580=1|75=20240230|", OTHER, "TradeDate(75) 20240230"),
        ({}, "580=1|75=2024022|", OTHER, "TradeDate(75) 2024022"),
        ({}, "580=1|60=noon|", OTHER, "TransactTime(60) noon"),
        ({}, "580=2|75=20240229|75=20240228|", OTHER, "TradeDate(75) begins"),
        ({}, "580=3|75=20240228|75=20240228|75=20240228|", OTHER, "TradeDate(75) is there 3"),
        *(({f"t{tag}": "1"}, "", OTHER, f"({tag})") for tag in REFUSED),
    ],
)
def test_what_cannot_be_asked(
    fields: dict[str, str], data: str, result: TradeRequestResult, words: str
) -> None:
    refused = asked(data=data, **fields)
    assert isinstance(refused, TradeReject)
    assert refused.result is result and words in refused.text


def test_who_has_market_data_alone_asks_for_all_without_names() -> None:
    assert asked(VIEWER, t263="1") == TradeRequest("R", "7", UPDATES, anonymous=True)
    moment = asked(VIEWER, "580=1|60=20240229-12:00:00|", t55="AAPL")
    expected = TradeRequest("R", "7", SNAPSHOT, symbol="AAPL", times=(NOON, FOREVER))
    assert moment == replace(expected, anonymous=True)
    assert asked(replace(VIEWER, drop_copy=True)) == TradeRequest("R", "7", SNAPSHOT, firm="EAST")


@pytest.mark.parametrize("tag", ["54", "17", "37", "11", "880"])
def test_who_has_market_data_alone_cannot_find_out_whose_a_trade_was(tag: str) -> None:
    refused = asked(VIEWER, **{f"t{tag}": "1"})
    assert isinstance(refused, TradeReject)
    assert refused.result is TradeRequestResult.NOT_AUTHORIZED and f"({tag})" in refused.text
    assert isinstance(asked(VIEWER, t820="1"), TradeReject)


def test_who_has_market_data_alone_names_no_party() -> None:
    refused = asked(VIEWER, "453=1|448=EAST|452=1|")
    assert isinstance(refused, TradeReject) and "NoPartyIDs(453)" in refused.text


def test_who_cannot_ask() -> None:
    refused = asked(replace(VIEWER, market_data=False))
    assert isinstance(refused, TradeReject)
    assert refused.result is TradeRequestResult.NOT_AUTHORIZED
    assert isinstance(asked(replace(TRADER, version=FIX42)), BusinessReject)


def test_ids_have_1_to_64_characters() -> None:
    assert isinstance(asked(t568=None), BusinessReject)
    for tag in ("568", "11", "17", "37", "880"):
        assert isinstance(asked(**{f"t{tag}": "R" * 65}), SessionReject)


def test_acknowledgements() -> None:
    request = TradeRequest("R", "7", UPDATES, symbol="AAPL")
    ok, done = TradeRequestResult.SUCCESSFUL, TradeRequestStatus.COMPLETED
    ack = encode_trade_request_ack(request, ok, done, 3, FIX44)
    assert_says(ack, "35=AQ|568=R|569=0|263=1|748=3|749=0|750=1|55=AAPL|")
    refused = TradeReject("R", "2", TradeRequestResult.TYPE_NOT_SUPPORTED, "why").encode(FIX44)
    assert_says(refused, "35=AQ|568=R|569=2|263=0|749=8|750=2|58=why|")


def test_a_trade_of_one_side() -> None:
    request = TradeRequest("R", "7", SNAPSHOT)
    text = encode_trade(trade(), request, False, FIX44).replace("\x01", "|")
    head = "8=FIX.4.4|9=0|35=AE|571=9|487=0|856=0|568=R|828=0|150=F|912=N|325=N|263=0|"
    fill = "880=9|17=12|570=N|55=AAPL|32=5|31=100|75=20240229|60=20240229-12:00:00.000|"
    sides = "552=1|54=1|37=3|11=X|453=1|448=NORTH|447=D|452=1|1=ACC|821=ALGO|15=USD|"
    assert text == f"{head}{fill}{sides}10=0|"


def test_a_trade_of_two_sides_in_5_0() -> None:
    request = TradeRequest("R", "7", UPDATES)
    other = side(firm="SOUTH", account="", side=Side.SELL, order_id=4, exec_id=13)
    sold = replace(other, liquidity=Liquidity.REMOVED)
    text = encode_trade(trade(side(), sold), request, None, FIX50SP2).replace("\x01", "|")
    assert "|912=" not in text and "|17=" not in text and "|325=Y|263=1|" in text
    assert "|15=USD|32=5|" in text
    buyer = "54=1|1427=12|37=3|11=X|453=1|448=NORTH|447=D|452=1|1=ACC|821=ALGO|1444=1|"
    seller = "54=2|1427=13|37=4|11=X|453=1|448=SOUTH|447=D|452=1|821=ALGO|1444=2|"
    assert f"|552=2|{buyer}{seller}10=0|" in text


def test_a_trade_of_nobody() -> None:
    request = TradeRequest("R", "7", SNAPSHOT, anonymous=True)
    taker = side(side=Side.SELL, liquidity=Liquidity.REMOVED, fee=FEE)
    for version, sides in (
        (FIX44, "54=2|37=NONE|15=USD|58=aggressor|54=1|37=NONE|15=USD|"),
        (FIX50SP2, "54=2|37=NONE|1444=2|54=1|37=NONE|1444=1|"),
    ):
        text = encode_trade(trade(taker, side()), request, True, version).replace("\x01", "|")
        assert text.endswith(f"|552=2|{sides}10=0|")
    auction = [side(liquidity=Liquidity.AUCTION, side=each) for each in Side]
    assert "aggressor" not in encode_trade(trade(*auction), request, True, FIX44)


def test_a_trade_that_was_corrected_and_one_that_was_busted() -> None:
    request = TradeRequest("R", "7", UPDATES)
    once = encode_trade(trade(changes=1), request, None, FIX44).replace("\x01", "|")
    assert "|571=9-1|487=2|856=0|" in once and "|150=G|" in once and "|572=9|" in once
    gone = encode_trade(trade(changes=2, qty=0), request, None, FIX44).replace("\x01", "|")
    assert "|571=9-2|487=1|856=6|" in gone and "|150=H|" in gone and "|572=9-1|" in gone
    assert "|32=0|" in gone


def test_a_side_has_its_fee() -> None:
    text = encode_trade(trade(side(fee=FEE)), TradeRequest("R", "7", SNAPSHOT), True, FIX44)
    assert "\x0112=1.2345\x0113=3\x01" in text and "\x01912=Y\x01" in text
