"""x, c, e and g: what they ask for, and each way in which they cannot."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.fix.texts import INSTRUMENTS, TRADER, VIEWER, message
from venue.fix.inbound import parse
from venue.fix.reference import SecurityDefinitionReject, SecurityListReject
from venue.fix.refusal import BusinessReject, SessionReject
from venue.fix.versions import FIX42, FIX44, FIX50SP2, Version
from venue.marketdata.inquiries import Inquiry, SubscriptionRequestType, Topic

SNAPSHOT, UPDATES, END = SubscriptionRequestType
IDS = {"x": "320", "c": "320", "e": "324", "g": "335"}
SOUND = {
    "x": {"559": "4"},
    "c": {"321": "3"},
    "e": {"55": "AAPL", "263": "0"},
    "g": {"263": "0"},
}
TOPICS = pytest.mark.parametrize("topic", Topic)


def asked(msg_type: str, fields: dict[str, str | None], version: Version = FIX44) -> Any:
    text = message(msg_type, {IDS[msg_type]: "R"} | fields)
    return parse(text, replace(TRADER, version=version), INSTRUMENTS)


@pytest.mark.parametrize(
    ("msg_type", "fields", "about"),
    [
        ("x", {"559": "4"}, {}),
        ("x", {"559": "4", "55": "AAPL"}, {}),
        ("x", {"559": "0", "55": "AAPL"}, {"symbol": "AAPL"}),
        ("x", {"559": "1", "167": "CS"}, {"security_type": "CS"}),
        ("x", {"559": "3", "336": "XSWX"}, {"market": "XSWX"}),
        ("c", {"321": "0", "55": "AAPL"}, {"symbol": "AAPL"}),
        ("c", {"321": "3"}, {}),
        (
            "c",
            {"321": "3", "55": "AAPL", "167": "CS", "336": "XSWX"},
            {"symbol": "AAPL", "security_type": "CS", "market": "XSWX"},
        ),
        ("e", {"55": "NOPE", "263": "0"}, {"symbol": "NOPE"}),
        ("g", {"263": "0"}, {}),
        ("g", {"263": "0", "336": "XSWX"}, {"market": "XSWX"}),
    ],
)
def test_what_is_asked_for(msg_type: str, fields: dict[str, str], about: dict[str, str]) -> None:
    assert asked(msg_type, fields) == Inquiry(Topic(msg_type), "R", "7", SNAPSHOT, **about)
    assert asked(msg_type, fields | {"263": "1"}).request_type is UPDATES


@TOPICS
def test_an_end_needs_no_more_than_its_id(topic: Topic) -> None:
    assert asked(topic, {"263": "2"}) == Inquiry(topic, "R", "7", END)


def test_a_market_of_5_0_has_a_field_of_its_own() -> None:
    for fields in ({"559": "3"}, {"559": "5"}):
        assert asked("x", fields | {"1301": "XSWX", "336": "1"}, FIX50SP2).market == "XSWX"
        assert asked("x", fields | {"336": "XSWX"}, FIX50SP2).market == "XSWX"
    assert asked("g", {"263": "0", "1301": "XSWX", "336": "1"}, FIX50SP2).market == "XSWX"
    assert asked("g", {"263": "0", "1301": "XSWX", "336": "1"}).market == "1"


@pytest.mark.parametrize(
    "fields",
    [
        {"559": "2"},
        {"559": "5", "336": "MAIN"},
        {"559": "zz"},
        {"559": None},
        {"559": "0"},
        {"559": "1"},
        {"559": "3"},
        {"559": "4", "263": "7"},
    ],
)
def test_lists_that_cannot_be(fields: dict[str, str | None]) -> None:
    assert asked("x", fields) == SecurityListReject("R", "7", "1")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"321": "1"}, "SecurityRequestType(321) 1 is not one of 0, 3"),
        ({"321": None}, "SecurityRequestType(321)  is not one of 0, 3"),
        ({"321": "0"}, "Symbol(55) is required"),
        ({"321": "3", "263": "7"}, "SubscriptionRequestType(263) 7 is not one of 0, 1, 2"),
    ],
)
def test_definitions_that_cannot_be(fields: dict[str, str | None], text: str) -> None:
    assert asked("c", fields) == SecurityDefinitionReject("R", "7", text)


@pytest.mark.parametrize(
    ("msg_type", "fields", "text"),
    [
        ("e", {"263": "0"}, "Symbol(55) is required"),
        (
            "e",
            {"55": "AAPL", "263": "7"},
            "SubscriptionRequestType(263) 7 is not one of 0, 1, 2",
        ),
        ("g", {"263": "7"}, "SubscriptionRequestType(263) 7 is not one of 0, 1, 2"),
    ],
)
def test_status_requests_that_cannot_be(
    msg_type: str, fields: dict[str, str | None], text: str
) -> None:
    assert asked(msg_type, fields) == BusinessReject("7", msg_type, "0", text, "R")


@TOPICS
def test_who_may_ask(topic: Topic) -> None:
    text = message(topic, {IDS[topic]: "R"} | SOUND[topic])
    for order_entry, market_data in ((True, False), (False, True)):
        party = replace(TRADER, order_entry=order_entry, market_data=market_data)
        assert isinstance(parse(text, party, INSTRUMENTS), Inquiry)
    refusal = parse(text, replace(VIEWER, market_data=False), INSTRUMENTS)
    if topic is Topic.SECURITY_LIST:
        assert refusal == SecurityListReject("R", "7", "3")
    else:
        assert isinstance(refusal, BusinessReject)
        assert (refusal.reason, refusal.ref_id) == ("6", "R")


@TOPICS
def test_an_id_that_is_missing_or_too_long(topic: Topic) -> None:
    refusal = asked(topic, SOUND[topic] | {IDS[topic]: None})
    assert isinstance(refusal, BusinessReject) and refusal.reason == "5"
    assert f"({IDS[topic]}) is required" in refusal.text
    assert isinstance(asked(topic, SOUND[topic] | {IDS[topic]: "R" * 64}), Inquiry)
    refusal = asked(topic, SOUND[topic] | {IDS[topic]: "R" * 65})
    assert isinstance(refusal, SessionReject)
    assert (refusal.ref_tag_id, refusal.reason) == (IDS[topic], "5")


def test_what_a_client_sends_is_not_kept_at_any_length() -> None:
    assert asked("e", {"55": "A" * 999, "263": "0"}).symbol == "A" * 64
    assert asked("g", {"336": "A" * 999, "263": "0"}).market == "A" * 64
    assert len(asked("g", {"263": "7" * 999}).text) < 200


VALUES = st.sampled_from(["0", "1", "2", "3", "4", "5", "7", "AAPL", "MAIN", "~", "-1", "9" * 99])


@given(
    msg_type=st.sampled_from([*IDS]),
    fields=st.dictionaries(
        st.sampled_from(["55", "167", "263", "321", "336", "559", "1301"]), VALUES
    ),
    version=st.sampled_from([FIX42, FIX44, FIX50SP2]),
)
def test_whatever_it_holds_the_answer_can_be_said(
    msg_type: str, fields: dict[str, str | None], version: Version
) -> None:
    answer = asked(msg_type, fields, version)
    if isinstance(answer, Inquiry):
        assert max(map(len, (answer.symbol, answer.market))) <= 64
    else:
        assert f"={msg_type}" in answer.encode(version) or "R" in answer.encode(version)


def test_there_are_no_lists_in_4_2() -> None:
    refusal = asked("x", {"559": "4"}, FIX42)
    assert isinstance(refusal, BusinessReject) and refusal.reason == "3"
    assert isinstance(asked("c", {"321": "3"}, FIX42), Inquiry)
