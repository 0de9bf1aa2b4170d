"""What ends by the clock, whether the venue runs at that moment or not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.client import BUY, GTC, NEW, SELL
from tests.e2e.codes import GTD
from tests.e2e.message import Message
from tests.e2e.moved_clock import MovedClock
from tests.e2e.raw import RawClient
from tests.e2e.test_restart import recover
from tests.e2e.venue_process import VenueProcess

Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]

EXPIRED = "C"
NOON = datetime(2030, 1, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Timed:
    """Venues whose clock is moved; it is noon at first."""

    def __init__(self, serve: Serve, directory: Path) -> None:
        self._serve = serve
        self._file = directory / "clock"
        self._clock = MovedClock(self._file)
        self.at(NOON)

    def at(self, moment: datetime) -> None:
        """Let it be so late."""
        self._clock.move_to(int(moment.timestamp()) * 10**9)

    def serve(self, day_ends: datetime, *more: str) -> VenueProcess:
        """A venue whose trading day ends at the time of `day_ends`."""
        command = ("tests.e2e.moved_clock", str(self._file), "serve")
        ends = f"venue.day_ends={day_ends:%H:%M:%S}"
        return self._serve("--set", ends, *more, command=command)


@pytest.fixture
def timed(serve: Serve, tmp_path: Path) -> Timed:
    return Timed(serve, tmp_path)


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%d-%H:%M:%S")


def assert_expired(report: Message, order: Message) -> Message:
    kept = {tag: order[tag] for tag in (11, 37, 38, 44, 59)}
    return report.has(kept | {150: EXPIRED, 39: EXPIRED, 151: 0, 14: 0, 41: None})


def assert_restated(report: Message, order: Message) -> Message:
    kept = {tag: order[tag] for tag in (11, 37, 38, 44, 59, 39, 151, 14)}
    return report.has(kept | {150: "D", 378: 1})


def test_the_day_ends_by_the_clock(timed: Timed, raw_client: Connect) -> None:
    """Nobody has to ask for anything."""
    ends = NOON + HOUR
    venue = timed.serve(ends)
    owner, watcher = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    watcher.request_market_data("AAPL")
    watcher.receive("W")
    first = owner.enter("AAPL", BUY, 5, 99, {11: "DAY1"})
    second = owner.enter("AAPL", SELL, 5, 101)
    kept = owner.enter("AAPL", BUY, 5, 98, {11: "GTC1", 59: GTC})
    gone = owner.enter("AAPL", BUY, 1, 90, {11: "GONE"})
    owner.cancel(gone)
    gone = owner.receive().has({150: "4"})
    watcher.settle()
    timed.at(ends)
    reports = [assert_expired(owner.receive(), order) for order in (first, second)]
    restated = assert_restated(owner.receive(), kept).has({424: 5, 425: 0, 426: 0})
    ids = [int(report[17]) for report in (gone, *reports, restated)]
    assert ids == list(range(ids[0], ids[0] + 4))
    change = watcher.receive("X").entries(279)
    assert {(entry[279], entry[270]) for entry in change} == {("2", "99"), ("2", "101")}

    again = owner.enter("AAPL", BUY, 1, 99, {11: "DAY1"})
    assert int(again[37]) > int(kept[37])
    owner.enter("AAPL", BUY, 1, 99, {11: "GONE"})
    owner.new_order("AAPL", BUY, 1, 99, {11: "GTC1"})
    owner.receive().has({150: "8", 103: 6})
    owner.ask_status(kept).has({39: NEW, 151: 5, 424: 5})
    owner.hears_nothing()
    left = recover_after_kill(venue)
    restarted = timed.serve(ends + 6 * HOUR)
    owner = raw_client(restarted, "TRADER1")
    owner.ask_status(kept).has({39: NEW, 151: 5, 424: 5})
    owner.hears_nothing()
    owner.close()
    restarted.stop()
    assert left


def test_good_till_a_time(timed: Timed, raw_client: Connect) -> None:
    """It expires in the middle of the day, alone."""
    venue = timed.serve(NOON + 12 * HOUR)
    owner = raw_client(venue, "TRADER1")
    day = owner.enter("AAPL", BUY, 5, 99)
    until = owner.enter("AAPL", BUY, 5, 98, {59: GTD, 126: stamp(NOON + HOUR)})
    later = owner.enter("AAPL", BUY, 5, 97, {59: GTD, 126: stamp(NOON + 3 * HOUR)})
    timed.at(NOON + HOUR)
    assert_expired(owner.receive(), until).names("ExpireTime(126)")
    owner.hears_nothing()
    for order in (day, later):
        owner.ask_status(order).has({39: NEW, 151: 5})
    left = recover_after_kill(venue)
    again = timed.serve(NOON + 12 * HOUR)
    owner = raw_client(again, "TRADER1")
    owner.hears_nothing()
    owner.ask_status(until).has({39: EXPIRED})
    owner.close()
    assert left


@pytest.mark.parametrize("reset", ["Y", "N"])
def test_the_day_ends_while_the_venue_is_down(
    timed: Timed, raw_client: Connect, reset: str
) -> None:
    """The next start does what was due, once; who was away is told at his next Logon, once."""
    resets = ("--set", f"quickfix.ResetOnLogon={reset}")
    venue = timed.serve(NOON + 12 * HOUR, *resets)
    owner, other = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER3")
    day = owner.enter("AAPL", BUY, 5, 99)
    kept = owner.enter("AAPL", BUY, 5, 98, {59: GTC})
    other.enter("AAPL", SELL, 2, 98)
    other.receive().has({150: "F", 31: 99})
    owner.receive().has({150: "F", 11: day[11]})
    until = owner.enter("AAPL", BUY, 5, 97, {59: GTD, 126: stamp(NOON + HOUR)})
    venue.kill()
    ends = NOON + 2 * HOUR
    timed.at(ends)

    after = timed.serve(ends, *resets)
    owner, other = raw_client(after, "TRADER1"), raw_client(after, "TRADER3")
    gtd = assert_expired(owner.receive(), until)
    told = owner.receive().has({150: EXPIRED, 39: EXPIRED, 37: day[37], 151: 0, 14: 2})
    renewed = assert_restated(owner.receive(), kept)
    owner.hears_nothing()
    other.hears_nothing()
    after.kill()
    ids = [int(report[17]) for report in (gtd, told, renewed)]
    assert ids == [int(until[17]) + n for n in (1, 2, 3)]

    for _ in range(2):
        venue = timed.serve(ends, *resets)
        owner = raw_client(venue, "TRADER1")
        owner.hears_nothing()
        owner.ask_status(kept).has({37: kept[37], 39: NEW, 151: 5, 424: 5})
        assert int(owner.enter("AAPL", BUY, 1, 90)[17]) == ids[-1] + 1
        ids.append(ids[-1] + 1)
        venue.kill()


def test_another_end_of_the_day_in_the_day(timed: Timed, raw_client: Connect) -> None:
    """It counts from the journal's last batch on: nothing expires at the end that was."""
    ends = NOON + 2 * HOUR
    venue = timed.serve(ends)
    order = raw_client(venue, "TRADER1").enter("AAPL", BUY, 5, 99)
    recover_after_kill(venue)
    timed.at(ends)
    for _ in range(2):
        venue = timed.serve(ends + 6 * HOUR)
        owner = raw_client(venue, "TRADER1")
        owner.ask_status(order).has({39: NEW, 151: 5})
        recover_after_kill(venue)


def recover_after_kill(venue: VenueProcess) -> str:
    """What a replay of the killed venue's journal leads to, the same each time."""
    venue.is_sound()
    venue.kill()
    hashes = {recover(venue.data).state_hash() for _ in range(2)}
    assert len(hashes) == 1
    return hashes.pop()
