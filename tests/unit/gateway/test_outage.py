"""What is answered, and recorded, when the journal fails, without sockets."""

from pathlib import Path
from typing import Any

import pytest

from venue.config import Role, SessionConfig
from venue.errors import JournalError
from venue.fix.message import format_message, parse_fields
from venue.fix.versions import FIX42, FIX44, FIX50SP2, Version
from venue.gateway.outage import LOGOUT, REFUSED, UNCERTAIN, Inbox, Outage
from venue.gateway.sessions import Presence, Session
from venue.journal.batch import Batch
from venue.journal.reserve import Reserve

FAILURE = JournalError("batch 7 is not written: disk full")


class Link:
    def __init__(self) -> None:
        self.next_sender, self.next_target = 10, 20

    def getExpectedSenderNum(self) -> int:  # noqa: N802
        return self.next_sender

    def getExpectedTargetNum(self) -> int:  # noqa: N802
        return self.next_target


class Sender:
    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, str]]] = []

    def send(self, answers: dict[Session, list[str]], time: int) -> None:
        for session, texts in answers.items():
            session.link.next_sender += len(texts)
            self.sent += [(session.comp_id, parse_fields(text)) for text in texts]


class World:
    """The acceptor and the recorder at once; `later` is what comes after the Logout."""

    time = 0

    def __init__(self, directory: Path) -> None:
        self.inbox: Inbox = []
        self.later: Inbox = []
        self.sender = Sender()
        self.reserve = Reserve(directory, 5000)
        self.path = directory / "reserve"
        self.full = False
        self.batches: list[Batch] = []
        self.said: list[str] = []
        self.ended: list[Inbox] = []

    def append(self, batch: Batch) -> None:
        assert not self.path.exists(), "the reserve is still there"
        if self.full:
            raise FAILURE
        self.batches.append(batch)

    def log_out(self, text: str, meanwhile: Any) -> None:
        self.said.append(text)
        self.inbox = self.later
        meanwhile()

    def fail(self) -> None:
        acceptor: Any = self
        Outage(acceptor, acceptor, self.reserve, self.ended.append).log_out(FAILURE)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def session(comp_id: str, version: Version = FIX44, logged_on: bool = True) -> Session:
    made = Session(SessionConfig(comp_id, "FIRM", (Role.ORDER_ENTRY,)), version)
    made.link = Link()
    made.logged_on = logged_on
    return made


def message(msg_type: str, number: int, *fields: tuple[str, object]) -> str:
    return format_message("FIX.4.4", msg_type, ("34", number), *fields)


@pytest.mark.parametrize("version", [FIX42, FIX44, FIX50SP2])
def test_everything_is_refused_and_recorded_as_received(world: World, version: Version) -> None:
    one, other = session("A", version), session("B", version)
    world.inbox = [(one, message("D", 18, ("11", "X"))), (other, message("V", 19, ("262", "M")))]
    world.later = [(one, message("F", 19, ("11", "Y"), ("41", "X")))]
    world.fail()
    assert [
        (who, f["35"], f["45"], f["372"], f["379"], f["380"]) for who, f in world.sender.sent
    ] == [
        ("A", "j", "18", "D", "X", "4"),
        ("B", "j", "19", "V", "M", "4"),
        ("A", "j", "19", "F", "Y", "4"),
    ]
    assert {fields["58"] for _, fields in world.sender.sent} == {REFUSED}
    assert [batch.numbers for batch in world.batches] == [
        {one.name: (11, 20), other.name: (11, 20)},
        {one.name: (12, 20)},
    ]
    assert [(sent.session, sent.first) for batch in world.batches for sent in batch.sent] == [
        (one.name, 10),
        (other.name, 10),
        (one.name, 11),
    ]
    assert not any(batch.commands for batch in world.batches)
    assert world.said == [LOGOUT]
    assert world.ended == [[]]


def test_where_nothing_can_be_recorded_the_answer_says_so(world: World) -> None:
    one = session("A")
    world.full = True
    world.inbox = [(one, message("D", 18, ("11", "X")))]
    world.later = [(one, message("D", 19, ("11", "Y")))]
    world.fail()
    assert [fields["58"] for _, fields in world.sender.sent] == [UNCERTAIN, UNCERTAIN]
    assert world.ended == []


def test_what_is_not_answered(world: World) -> None:
    """Who has gone does not hear it, so it is asked again; nobody answers a refusal with one."""
    gone, here = session("A", logged_on=False), session("B")
    unanswered = (gone, message("D", 18, ("11", "X")))
    world.inbox = [unanswered, (gone, Presence.LOSS), (here, Presence.LOGON)]
    world.later = [(here, message("j", 19, ("380", "0")))]
    world.fail()
    assert world.sender.sent == []
    assert world.batches == []
    assert [each for each in world.ended[0] if type(each[1]) is not Presence] == [unanswered]


def test_a_session_of_which_nothing_is_recorded(world: World) -> None:
    one = session("A")
    one.recorded = False
    world.inbox = [(one, message("V", 18, ("262", "M")))]
    world.fail()
    [batch] = world.batches
    assert (batch.sent, batch.numbers) == ([], {one.name: (11, 20)})
