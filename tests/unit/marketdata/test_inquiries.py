from decimal import Decimal

import pytest

from venue.core.instrument import InstrumentSpec
from venue.marketdata.inquiries import Inquiries, Inquiry, SubscriptionRequestType, Topic

UPDATES = SubscriptionRequestType.UPDATES
LIST, STATUS = Topic.SECURITY_LIST, Topic.SECURITY_STATUS
SESSION = Topic.TRADING_SESSION_STATUS


def inquiry(req_id: str = "R", topic: Topic = LIST, **about: str) -> Inquiry:
    return Inquiry(topic, req_id, "7", UPDATES, **about)


def spec(symbol: str = "AAPL", security_type: str = "CS", market: str = "MAIN") -> InstrumentSpec:
    numbers = map(Decimal, ("0.01", "1", "100", "1", "1000", "50"))
    return InstrumentSpec(symbol, *numbers, "USD", market, security_type)


def told(inquiries: Inquiries, topic: Topic, key: str) -> list[tuple[str, str]]:
    return [(session, each.req_id) for session, each in inquiries.about(topic, key)]


def test_who_is_told_of_a_symbol() -> None:
    inquiries = Inquiries()
    assert inquiries.subscribe("A", inquiry("1", symbol="AAPL")) is None
    assert inquiries.subscribe("A", inquiry("2")) is None
    assert inquiries.subscribe("B", inquiry("1", symbol="MSFT")) is None
    assert inquiries.subscribe("B", inquiry("1", STATUS, symbol="AAPL")) is None
    assert told(inquiries, LIST, "AAPL") == [("A", "1"), ("A", "2")]
    assert told(inquiries, LIST, "MSFT") == [("B", "1"), ("A", "2")]
    assert told(inquiries, STATUS, "AAPL") == [("B", "1")]
    assert told(inquiries, STATUS, "MSFT") == []


def test_who_asks_for_all_is_told_once() -> None:
    inquiries = Inquiries()
    inquiries.subscribe("A", inquiry())
    assert told(inquiries, LIST, "") == [("A", "R")]


def test_markets_are_asked_for_by_their_names() -> None:
    inquiries = Inquiries()
    inquiries.subscribe("A", inquiry("1", SESSION, market="XSWX"))
    inquiries.subscribe("A", inquiry("2", SESSION))
    assert told(inquiries, SESSION, "XSWX") == [("A", "1"), ("A", "2")]
    assert told(inquiries, SESSION, "MAIN") == [("A", "2")]


def test_a_list_by_market_hears_of_every_symbol() -> None:
    inquiries = Inquiries()
    inquiries.subscribe("A", inquiry(market="XSWX"))
    assert told(inquiries, LIST, "AAPL") == [("A", "R")]


def test_an_id_is_in_use_for_its_topic_and_session() -> None:
    inquiries = Inquiries()
    assert inquiries.subscribe("A", inquiry()) is None
    assert inquiries.subscribe("A", inquiry(symbol="AAPL")) == "R is in use"
    assert inquiries.subscribe("A", inquiry("R", STATUS, symbol="AAPL")) is None
    assert inquiries.subscribe("B", inquiry()) is None
    assert told(inquiries, LIST, "AAPL") == [("A", "R"), ("B", "R")]


def test_an_end() -> None:
    inquiries = Inquiries()
    inquiries.subscribe("A", inquiry("1", symbol="AAPL"))
    inquiries.subscribe("A", inquiry("2", symbol="AAPL"))
    assert not inquiries.unsubscribe("A", STATUS, "1")
    assert not inquiries.unsubscribe("B", LIST, "1")
    assert inquiries.unsubscribe("A", LIST, "1")
    assert not inquiries.unsubscribe("A", LIST, "1")
    assert told(inquiries, LIST, "AAPL") == [("A", "2")]
    assert inquiries
    assert inquiries.unsubscribe("A", LIST, "2")
    assert not inquiries
    assert inquiries.subscribe("A", inquiry("1")) is None


def test_no_more_than_the_limit_for_a_session() -> None:
    inquiries = Inquiries(limit=2)
    inquiries.subscribe("A", inquiry("1"))
    inquiries.subscribe("A", inquiry("2", STATUS, symbol="AAPL"))
    assert inquiries.subscribe("A", inquiry("3")) == "3 would be one more than 2 subscriptions"
    assert told(inquiries, LIST, "AAPL") == [("A", "1")]
    assert inquiries.subscribe("B", inquiry("3")) is None
    inquiries.unsubscribe("A", LIST, "1")
    assert inquiries.subscribe("A", inquiry("3")) is None


def test_a_session_that_is_gone() -> None:
    inquiries = Inquiries()
    inquiries.subscribe("A", inquiry("1"))
    inquiries.subscribe("A", inquiry("2", SESSION, market="MAIN"))
    inquiries.subscribe("B", inquiry("3"))
    inquiries.drop_session("A")
    inquiries.drop_session("A")
    assert told(inquiries, LIST, "AAPL") == [("B", "3")]
    assert told(inquiries, SESSION, "MAIN") == []


def test_a_subscription_that_ends_while_it_is_told() -> None:
    inquiries = Inquiries()
    for req_id in "12":
        inquiries.subscribe("A", inquiry(req_id, STATUS, symbol="AAPL"))
    for session, each in inquiries.about(STATUS, "AAPL"):
        inquiries.unsubscribe(session, STATUS, each.req_id)
    assert not inquiries


@pytest.mark.parametrize(
    ("about", "wanted"),
    [
        ({}, True),
        ({"symbol": "AAPL"}, True),
        ({"symbol": "MSFT"}, False),
        ({"security_type": "CS"}, True),
        ({"security_type": "FUT"}, False),
        ({"market": "MAIN"}, True),
        ({"market": "XSWX"}, False),
        ({"symbol": "AAPL", "market": "XSWX"}, False),
    ],
)
def test_what_is_asked_for(about: dict[str, str], wanted: bool) -> None:
    assert inquiry(**about).wants(spec()) is wanted
