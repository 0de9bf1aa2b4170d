"""When numbers begin anew by the clock, and who is sent home, without sockets."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from venue.config import Role, SessionConfig
from venue.fix.versions import FIX44
from venue.gateway.hours import Hours
from venue.gateway.recorder import Recorder
from venue.gateway.schedule import Schedule
from venue.gateway.sessions import Session
from venue.journal.session_log import SessionLogs
from venue.journal.sqlite import SqliteJournal

HOURS = Schedule(time(8), time(17))


def at(hour: int, day: int = 2) -> int:
    return int(datetime(2030, 1, day, hour, tzinfo=UTC).timestamp()) * 10**9


class Link:
    """QuickFIX's session, as far as its numbers go."""

    def __init__(self) -> None:
        self.numbers = {"sender": 7, "target": 8}

    def setNextSenderMsgSeqNum(self, number: int) -> None:  # noqa: N802
        self.numbers["sender"] = number

    def setNextTargetMsgSeqNum(self, number: int) -> None:  # noqa: N802
        self.numbers["target"] = number


class World:
    """Sessions A and B with hours and C without, with numbers since yesterday noon."""

    def __init__(self, journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
        self.recorder = Recorder(journal, SessionLogs(), 0)
        self.now = at(12)
        self.dismissed: list[tuple[str, str]] = []
        monkeypatch.setattr("time.time_ns", lambda: self.now)
        self.sessions = []
        for name in "ABC":
            config = SessionConfig(name, "FIRM", (Role.ORDER_ENTRY,))
            session = Session(config, FIX44, None if name == "C" else HOURS)
            session.link = Link()
            self.sessions.append(session)
        self.a, self.b, self.c = self.sessions
        self.note(*self.sessions, reset=at(12, day=1))
        self.start()

    def start(self) -> None:
        self.hours = Hours(self.sessions, self.recorder, self.dismiss)

    def note(self, *sessions: Session, reset: int) -> None:
        names = [session.name for session in sessions]
        self.recorder.note(dict.fromkeys(names, (7, 8)), dict.fromkeys(names, reset))

    def dismiss(self, session: Session, text: str) -> None:
        session.dismissed = 1.0
        self.dismissed.append((session.comp_id, text))

    def keep(self) -> int:
        """Do what is due; return how many batches that took."""
        before = self.recorder.journal.seq
        self.hours.keep()
        return self.recorder.journal.seq - before

    def anew(self) -> str:
        """Whose numbers begin at 1 now, for QuickFIX and in the journal."""
        found = ""
        for session in self.sessions:
            log = self.recorder.logs[session.name]
            first = session.link.numbers == {"sender": 1, "target": 1}
            assert first == ((log.next_sender, log.next_target) == (1, 1))
            found += session.comp_id if first else ""
        return found


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with closing(SqliteJournal(tmp_path, "batch")) as journal:
        yield World(journal, monkeypatch)


def test_a_start_of_the_venue_after_a_night(world: World) -> None:
    """In one batch for all, and only once."""
    assert world.keep() == 1
    assert world.anew() == "AB"
    assert world.recorder.logs[world.a.name].reset_time == at(12)
    world.start()
    assert world.keep() == 0


def test_a_start_of_the_venue_in_the_middle(world: World) -> None:
    world.note(world.a, reset=at(8))
    world.note(world.b, reset=at(8) - 1)
    assert world.keep() == 1
    assert world.anew() == "B"


def test_a_start_outside_the_hours(world: World) -> None:
    """Of a period that is over, as it would have done had it run."""
    world.now = at(20)
    assert world.keep() == 1
    assert world.anew() == "AB"


def test_who_never_logged_on(world: World) -> None:
    world.recorder.note({world.a.name: (1, 1)}, {world.a.name: 0})
    world.a.link.numbers = {"sender": 1, "target": 1}
    assert world.keep() == 1
    assert world.recorder.logs[world.a.name].reset_time == 0


def test_the_clock_goes_on(world: World) -> None:
    """Nothing is looked at before its time; numbers begin anew when the hours do."""
    for session in world.sessions:
        world.note(session, reset=at(9))
    for now, batches in ((at(12), 0), (at(17) - 1, 0), (at(17), 0), (at(23), 0)):
        world.now = now
        assert world.keep() == batches
    world.now = at(8, day=3)
    assert world.keep() == 1
    assert world.anew() == "AB"


def test_who_is_on_when_the_hours_end(world: World) -> None:
    """It is told once, and its numbers are left alone until it is gone and the hours begin."""
    world.note(*world.sessions, reset=at(9))
    world.keep()
    world.a.logged_on = True
    world.now = at(17)
    world.keep()
    world.keep()
    [(comp_id, text)] = world.dismissed
    assert comp_id == "A" and "08:00:00 to 17:00:00 UTC" in text
    world.now = at(8, day=3)
    assert world.keep() == 1
    assert world.anew() == "B"
    world.a.logged_on = False
    assert world.keep() == 1
    assert world.anew() == "AB"


def test_who_logs_on_after_the_change(world: World) -> None:
    world.keep()
    world.a.logged_on = True
    assert world.keep() == 0
    assert world.dismissed == []


def test_a_clock_that_steps_back_over_a_start(world: World) -> None:
    world.keep()
    world.note(world.a, reset=at(12))
    world.now = at(7)
    world.start()
    world.keep()
    world.now = at(8)
    assert world.keep() == 0
