"""RequestForPositions (AN), and what answers it."""

import pytest
from msgspec.structs import replace

from tests.unit.fix.reports import position
from tests.unit.fix.texts import INSTRUMENTS, TIME, TRADER, VIEWER, assert_says, message
from venue.fix.inbound import parse
from venue.fix.positions import (
    PositionReject,
    PositionRequest,
    PosReqResult,
    encode_position,
    encode_position_ack,
)
from venue.fix.refusal import BusinessReject, SessionReject
from venue.fix.versions import FIX42, FIX44, FIX50SP2
from venue.marketdata.inquiries import SubscriptionRequestType

CLEARER = replace(TRADER, firm="VENUE", order_entry=False, clearing=True)
COPIED = replace(TRADER, order_entry=False, drop_copy=True)
SNAPSHOT, UPDATES, END = SubscriptionRequestType


def asked(party: object = TRADER, data: str = "", **fields: str | None) -> object:
    request = {"710": "R", "724": "0", "60": TIME} | {key[1:]: fields[key] for key in fields}
    return parse(message("AN", request, data), party, INSTRUMENTS)  # type: ignore[arg-type]


def test_a_firm_s_session_asks_for_the_firm_s() -> None:
    assert asked() == PositionRequest("R", "7", SNAPSHOT, "NORTH")
    full = asked(t1="ACC", t55="AAPL", t263="1", t715="20240229")
    assert full == PositionRequest("R", "7", UPDATES, "NORTH", "ACC", "AAPL", "20240229")
    assert asked(COPIED, t1="[N/A]") == PositionRequest("R", "7", SNAPSHOT, "NORTH", "")


def test_who_clears_asks_for_all_or_one_firm_s() -> None:
    assert asked(CLEARER) == PositionRequest("R", "7", SNAPSHOT)
    one = asked(CLEARER, data="453=1|448=SOUTH|447=D|452=1|")
    assert one == PositionRequest("R", "7", SNAPSHOT, "SOUTH")


def test_an_end_needs_no_more_than_the_id() -> None:
    assert asked(t263="2", t724="9", t55="NOPE") == PositionRequest("R", "7", END)


@pytest.mark.parametrize(
    ("fields", "data", "result", "words"),
    [
        ({"t724": "1"}, "", PosReqResult.NOT_SUPPORTED, "PosReqType(724) 1"),
        ({"t263": "3"}, "", PosReqResult.INVALID, "SubscriptionRequestType(263) 3"),
        ({"t55": "NOPE"}, "", PosReqResult.INVALID, "Symbol(55) NOPE"),
        ({}, "453=1|448=SOUTH|452=1|", PosReqResult.NOT_AUTHORIZED, "PartyID(448) SOUTH"),
        ({}, "453=1|448=NORTH|452=3|", PosReqResult.INVALID, "PartyRole(452) 3"),
        ({}, "453=1|448=NORTH|", PosReqResult.INVALID, "PartyRole(452)"),
        ({}, "453=2|448=NORTH|452=1|448=NORTH|452=1|", PosReqResult.INVALID, "NoPartyIDs(453) 2"),
    ],
)
def test_what_cannot_be_asked(
    fields: dict[str, str], data: str, result: PosReqResult, words: str
) -> None:
    refused = asked(data=data, **fields)
    assert isinstance(refused, PositionReject)
    assert refused.result is result and words in refused.text


def test_who_cannot_ask() -> None:
    refused = asked(VIEWER)
    assert isinstance(refused, PositionReject) and refused.result is PosReqResult.NOT_AUTHORIZED
    assert isinstance(asked(replace(TRADER, version=FIX42)), BusinessReject)


def test_ids_have_1_to_64_characters() -> None:
    assert isinstance(asked(t710=None), BusinessReject)
    assert isinstance(asked(t710="R" * 65), SessionReject)
    assert isinstance(asked(t1="A" * 65), SessionReject)
    assert isinstance(asked(data=f"453=1|448={'N' * 65}|452=1|"), SessionReject)


def test_the_answer_tells_how_many_follow() -> None:
    request = PositionRequest("R", "7", UPDATES, "NORTH", None, "AAPL")
    ack = encode_position_ack(request, ("1", "NORTH"), PosReqResult.VALID, 2, FIX44)
    parties = "453=1|448=NORTH|447=D|452=1|"
    said = f"35=AO|721=1|710=R|727=2|325=N|728=0|729=0|{parties}1=[N/A]|581=1|55=AAPL|"
    assert_says(ack, said)
    none = encode_position_ack(request, ("1", "NORTH"), PosReqResult.NO_POSITIONS_FOUND, 0, FIX44)
    assert "728=2\x01729=0\x01" in none
    refused = PositionReject("R", "7", PosReqResult.OTHER, "NORTH", "why").encode(FIX50SP2)
    assert "728=99\x01729=2\x01" in refused and "58=why\x01" in refused
    assert "721=7\x01" in refused and "\x01581=" not in refused


def test_a_position_in_figures() -> None:
    request = PositionRequest("R", "7", SNAPSHOT, "NORTH")
    told = position(qty=-30, cost=-300_030, fees={"USD": 150_000_000, "EUR": -25_000_000})
    text = encode_position(told, request, "8", 1, FIX44).replace("\x01", "|")
    assert text.startswith("8=FIX.4.4|9=0|35=AP|721=8|710=R|724=0|263=0|727=1|325=N|728=0|")
    assert "715=20240229|453=1|448=NORTH|447=D|452=1|1=ACC|581=1|55=AAPL|15=USD|" in text
    assert "730=100|731=2|734=99|" in text
    assert "702=2|703=TOT|704=0|705=30|703=SOD|704=10|705=0|" in text
    amounts = "707=CASH|708=-2900|707=TVAR|708=100.3|707=FMTM|708=-0.3|707=SMTM|708=0|"
    assert f"753=6|{amounts}707=IMTM|708=100|707=CRES|708=-1.5|" in text
    assert "58=average_price=100.01 fees_EUR=-0.25 fees_USD=1.5|" in text


def test_5_0_names_the_currency_of_each_amount() -> None:
    request = PositionRequest("R", "7", UPDATES, "NORTH")
    told = position(qty=0, cost=0, account="", fees={"USD": 1, "EUR": -25_000_000})
    text = encode_position(told, request, "8", None, FIX50SP2).replace("\x01", "|")
    assert "|727=" not in text and "|325=Y|" in text
    assert "|1=" not in text and "|581=" not in text
    assert "703=NET|704=0|705=0|" in text
    assert "707=CRES|708=0.25|1055=EUR|707=CRES|708=-0.00000001|1055=USD|" in text
    assert "average_price" not in text
    flat = encode_position(position(qty=0), request, "8", None, FIX50SP2)
    assert "58=flat\x01" in flat


def test_what_is_asked_for_is_wanted() -> None:
    request = PositionRequest("R", "7", UPDATES, "NORTH", "ACC", "AAPL")
    assert request.wants("NORTH", "ACC", "AAPL")
    for other in (("SOUTH", "ACC", "AAPL"), ("NORTH", "", "AAPL"), ("NORTH", "ACC", "EURUSD")):
        assert not request.wants(*other)
    assert PositionRequest("R", "7", UPDATES).wants("SOUTH", "", "EURUSD")
    assert not PositionRequest("R", "7", UPDATES, account="").wants("SOUTH", "ACC", "EURUSD")
