"""What a session keeps of its client's connection, which QuickFIX owns."""

import os
import socket

from venue.config import Role, SessionConfig
from venue.fix.versions import FIX44
from venue.gateway.sessions import Session


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


def test_a_session_is_named_by_version_and_comp_id() -> None:
    session = Session(SessionConfig("MD1", "DATA", (Role.MARKET_DATA,)), FIX44)
    assert session.name == session.party.session == "FIX.4.4:MD1"
    assert (session.party.order_entry, session.party.market_data) == (False, True)
