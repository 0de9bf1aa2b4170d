"""What QuickFIX sends over a connection is counted to the byte, and numbered with what the venue
writes beside it.
"""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.e2e.message import frame, utc_now
from venue.bench.flows import SPEC
from venue.config import load
from venue.core.instrument import Instrument
from venue.core.types import Side
from venue.files import shipped
from venue.gateway.acceptor import Acceptor
from venue.gateway.dictionaries import write_dictionaries
from venue.gateway.sessions import Session, configured_sessions
from venue.gateway.unrecorded import Unrecorded
from venue.marketdata.entries import BookUpdate, MDUpdateAction, Publication

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel does not tell")
UPDATE = BookUpdate(MDUpdateAction.NEW, Side.BUY, 9_999, 5)
INSTRUMENT = Instrument(SPEC)


class Wire:
    """MD1 on a socket, and the acceptor it is logged on to, in one thread."""

    def __init__(self, acceptor: Acceptor, sessions: list[Session], comp_id: str) -> None:
        self.acceptor = acceptor
        self.session = next(each for each in sessions if each.name == f"FIX.4.4:{comp_id}")
        self._comp_id = comp_id
        self._number = 0
        self.received = b""
        self.socket = socket.create_connection(("127.0.0.1", acceptor.door.port))
        self.socket.setblocking(False)
        self.say("A", (98, 0), (108, 1), (141, "Y"))
        self.expect(b"\x0135=A\x01")

    def close(self) -> None:
        """Hang up, and let QuickFIX notice."""
        self.socket.close()
        deadline = time.monotonic() + 30
        while self.session.logged_on:
            self.acceptor.poll()
            assert time.monotonic() < deadline

    def say(self, msg_type: str, *fields: tuple[int, object]) -> None:
        self._number += 1
        head = [(35, msg_type), (34, self._number), (49, self._comp_id)]
        self.socket.send(frame([*head, (52, utc_now()), (56, "VENUE"), *fields]))

    def expect(self, what: bytes) -> None:
        """Let both sides work until `what` has come."""
        deadline = time.monotonic() + 30
        while what not in self.received:
            assert time.monotonic() < deadline, (what, self.received)
            self.acceptor.poll()
            self.acceptor.inbox.clear()
            self.acceptor.admit()
            self.acceptor.keep_alive()
            try:
                self.received += self.socket.recv(1 << 16)
            except BlockingIOError:
                time.sleep(0.001)

    def publish(self, md_req_id: str) -> None:
        publication = Publication("AAPL", False, [UPDATE], 1, False, [])
        targets = [(self.session, md_req_id)]
        self.acceptor.sender.publish(publication, INSTRUMENT, utc_now(), targets)

    def messages(self) -> list[bytes]:
        return [b"8=FIX" + each for each in self.received.split(b"8=FIX")[1:]]

    def numbers(self) -> list[int]:
        """MsgSeqNum(34) of everything that came; each message has to be whole."""
        found = []
        for message in self.messages():
            assert message[-7:] == b"10=%03d\x01" % (sum(message[:-7]) % 256), message
            if b"\x0143=Y\x01" not in message:
                found.append(int(message.partition(b"\x0134=")[2].partition(b"\x01")[0]))
        return found


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Acceptor, list[Session]]]:
    config = load(shipped("config/venue.yaml"), ["venue.port=0", "venue.versions=[FIX.4.4]"])
    directory = tmp_path_factory.mktemp("dictionaries")
    dictionaries = write_dictionaries(config.venue.versions, directory)
    sessions = list(configured_sessions(config))
    acceptor = Acceptor(config.venue, sessions, config.quickfix, dictionaries, Unrecorded())
    acceptor.open()
    yield acceptor, sessions
    acceptor.close()


@pytest.fixture
def wire(opened: tuple[Acceptor, list[Session]]) -> Iterator[Wire]:
    with closing(Wire(*opened, "MD1")) as wire:
        yield wire


def heartbeat(wire: Wire) -> bytes:
    """It comes by itself, after a second."""
    return b"\x0135=0\x01"


def answer(wire: Wire) -> bytes:
    wire.acceptor.sender.send({wire.session: ["8=FIX.4.4\x019=0\x0135=Y\x01262=Q\x0110=0\x01"]}, 7)
    return b"\x01262=Q\x01"


def many_answers(wire: Wire) -> bytes:
    text = "8=FIX.4.4\x019=0\x0135=Y\x0158=\u00e4\u2192\x01262=Q{}\x0110=0\x01"
    wire.acceptor.sender.send({wire.session: [text.format(n) for n in range(20)]}, 7)
    return b"\x01262=Q19\x01"


def information(wire: Wire) -> bytes:
    wire.acceptor.sender.inform(wire.session, "8=FIX.4.4\x019=0\x0135=y\x01320=I\x0110=0\x01")
    return b"\x01320=I\x01"


def question(wire: Wire) -> bytes:
    wire.acceptor.sender.ask(wire.session, "Q7")
    return b"\x01112=Q7\x01"


def asked_for(wire: Wire) -> bytes:
    wire.say("1", (112, "T1"))
    return b"\x01112=T1\x01"


def gap_fill(wire: Wire) -> bytes:
    wire.say("2", (7, 1), (16, 0))
    return b"\x01123=Y\x01"


def reject(wire: Wire) -> bytes:
    wire.say("V", (262, ""))
    return b"\x0135=3\x01"


def reject_of_an_unknown_message(wire: Wire) -> bytes:
    wire.say("ZZ", (58, "what"))
    return b"\x01372=ZZ\x01"


def resend_request(wire: Wire) -> bytes:
    wire._number += 3
    wire.say("0")
    return b"\x0135=2\x01"


KINDS = (heartbeat, answer, many_answers, information, question, asked_for, gap_fill, reject)
KINDS += (reject_of_an_unknown_message, resend_request)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_whatever_quickfix_sends(wire: Wire, kind: Any) -> None:
    """The line is clear again after it, and the numbers go on."""
    line = wire.session.line
    assert line is not None
    written = []
    write = line.write

    class Watched:
        """Notes which messages went past QuickFIX."""

        def __getattr__(self, name: str) -> Any:
            return getattr(line, name)

        def write(self, message: bytes) -> bool:
            written.append(write(message))
            return written[-1]

    watched: Any = Watched()
    wire.session.line = watched
    for number in range(3):
        wire.publish(f"A{number}")
    wire.expect(kind(wire))
    for number in range(3):
        wire.publish(f"B{number}")
        wire.expect(f"\x01262=B{number}\x01".encode())
    assert written == [True] * 6
    numbers = wire.numbers()
    assert numbers == list(range(1, len(numbers) + 1))
    assert line.given == wire.session.handed
    logon = wire.messages()[0]
    assert line.given == len(wire.received) - len(logon)


def test_where_quickfix_has_to(opened: tuple[Acceptor, list[Session]]) -> None:
    """A trader's reports are not counted, so it has no line; its numbers are right as well."""
    with closing(Wire(*opened, "TRADER1")) as wire:
        assert wire.session.line is None
        for number in range(3):
            wire.publish(f"A{number}")
            answer(wire)
        wire.expect(b"\x01262=A2\x01")
        answer(wire)
        wire.expect(b"\x01262=Q\x01")
        numbers = wire.numbers()
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_defect_in_a_callback_costs_the_line(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not counted must not be written beside."""

    def broken(text: str) -> bytes:
        raise RuntimeError

    monkeypatch.setattr("venue.gateway.sender.to_bytes", broken)
    wire.expect(answer(wire))
    assert wire.session.line is None
    wire.publish("A")
    wire.expect(b"\x01262=A\x01")
    numbers = wire.numbers()
    assert numbers == list(range(1, len(numbers) + 1))


def test_it_ends_with_the_connection(wire: Wire) -> None:
    wire.close()
    assert wire.session.line is None
