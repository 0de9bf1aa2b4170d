"""The turn at which a market enters another phase: journaled, told, and done once."""

import pytest

from tests.unit.core.desk import aapl
from tests.unit.gateway.test_exchange import (
    DAY,
    LOGON,
    NOON,
    Clock,
    Floor,
    brief,
    clock,
    journal,
    kinds,
)
from venue.config import MarketConfig, PhaseConfig
from venue.core import commands as c
from venue.core.types import TradingPhase
from venue.core.venue import Venue
from venue.journal.recovery import replay
from venue.journal.sqlite import SqliteJournal

__all__ = ["clock", "journal"]

HOUR = DAY // 24
PHASES = (
    PhaseConfig(phase=TradingPhase.CONTINUOUS, at="08:00:00"),
    PhaseConfig(phase=TradingPhase.CLOSED, at="16:00:00"),
)
MARKET = MarketConfig(name="MAIN", phases=PHASES)


@pytest.fixture
def floor(journal: SqliteJournal, clock: Clock) -> Floor:
    floor = Floor(journal, clock, (MARKET,))
    floor.exchange.begin([c.DefineInstrument(aapl())])
    return floor


def entered(floor: Floor) -> list[tuple[str, int]]:
    """The phases of the journal, and the hours of their batches after the first noon."""
    return [
        (command.phase, (time - NOON) // HOUR)
        for time, commands in floor.batches()
        for command in commands
        if isinstance(command, c.EnterPhase)
    ]


def test_a_tick_enters_the_phase_that_has_come(floor: Floor) -> None:
    floor.turn(("TRADER1", LOGON), ("TRADER1", floor.order("DAY")))
    assert entered(floor) == [("continuous", 0)]
    floor.told()
    floor.clock.now += 4 * HOUR - 1
    floor.exchange.tick()
    assert (floor.told(), len(entered(floor))) == ([], 1)
    floor.clock.now += 1
    floor.exchange.tick()
    assert brief(floor.told()) == [("TRADER1", "C", "DAY")]
    floor.exchange.tick()
    assert entered(floor) == [("continuous", 0), ("closed", 4)]
    again = Venue()
    replay(floor.journal, again)
    assert again.state_hash() == floor.venue.state_hash()


def test_a_turn_enters_it_before_the_requests(floor: Floor) -> None:
    floor.turn(("TRADER1", LOGON))
    floor.clock.now += 4 * HOUR
    told = floor.turn(("TRADER1", floor.order("LATE")))
    assert [(to, fields["103"]) for to, fields in told] == [("TRADER1", "2")]
    assert kinds(floor)[-2:] == ["EnterPhase", "NewOrder"]


def test_a_start_makes_up_for_a_close(floor: Floor, journal: SqliteJournal, clock: Clock) -> None:
    """And only for that; who is not there is told later."""
    floor.turn(("TRADER1", LOGON), ("TRADER1", floor.order("DAY")))
    clock.now += DAY
    again = Floor(journal, clock, (MARKET,))
    again.exchange.begin([])
    assert brief(again.turn(("TRADER1", LOGON))) == [("TRADER1", "C", "DAY")]
    assert entered(again) == [("continuous", 0), ("closed", 24), ("continuous", 24)]
    again.turn()
    assert len(entered(again)) == 3


def test_a_market_that_loses_its_schedule(
    floor: Floor, journal: SqliteJournal, clock: Clock
) -> None:
    floor.turn()
    clock.now += 5 * HOUR
    floor.turn()
    without = Floor(journal, clock)
    without.turn(("TRADER1", LOGON))
    assert brief(without.turn(("TRADER1", without.order("NEW")))) == [("TRADER1", "0", "NEW")]
    assert entered(without)[-1] == (None, 5)
    assert without.venue.phases.scheduled == {}


def test_a_defect_in_a_phase_ends_nothing(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    floor.turn(("TRADER1", LOGON))
    answers = floor.venue._answers

    def broken(command: c.EnterPhase) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(answers, c.EnterPhase, broken)
    floor.clock.now += 4 * HOUR
    told = floor.turn(("TRADER1", floor.order("ON")))
    assert brief(told) == [("TRADER1", "0", "ON")]
