"""What a session keeps of its client's connection, and what it takes from its configuration."""

import os
import socket

import pytest

from venue.config import Config, Role, SelfMatchPreventionConfig, SessionConfig
from venue.configuration.market_data import MarketDataConfig
from venue.core.types import PostOnly, SelfMatchPreventionInstruction, TriggerPriceType
from venue.fix.versions import FIX44, VERSIONS
from venue.gateway.sessions import Presence, Session, configured_sessions


def test_letting_go_leaves_the_descriptor_open() -> None:
    session = Session(SessionConfig("TRADER1", "ALPHA", (Role.ORDER_ENTRY,)), FIX44)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        descriptor = os.dup(ours.fileno())
        session.socket = socket.socket(fileno=descriptor)
        session.let_go()
        assert session.socket is None
        session.let_go()
        assert os.write(descriptor, b"still open") == 10
        os.close(descriptor)
        assert theirs.recv(10) == b"still open"


@pytest.mark.parametrize("version", ["FIX.4.2", "FIX.4.4", "FIX.5.0SP2"])
def test_a_session_is_named_by_version_and_comp_id(version: str) -> None:
    session = Session(SessionConfig("MD1", "DATA", (Role.MARKET_DATA,)), VERSIONS[version])
    assert session.name == session.party.session == f"{version}:MD1"
    assert (session.party.order_entry, session.party.market_data) == (False, True)


def test_what_a_session_chose_is_known_to_the_border() -> None:
    instruction = SelfMatchPreventionInstruction.DECREMENT
    chosen = SessionConfig(
        "TRADER1",
        "ALPHA",
        (Role.ORDER_ENTRY,),
        trigger_price="best_quote",
        post_only=PostOnly.REPRICE,
        self_match_prevention=SelfMatchPreventionConfig("DESK", "decrement"),
    )
    party = Session(chosen, FIX44).party
    assert party.trigger_price_type is TriggerPriceType.BEST_QUOTE
    assert party.post_only is PostOnly.REPRICE
    assert party.self_match_prevention_id == "DESK"
    assert party.self_match_prevention_instruction is instruction


def test_a_session_that_chose_nothing() -> None:
    party = Session(SessionConfig("TRADER1", "ALPHA", (Role.ORDER_ENTRY,)), FIX44).party
    assert party.trigger_price_type is TriggerPriceType.LAST_TRADE
    assert party.post_only is PostOnly.REFUSE
    assert party.self_match_prevention_id == ""


@pytest.mark.parametrize(("own", "expected"), [(None, 40), (0, 0), (250, 250)])
def test_how_often_a_session_hears_of_the_market(own: int | None, expected: int) -> None:
    """Its own interval, 0 included, comes before the venue's."""
    roles = (Role.MARKET_DATA,)
    session = SessionConfig("MD1", "DATA", roles, marketdata_interval_ms=own)
    usual = MarketDataConfig(interval_ms=40)
    config = Config(sessions=(session,), instruments=(), marketdata=usual)
    assert {each.party.interval_ms for each in configured_sessions(config)} == {expected}


@pytest.mark.parametrize("usual", [True, False])
def test_a_connection_leaves_nothing_to_the_next(usual: bool) -> None:
    config = SessionConfig("TRADER1", "ALPHA", (Role.ORDER_ENTRY,), cancel_on_disconnect=usual)
    session = Session(config, FIX44)
    before = session.arrival, session.departure
    assert before == (
        Presence.LOGON_CANCEL_ON_DISCONNECT if usual else Presence.LOGON,
        None,
    )
    session.arrival, session.departure = Presence.LOGOUT, Presence.LOGOUT
    session.forget_connection()
    assert (session.arrival, session.departure) == before
