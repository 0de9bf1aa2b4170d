"""A turn of the loop without sockets: what is journaled, who is told, and in which order."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.unit.core.desk import aapl
from venue.config import MarketConfig, Role, SessionConfig
from venue.core import commands as c
from venue.core.types import ExecRestatementReason
from venue.core.venue import Venue
from venue.fix.message import parse_fields
from venue.fix.versions import FIX44
from venue.gateway.answers import UNTOLD_AT_ONCE
from venue.gateway.exchange import Exchange
from venue.gateway.phases import PhaseSchedule
from venue.gateway.recorder import JUMP, MARK, Recorder
from venue.gateway.sessions import Presence, Session
from venue.journal.batch import Batch, Sent, decode_batch
from venue.journal.recovery import replay
from venue.journal.session_log import SessionLogs
from venue.journal.sqlite import SqliteJournal

DAY = 86_400_000_000_000
NOON = 20_000 * DAY + DAY // 2
LOGON, CANCELING = Presence.LOGON, Presence.LOGON_CANCEL_ON_DISCONNECT
ROLES = (Role.ORDER_ENTRY, Role.MARKET_DATA)


class Clock:
    """The machine's clock, which is set by the test."""

    def __init__(self) -> None:
        self.now = NOON

    def time_ns(self) -> int:
        return self.now


class Sockets:
    """Keeps what the sessions are sent."""

    def __init__(self) -> None:
        self.behind: set[str] = set()
        self.sent: list[tuple[str, dict[str, str]]] = []

    def send(self, answers: dict[Session, list[str]], time: int) -> None:
        for session, texts in answers.items():
            assert session.logged_on, f"{session.name} is not there"
            session.link.next_sender += len(texts)
            self.sent += [(session.comp_id, parse_fields(text)) for text in texts]

    def inform(self, session: Session, text: str) -> None:
        assert session.logged_on, f"{session.name} is not there"
        session.link.next_sender += 1
        self.sent.append((session.comp_id, parse_fields(text)))

    def publish(self, *args: Any) -> None:
        self.sent.append(("?", {"35": "W"}))


class Link:
    """A session's sequence numbers."""

    def __init__(self, next_sender: int, next_target: int) -> None:
        self.next_sender, self.next_target = next_sender, next_target

    def getExpectedSenderNum(self) -> int:  # noqa: N802 - as QuickFIX calls it
        return self.next_sender

    def getExpectedTargetNum(self) -> int:  # noqa: N802
        return self.next_target


class Floor:
    """A venue with three traders, two of them of one firm, and a third of that who never comes."""

    def __init__(
        self, journal: SqliteJournal, clock: Clock, markets: tuple[MarketConfig, ...] = ()
    ) -> None:
        self.journal, self.clock = journal, clock
        self.venue, self.sockets, self.logs = Venue(), Sockets(), SessionLogs()
        replay(journal, self.venue, self.logs)
        recorder = Recorder(journal, self.logs, self.venue.time)
        self.sessions = self.make_sessions()
        for session in self.sessions.values():
            session.link = Link(*recorder.numbers(session.name))
        sockets: Any = self.sockets
        phases = PhaseSchedule(markets, self.venue.time)
        sessions = self.sessions.values()
        self.exchange = Exchange(self.venue, sessions, sockets, recorder, phases=phases)
        self.ids = 0

    def make_sessions(self) -> dict[str, Session]:
        firms = {"TRADER1": "ALPHA", "TRADER2": "ALPHA", "TRADER3": "BETA", "AWAY": "ALPHA"}
        return {
            comp_id: Session(SessionConfig(comp_id, firm, ROLES), FIX44)
            for comp_id, firm in firms.items()
        }

    def turn(self, *inbox: tuple[str, str]) -> list[tuple[str, dict[str, str]]]:
        """Take a turn with what each CompID sent; return who was sent what."""
        entries = []
        for comp_id, text in inbox:
            session = self.sessions[comp_id]
            session.link.next_target += 1
            if isinstance(text, Presence):
                session.logged_on = text in (LOGON, CANCELING)
            entries.append((session, text))
        self.exchange.turn(entries)
        return self.told()

    def told(self) -> list[tuple[str, dict[str, str]]]:
        told, self.sockets.sent = self.sockets.sent, []
        return told

    def order(self, cl_ord_id: str, side: str = "1", price: str = "99.00", more: str = "") -> str:
        text = (
            f"8=FIX.4.4|9=0|35=D|34=2|49=X|56=VENUE|11={cl_ord_id}|55=AAPL|54={side}|38=5|40=2|"
            f"44={price}|60=20260101-00:00:00|{more}10=000|"
        )
        return text.replace("|", "\x01")

    def batches(self) -> list[tuple[int, list[Any]]]:
        decoded = [decode_batch(body, seq) for seq, body in self.journal.read()]
        return [(batch.time, list(batch.commands)) for batch in decoded]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time_ns", clock.time_ns)
    return clock


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(tmp_path, "off")) as journal:
        yield journal


@pytest.fixture
def floor(journal: SqliteJournal, clock: Clock) -> Floor:
    floor = Floor(journal, clock)
    floor.exchange.begin([c.DefineInstrument(aapl())])
    return floor


def brief(told: list[tuple[str, dict[str, str]]]) -> list[tuple[str, str, str]]:
    return [(to, fields.get("150", fields["35"]), fields.get("11", "")) for to, fields in told]


def kinds(floor: Floor) -> list[str]:
    return [type(command).__name__ for _, commands in floor.batches() for command in commands]


def test_time_alone_is_journaled_where_it_does_something(floor: Floor) -> None:
    floor.turn(("TRADER1", LOGON), ("TRADER1", floor.order("DAY")))
    before = len(floor.batches())
    floor.clock.now += DAY // 4
    floor.exchange.tick()
    assert len(floor.batches()) == before
    assert floor.told() == []
    floor.clock.now += DAY // 2
    floor.exchange.tick()
    assert brief(floor.told()) == [("TRADER1", "C", "DAY")]
    assert floor.batches()[before:] == [(floor.clock.now, [])]
    again = Venue()
    replay(floor.journal, again)
    assert again.state_hash() == floor.venue.state_hash()
    floor.exchange.tick()
    assert len(floor.batches()) == before + 1


def test_a_turn_does_what_is_due_before_the_requests(floor: Floor) -> None:
    floor.turn(("TRADER1", LOGON), ("TRADER3", LOGON), ("TRADER1", floor.order("DAY")))
    floor.clock.now += DAY
    told = floor.turn(("TRADER3", floor.order("HIT", "2")))
    assert brief(told) == [("TRADER1", "C", "DAY"), ("TRADER3", "0", "HIT")]


def test_a_clock_that_jumps_back(floor: Floor) -> None:
    """What is journaled is the time that the venue has seen."""
    floor.turn(("TRADER1", LOGON))
    floor.clock.now = NOON - DAY
    [(_, report)] = floor.turn(("TRADER1", floor.order("A")))
    assert floor.batches()[-1][0] == floor.venue.time == NOON
    assert report["60"].endswith("-12:00:00.000")


def test_a_defect_in_time_ends_nothing(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    handle = floor.venue.handle

    def faulty(command: c.Command) -> Any:
        if isinstance(command, c.AdvanceTime):
            raise ValueError
        return handle(command)

    floor.turn(("TRADER1", LOGON))
    monkeypatch.setattr(floor.venue, "handle", faulty)
    before = len(floor.batches())
    assert brief(floor.turn(("TRADER1", floor.order("A")))) == [("TRADER1", "0", "A")]
    floor.turn()
    assert len(floor.batches()) == before + 2, "a replay has to meet it, too"


def test_status_requests_are_no_commands(floor: Floor) -> None:
    """Only that they were received is journaled, and their answers."""
    floor.turn(("TRADER1", LOGON), ("TRADER1", floor.order("A")))
    before = floor.batches()
    ask = "8=FIX.4.4|9=0|35=H|34=3|49=X|56=VENUE|11=A|55=AAPL|54=1|10=0|"
    mass = "8=FIX.4.4|9=0|35=AF|34=4|49=X|56=VENUE|584=M|585=7|10=0|"
    told = floor.turn(*(("TRADER1", text.replace("|", "\x01")) for text in (ask, mass)))
    assert [fields["150"] for _, fields in told] == ["I", "I"]
    assert floor.batches() == [*before, (NOON, [])]


def last_batch(floor: Floor) -> Batch:
    *_, (seq, body) = floor.journal.read()
    return decode_batch(body, seq)


def brief_sent(sent: list[Sent]) -> list[tuple[str, int, list[str]]]:
    return [
        (each.session, each.first, [parse_fields(text)["150"] for text in each.texts])
        for each in sent
    ]


def test_a_batch_tells_what_sessions_were_told_and_their_numbers(floor: Floor) -> None:
    one, three = (floor.sessions[comp_id].name for comp_id in ("TRADER1", "TRADER3"))
    floor.turn(("TRADER1", LOGON), ("TRADER3", LOGON))
    floor.turn(("TRADER1", floor.order("REST")), ("TRADER1", floor.order("MORE")))
    batch = last_batch(floor)
    assert brief_sent(batch.sent) == [(one, 1, ["0", "0"])]
    assert batch.numbers == {one: (3, 4)}
    floor.turn(("TRADER3", floor.order("HIT", "2")))
    batch = last_batch(floor)
    assert brief_sent(batch.sent) == [(three, 1, ["0", "F"]), (one, 3, ["F"])]
    assert batch.numbers == {three: (3, 3), one: (4, 4)}
    floor.turn(("TRADER1", Presence.LOSS))
    floor.turn(("TRADER3", floor.order("AGAIN", "2")))
    batch = last_batch(floor)
    assert brief_sent(batch.sent) == [(three, 3, ["0", "F"]), (one, 0, ["F"])]
    assert batch.numbers == {three: (5, 4)}
    floor.turn(("TRADER1", LOGON))
    batch = last_batch(floor)
    assert (brief_sent(batch.sent), batch.told) == ([(one, 4, ["F"])], {one: 1})
    assert batch.numbers == {one: (5, 6)}


def test_a_session_that_wants_no_records_has_none(floor: Floor) -> None:
    """But its numbers, and what waits for it."""
    session = floor.sessions["TRADER1"]
    session.recorded = False
    floor.turn(("TRADER1", LOGON), ("TRADER3", LOGON), ("TRADER1", floor.order("REST")))
    assert last_batch(floor).sent == []
    assert last_batch(floor).numbers == {session.name: (2, 3)}
    floor.turn(("TRADER1", Presence.LOSS))
    floor.turn(("TRADER3", floor.order("HIT", "2")))
    assert brief_sent(last_batch(floor).sent)[1:] == [(session.name, 0, ["F"])]
    assert brief(floor.turn(("TRADER1", LOGON))) == [("TRADER1", "F", "REST")]
    assert last_batch(floor).sent == []


def test_numbers_are_marked_now_and_then(floor: Floor) -> None:
    """Market data and heartbeats use them up, too; a crash must not repeat one."""
    floor.turn(("TRADER1", LOGON), ("TRADER1", floor.order("A")))
    session = floor.sessions["TRADER1"]
    before = len(floor.batches())
    session.link.next_sender = MARK + 1
    floor.exchange.tick()
    assert len(floor.batches()) == before
    session.link.next_sender = MARK + 2
    floor.exchange.tick()
    assert last_batch(floor).numbers == {session.name: (MARK + 2, 3)}
    after = Floor(floor.journal, floor.clock)
    assert after.sessions["TRADER1"].link.next_sender == MARK + 2 + JUMP


def test_the_last_batch_has_exact_numbers_of_what_was_answered(floor: Floor) -> None:
    """What came too late to be answered is asked for again after the start."""
    floor.turn(("TRADER1", LOGON), ("TRADER1", floor.order("A")))
    session = floor.sessions["TRADER1"]
    session.link.next_sender, session.link.next_target = 20, 9
    late = [floor.order(f"LATE{n}").replace("34=2", f"34={n}") for n in (7, 8)]
    floor.exchange.end([(session, Presence.LOGOUT), *((session, text) for text in late)])
    assert last_batch(floor).stopped
    assert last_batch(floor).numbers[session.name] == (20, 7)
    after = Floor(floor.journal, floor.clock)
    link = after.sessions["TRADER1"].link
    assert (link.next_sender, link.next_target) == (20, 7)


def test_reports_wait_for_the_next_logon(floor: Floor) -> None:
    floor.turn(("TRADER1", LOGON), ("TRADER3", LOGON), ("TRADER1", floor.order("REST")))
    floor.turn(("TRADER1", Presence.LOSS))
    told = floor.turn(("TRADER3", floor.order("HIT", "2")))
    assert brief(told) == [("TRADER3", "0", "HIT"), ("TRADER3", "F", "HIT")]
    told = floor.turn(("TRADER1", LOGON), ("TRADER1", floor.order("NEXT")))
    assert brief(told) == [("TRADER1", "F", "REST"), ("TRADER1", "0", "NEXT")]
    floor.turn(("TRADER1", Presence.LOGOUT))
    assert floor.turn(("TRADER1", LOGON)) == []


def test_what_waited_comes_before_what_the_same_turn_brings(floor: Floor) -> None:
    """Even before an answer whose cause stood before the Logon in the inbox."""
    floor.turn(("TRADER1", LOGON), ("TRADER3", LOGON), ("TRADER1", floor.order("REST")))
    floor.turn(("TRADER1", Presence.LOSS))
    floor.turn(("TRADER3", floor.order("HIT1", "2", more="38=2|")))
    told = floor.turn(("TRADER3", floor.order("HIT2", "2")), ("TRADER1", LOGON))
    mine = [fields["17"] for to, fields in told if to == "TRADER1"]
    assert mine == sorted(mine, key=int) and len(mine) >= 1


def test_much_that_waits_is_told_in_parts_and_in_order(floor: Floor) -> None:
    """Others need not wait for it; what happens meanwhile comes after it."""
    count = 3 * UNTOLD_AT_ONCE + 10
    rest = floor.order("REST").replace("38=5", "38=1000")
    floor.turn(("TRADER1", LOGON), ("TRADER3", LOGON), ("TRADER1", rest))
    floor.turn(("TRADER1", Presence.LOGOUT))
    for number in range(count):
        floor.turn(("TRADER3", floor.order(f"HIT{number}", "2").replace("38=5", "38=1")))
    floor.told()
    told = floor.turn(("TRADER1", LOGON), ("TRADER1", floor.order("NEXT")))
    assert brief(told) == [("TRADER1", "F", "REST")] * UNTOLD_AT_ONCE
    after = Floor(floor.journal, floor.clock)
    told = after.turn(("TRADER1", LOGON))
    for _ in range(4):
        after.exchange.tick()
        told += after.told()
    expected = [("TRADER1", "F", "REST")] * (count - UNTOLD_AT_ONCE) + [("TRADER1", "0", "NEXT")]
    assert brief(told) == expected
    cumulated = [int(fields["14"]) for _, fields in told[:-1]]
    assert cumulated == list(range(UNTOLD_AT_ONCE + 1, count + 1))
    assert after.logs[after.sessions["TRADER1"].name].untold == []


def test_who_comes_and_goes_in_one_turn_keeps_what_waits(floor: Floor) -> None:
    floor.turn(("TRADER1", LOGON), ("TRADER3", LOGON), ("TRADER1", floor.order("REST")))
    floor.turn(("TRADER1", Presence.LOSS))
    floor.turn(("TRADER3", floor.order("HIT", "2")))
    assert floor.turn(("TRADER1", LOGON), ("TRADER1", Presence.LOSS)) == []
    gone = Presence.LOSS
    told = floor.turn(("TRADER1", LOGON), ("TRADER1", gone), ("TRADER1", LOGON))
    assert brief(told) == [("TRADER1", "F", "REST")]


def test_answers_to_a_connection_that_is_gone(floor: Floor) -> None:
    """The report waits; a refusal, which names a sequence number of that connection, does not."""
    unknown = "8=FIX.4.4|9=0|35=V|34=9|49=X|56=VENUE|262=M|263=2|10=0|".replace("|", "\x01")
    floor.turn(("TRADER1", LOGON))
    order = floor.order("A")
    gone = floor.turn(("TRADER1", order), ("TRADER1", unknown), ("TRADER1", Presence.LOSS))
    assert gone == []
    assert brief(floor.turn(("TRADER1", LOGON))) == [("TRADER1", "0", "A")]


def test_a_session_that_does_not_cancel_leaves_no_trace(floor: Floor) -> None:
    before = kinds(floor)
    floor.turn(("TRADER1", LOGON))
    floor.turn(("TRADER1", Presence.LOSS))
    assert kinds(floor) == before


@pytest.mark.parametrize(
    ("gone", "reason"),
    [
        (Presence.LOGOUT, ExecRestatementReason.LOGOUT),
        (Presence.LOSS, ExecRestatementReason.CONNECTION_LOSS),
    ],
)
def test_cancel_on_disconnect(floor: Floor, gone: Presence, reason: ExecRestatementReason) -> None:
    everybody = [(comp_id, LOGON) for comp_id in ("TRADER2", "TRADER3")]
    floor.turn(("TRADER1", CANCELING), *everybody, ("TRADER1", floor.order("REST")))
    told = floor.turn(("TRADER1", gone))
    assert [to for to, _ in told] == ["TRADER2"]
    name = floor.sessions["TRADER1"].name
    [command] = floor.batches()[-1][1]
    assert command == c.SessionDisconnected(name, reason, (floor.sessions["TRADER2"].name,))
    assert floor.venue.away == {name}
    [(to, report)] = floor.turn(("TRADER1", LOGON))
    assert (to, report["150"], report["17"]) == ("TRADER1", "4", told[0][1]["17"])
    assert floor.venue.connected == {} and floor.venue.away == set()


def test_who_is_back_in_the_same_turn_is_told_once(floor: Floor) -> None:
    floor.turn(("TRADER1", CANCELING), ("TRADER1", floor.order("REST")))
    told = floor.turn(("TRADER1", Presence.LOSS), ("TRADER1", LOGON))
    assert brief(told) == [("TRADER1", "4", "REST")]


def test_a_logon_can_take_cancel_on_disconnect_back(floor: Floor) -> None:
    """As the second Logon of one connection, with ResetSeqNumFlag(141)=Y, may."""
    floor.turn(("TRADER1", CANCELING), ("TRADER1", floor.order("REST")))
    floor.turn(("TRADER1", LOGON))
    assert floor.venue.connected == {}
    before = len(floor.batches())
    floor.turn(("TRADER1", Presence.LOSS))
    assert floor.turn(("TRADER1", LOGON)) == []
    assert len(floor.batches()) == before


def test_a_session_that_died_with_the_venue(floor: Floor) -> None:
    """It is disconnected at the next start, in the journal; the report waits."""
    floor.turn(("TRADER1", CANCELING), ("TRADER1", floor.order("REST")))
    after = Floor(floor.journal, floor.clock)
    name = after.sessions["TRADER1"].name
    assert list(after.venue.connected) == [name]
    loss = ExecRestatementReason.CONNECTION_LOSS
    after.exchange.begin([c.SessionDisconnected(name, loss)])
    assert brief(after.turn(("TRADER1", LOGON))) == [("TRADER1", "4", "REST")]
    assert Floor(after.journal, after.clock).venue.connected == {}


def test_a_day_that_ended_while_nobody_was_there(floor: Floor) -> None:
    floor.turn(("TRADER1", LOGON), ("TRADER1", floor.order("DAY")))
    floor.turn(("TRADER1", floor.order("GTC", more="59=1|")))
    after = Floor(floor.journal, floor.clock)
    floor.clock.now += 2 * DAY
    after.exchange.begin([])
    told = after.turn(("TRADER1", LOGON))
    assert brief(told) == [("TRADER1", "C", "DAY"), ("TRADER1", "D", "GTC")]
    again = Floor(after.journal, after.clock)
    assert again.venue.state_hash() == after.venue.state_hash()


def test_a_defect_at_the_start_ends_nothing(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it is journaled: the next start meets it, too."""
    handle = floor.venue.handle
    lost = c.SessionDisconnected("X", ExecRestatementReason.CONNECTION_LOSS)

    def faulty(command: c.Command) -> Any:
        if command is lost:
            raise ValueError
        return handle(command)

    monkeypatch.setattr(floor.venue, "handle", faulty)
    floor.exchange.begin([lost, c.SessionConnected("Y", "ALPHA", True)])
    assert floor.batches()[-1][1] == [lost, c.SessionConnected("Y", "ALPHA", True)]
    assert list(floor.venue.connected) == ["Y"]
