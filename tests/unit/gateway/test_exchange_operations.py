"""A turn in which an operator asks: what the journal has of it, who is told, and in which order."""

from typing import Any

import pytest

from tests.unit.core.desk import aapl
from tests.unit.gateway.test_exchange import LOGON, NOON, Clock, Floor, clock, journal
from venue.config import Role, SessionConfig
from venue.core import commands as c
from venue.core.venue import Venue
from venue.fix.versions import FIX44
from venue.gateway.exchange import Exchange
from venue.gateway.phases import PhaseSchedule
from venue.gateway.recorder import Recorder
from venue.gateway.sessions import Presence, Session
from venue.journal.batch import Sent, decode_batch
from venue.journal.recovery import replay
from venue.journal.session_log import SessionLogs
from venue.journal.sqlite import SqliteJournal

__all__ = ["clock", "journal"]

NAME = "FIX.4.4:OPERATOR"


class Watched(Floor):
    """A floor with an operator, and what happens to those who are logged out."""

    def __init__(self, journal: SqliteJournal, clock: Clock) -> None:
        super().__init__(journal, clock)
        self.dismissed: list[tuple[str, str]] = []
        self.snapshots: list[int] = []
        recorder = Recorder(journal, self.logs, self.venue.time)
        sockets: Any = self.sockets
        self.exchange = Exchange(
            *(self.venue, self.sessions.values(), sockets, recorder, self._dismiss),
            phases=PhaseSchedule(()),
            make_snapshot=lambda: self.snapshots.append(journal.seq),
        )
        self.exchange.begin([c.DefineInstrument(aapl())])
        for each in ("OPERATOR", "TRADER1", "TRADER3"):
            self.turn((each, LOGON))

    def make_sessions(self) -> dict[str, Session]:
        config = SessionConfig("OPERATOR", "VENUE", (Role.OPERATOR,))
        return super().make_sessions() | {"OPERATOR": Session(config, FIX44)}

    def _dismiss(self, session: Session, text: str) -> None:
        assert "U2" in [text["35"] for _, text in self.sockets.sent], "the operator knows already"
        self.dismissed.append((session.comp_id, text))

    def asks(self, action: str, more: str = "", comp_id: str = "OPERATOR") -> list[Any]:
        text = f"8=FIX.4.4|9=0|35=U1|34=2|49=X|56=VENUE|9201=R|9202={action}|{more}10=000|"
        return self.turn((comp_id, text.replace("|", "\x01")))

    def last(self) -> Any:
        return decode_batch(self.journal.fetch(self.journal.seq), self.journal.seq)


@pytest.fixture
def floor(journal: SqliteJournal, clock: Clock) -> Watched:
    return Watched(journal, clock)


def test_the_record_comes_before_what_is_done(floor: Watched) -> None:
    floor.turn(("TRADER1", floor.order("A")), ("TRADER3", floor.order("B", price="98.00")))
    floor.told()
    told = floor.asks("cancel_firm", "9212=ALPHA|")
    told_text = "1 order of ALPHA is canceled"
    record = c.RecordOperation(NAME, "R", "cancel_firm", {"firm": "ALPHA"}, True, told_text)
    assert floor.last().commands == [record, c.CancelByVenue(0, "ALPHA")]
    [(owner, canceled), (operator, report)] = told
    assert (owner, canceled["150"], canceled["11"]) == ("TRADER1", "4", "A")
    assert "operator" in canceled["58"] and canceled["378"] == "8"
    assert (operator, report["35"], report["9203"]) == ("OPERATOR", "U2", "0")
    assert (report["9201"], report["9202"], report["58"]) == ("R", "cancel_firm", told_text)


def test_a_refusal_is_recorded_and_nothing_else(floor: Watched) -> None:
    before = floor.venue.state_hash()
    [(_, report)] = floor.asks("cancel", "37=99|")
    text = "OrderID(37) is 99, expected a live order"
    assert (report["9203"], report["58"]) == ("1", text)
    record = c.RecordOperation(NAME, "R", "cancel", {"order_id": "99"}, False, text)
    assert floor.last().commands == [record]
    assert floor.venue.state_hash() == before


def test_who_may_not_ask_is_recorded(floor: Watched) -> None:
    [(_, report)] = floor.asks("halt", "55=AAPL|", "TRADER1")
    assert (report["35"], report["380"]) == ("j", "6")
    [record] = floor.last().commands
    assert (record.operator, record.req_id, record.accepted) == ("FIX.4.4:TRADER1", "R", False)
    floor.turn(("OPERATOR", floor.order("X")))
    assert floor.last().commands == [], "an order is no operation"


def test_what_fails_is_recorded(floor: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(command: c.HaltInstrument) -> Any:
        raise AssertionError("a defect")

    monkeypatch.setitem(floor.venue._answers, c.HaltInstrument, fails)
    [(_, report)] = floor.asks("halt", "55=AAPL|")
    assert (report["35"], report["380"]) == ("j", "0")
    done, halt, failed = floor.last().commands
    assert (done.accepted, failed.accepted) == (True, False)
    assert (halt, failed.text) == (c.HaltInstrument("AAPL"), report["58"])


def test_who_is_disabled_is_recorded(floor: Watched) -> None:
    floor.venue.handle(c.AllowSession("OPERATOR", False))
    [(_, report)] = floor.asks("halt", "55=AAPL|")
    assert (report["35"], report["380"]) == ("j", "6")
    [record] = floor.last().commands
    assert (record.operator, record.accepted) == (NAME, False)
    assert floor.venue.phase("AAPL") == "continuous"


def test_a_market_is_halted_by_one_request(floor: Watched) -> None:
    floor.asks("define", "55=B|969=0.01|561=1|1150=100|562=1|1140=9|15=USD|")
    floor.asks("halt", "9206=MAIN|")
    record, *halts = floor.last().commands
    assert record.text == "MAIN is halted, 2 instruments"
    assert halts == [c.HaltInstrument("AAPL"), c.HaltInstrument("B")]


def test_news_are_in_the_journal_and_wait_for_who_is_away(floor: Watched) -> None:
    floor.turn(("AWAY", LOGON))
    floor.turn(("AWAY", Presence.LOGOUT))
    floor.logs["FIX.4.4:AWAY"].begin_anew(1)
    told = floor.asks("news", "148=H|58=T|")
    assert [(who, text["35"]) for who, text in told] == [
        ("TRADER1", "B"), ("TRADER3", "B"), ("OPERATOR", "U2"),
    ]  # fmt: skip
    assert told[0][1]["148"] == "H" and told[0][1]["33"] == "1" and told[0][1]["58"] == "T"
    sent: list[Sent] = floor.last().sent
    assert {each.session: bool(each.first) for each in sent} == {
        "FIX.4.4:TRADER1": True,
        "FIX.4.4:TRADER3": True,
        "FIX.4.4:AWAY": False,
        NAME: True,
    }
    [(who, text)] = floor.turn(("AWAY", LOGON))
    assert (who, text["35"], text["148"]) == ("AWAY", "B", "H")


def test_who_is_disabled_is_logged_out_after_the_journal_has_it(floor: Watched) -> None:
    floor.asks("disable", "9213=TRADER1|58=unpaid|")
    assert floor.dismissed == [("TRADER1", "the operator has disabled this session: unpaid")]
    assert floor.last().commands[1:] == [c.AllowSession("TRADER1", False)]
    [(who, refused)] = floor.turn(("TRADER1", floor.order("LATE")))
    assert (who, refused["35"], refused["380"]) == ("TRADER1", "j", "6"), "until he is gone"
    assert "disabled" in refused["58"] and floor.last().commands == []
    assert floor.turn(("TRADER3", floor.order("A", price="98.00")))[0][1]["150"] == "0"
    floor.asks("disconnect", "9213=FIX.4.4:TRADER3|")
    assert floor.dismissed[1:] == [("TRADER3", "the operator has disconnected this session")]


def test_a_failed_journal_logs_nobody_out(floor: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(body: bytes) -> None:
        raise RuntimeError("no disk")

    monkeypatch.setattr(floor.journal, "append", fails)
    with pytest.raises(RuntimeError):
        floor.asks("disconnect", "9213=TRADER1|")
    assert floor.dismissed == [] == floor.told()


def test_a_snapshot_is_asked_for(floor: Watched) -> None:
    [(_, report)] = floor.asks("snapshot")
    assert (report["9203"], len(floor.snapshots)) == ("0", 1)
    floor.asks("snapshot", "55=AAPL|")
    assert len(floor.snapshots) == 1


def test_a_phase_by_hand_is_left_alone_by_the_next_turn(floor: Watched, clock: Clock) -> None:
    floor.asks("phase", "9206=MAIN|9211=closed|")
    clock.now = NOON + 1_000_000_000
    floor.exchange.tick()
    floor.turn(("TRADER1", floor.order("A")))
    assert not [each for each in floor.last().commands if isinstance(each, c.EnterPhase)]
    assert floor.venue.phase("AAPL") == "closed"


def test_all_of_it_is_there_after_a_replay(floor: Watched, clock: Clock) -> None:
    floor.turn(("TRADER1", floor.order("A")), ("TRADER3", floor.order("B", side="2")))
    for action, more in (
        ("bust", "1003=1|"),
        ("phase", "9206=MAIN|9211=closed|"),
        ("disable", "9213=TRADER3|"),
        ("kill", "9212=BETA|"),
        ("limit", "9212=ALPHA|9220=10|"),
        ("end_day", ""),
        ("burn", ""),
    ):
        clock.now += 1_000_000_000
        report = floor.asks(action, more)[-1][1]
        assert report["9203"] == ("1" if action == "burn" else "0"), report
    venue = Venue()
    replay(floor.journal, venue, SessionLogs())
    assert venue.state_hash() == floor.venue.state_hash()
    assert venue.operations.disallowed == {"TRADER3"}
    assert venue.phases.by_hand == {"MAIN": NOON + 2_000_000_000}
    venue.check()
