"""A session's hours: when it may log on, and when the numbers of both sides begin at 1."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.client import BUY, FILLED, GTC, SELL
from tests.e2e.message import Message, utc_now
from tests.e2e.moved_clock import MovedClock
from tests.e2e.raw import RawClient
from tests.e2e.test_continuity import come_back
from tests.e2e.venue_process import VenueProcess

Connect = Callable[..., RawClient]
Serve = Callable[..., VenueProcess]

JUMP = 10_000
HOURS = (
    "{start: 08:00:00, end: 17:00:00, days: [mon, tue, wed, thu, fri], time_zone: Europe/Zurich}"
)
WHOLE_DAYS = "{start: 17:00:00, end: 17:00:00, time_zone: America/New_York}"
OTHERS = ("--set", "venue.versions=[FIX.4.4]")


class Timed:
    """Venues whose clock is moved; TRADER1 has hours, the others none."""

    def __init__(self, serve: Serve, directory: Path) -> None:
        self._serve = serve
        self._file = directory / "clock"
        self._clock = MovedClock(self._file)

    def at(self, text: str, zone: str = "Europe/Zurich") -> None:
        """Let it be so late; 2030-01-01 is a Tuesday."""
        moment = datetime.fromisoformat(f"2030-{text}").replace(tzinfo=ZoneInfo(zone))
        self._clock.move_to(int(moment.timestamp()) * 10**9)

    def serve(self, hours: str = HOURS, *options: str) -> VenueProcess:
        command = ("tests.e2e.moved_clock", str(self._file), "serve")
        scheduled = ("--set", f"sessions.TRADER1.schedule={hours}")
        return self._serve(*OTHERS, *scheduled, *options, command=command)


@pytest.fixture
def timed(serve: Serve, tmp_path: Path) -> Timed:
    timed = Timed(serve, tmp_path)
    timed.at("01-02 12:00")
    return timed


def leave(client: RawClient) -> None:
    client.send("5", {})
    client.receive_session_message("5")
    assert client.is_disconnected() == []


def is_sent_home(client: RawClient) -> None:
    client.receive_session_message("5").names("hours have ended", "08:00:00 to 17:00:00")
    client.send("5", {})
    assert client.is_disconnected() == []


def anew(connect: Connect, venue: VenueProcess) -> RawClient:
    """Log on with number 1, without asking for a reset; the answer has number 1, too."""
    client = connect(venue, "TRADER1", log_on=False)
    client.log_on({141: None})
    assert (client.next_sent, client.next_received) == (2, 2)
    return client


def fills_the_gap(client: RawClient) -> None:
    """Answer the ResendRequest for the Logout before the last Logon: nobody has recorded that."""
    missed = client.next_sent - 2
    client.receive_session_message("2").has({7: missed})
    client.send("4", {123: "Y", 36: missed + 1}, {34: missed, 43: "Y", 122: utc_now()})


def still_has(client: RawClient, order: Message) -> None:
    client.ask_status(order).has({39: order[39], 151: order[151], 37: order[37]})


def test_outside_its_hours(timed: Timed, raw_client: Connect) -> None:
    """A Logon is refused with the hours, and resets nothing, even if it asks for it."""
    venue = timed.serve()
    client = raw_client(venue, "TRADER1")
    resting = client.enter("AAPL", BUY, 5, 99)
    leave(client)
    timed.at("01-02 17:00")
    for reset in ("Y", None):
        refused = raw_client(venue, "TRADER1", log_on=False)
        refused.next_sent = 1 if reset else client.next_sent
        refused.next_received = 1 if reset else client.next_received
        refused.send_logon({141: reset})
        [logout] = refused.is_disconnected()
        logout.has({35: "5"}).names("08:00:00 to 17:00:00 Europe/Zurich", "mon, tue")
    other = raw_client(venue, "TRADER3")
    other.enter("AAPL", SELL, 1, 99)
    timed.at("01-02 16:59")
    back = come_back(raw_client, venue, client, 0)
    back.receive().has({11: resting[11], 150: "F", 32: 1})
    venue.is_sound()


def test_the_end_of_the_hours(timed: Timed, raw_client: Connect) -> None:
    """Who is on is logged out, also who does not answer; orders stay, and who has no hours."""
    venue = timed.serve(HOURS, "--set", f"sessions.TRADER2.schedule={HOURS}")
    client, rude = raw_client(venue, "TRADER1"), raw_client(venue, "TRADER2")
    other = raw_client(venue, "TRADER3")
    resting = client.enter("AAPL", BUY, 5, 99)
    timed.at("01-02 17:00")
    is_sent_home(client)
    [logout] = rude.is_disconnected()
    logout.has({35: "5"}).names("hours have ended")
    other.enter("AAPL", SELL, 5, 99)
    fill = other.receive().has({150: "F", 39: FILLED})
    timed.at("01-03 08:00")
    back = anew(raw_client, venue)
    told = back.receive().has({11: resting[11], 150: "F", 32: 5, 527: fill[527], 43: None})
    assert told[34] == "2"
    other.hears_nothing()
    venue.is_sound()


def test_a_heartbeat_of_0_does_not_keep_it_on(timed: Timed, raw_client: Connect) -> None:
    venue = timed.serve()
    client = raw_client(venue, "TRADER1", log_on=False)
    client.log_on({108: 0})
    timed.at("01-02 17:00")
    [logout] = client.is_disconnected()
    logout.has({35: "5"})


def test_hours_that_follow_each_other(timed: Timed, raw_client: Connect) -> None:
    """It is logged out, may come back at once, and then both sides begin at 1."""
    timed.at("01-02 16:59", "America/New_York")
    venue = timed.serve(WHOLE_DAYS)
    client = raw_client(venue, "TRADER1")
    resting = client.enter("AAPL", BUY, 5, 99)
    timed.at("01-02 17:00", "America/New_York")
    client.receive_session_message("5").names("America/New_York")
    client.send("5", {})
    client.is_disconnected()
    still_has(anew(raw_client, venue), resting)
    venue.is_sound()


@pytest.mark.parametrize("how", ["stop", "kill"])
@pytest.mark.parametrize("hours", [HOURS, WHOLE_DAYS])
def test_over_a_restart(timed: Timed, raw_client: Connect, how: str, hours: str) -> None:
    """Within its hours numbers go on; over a night they begin anew, as if the venue had run."""
    venue = timed.serve(hours)
    client = raw_client(venue, "TRADER1")
    resting = client.enter("AAPL", BUY, 5, 99, {59: GTC})
    for moment, goes_on in (
        ("01-02 16:59", True),
        ("01-03 09:00", False),
        ("01-03 16:00", True),
        ("01-14 16:00", False),
    ):
        getattr(venue, how)()
        timed.at(moment)
        venue = timed.serve(hours)
        if goes_on:
            client = come_back(raw_client, venue, client, JUMP)
        else:
            client = anew(raw_client, venue)
            client.receive().has({150: "D", 11: resting[11]})
        still_has(client, resting)
        venue.is_sound()


def test_a_reset_by_the_clock_survives_a_crash(timed: Timed, raw_client: Connect) -> None:
    """It is done once, not again at the next start in the same hours."""
    venue = timed.serve()
    client = raw_client(venue, "TRADER1")
    for _ in range(3):
        client.enter("AAPL", BUY, 5, 99)
    leave(client)
    timed.at("01-03 08:00")
    venue.wait_for("numbers begin anew")
    timed.at("01-03 08:01")
    client = raw_client(venue, "TRADER1", log_on=False)
    client.log_on({141: None})
    for _ in range(3):
        client.receive().has({150: "C", 43: None})
    client.enter("AAPL", BUY, 5, 99)
    venue.kill()
    venue = timed.serve()
    client = come_back(raw_client, venue, client, JUMP)
    client.enter("AAPL", BUY, 5, 99)
    venue.is_sound()


def test_the_trading_day_does_not_touch_numbers(timed: Timed, raw_client: Connect) -> None:
    venue = timed.serve(HOURS, "--set", "venue.day_ends=12:00:00")
    client = raw_client(venue, "TRADER1")
    order = client.enter("AAPL", BUY, 5, 99)
    timed.at("01-02 13:00")
    client.receive().has({11: order[11], 150: "C"})
    client.enter("AAPL", BUY, 5, 99)
    venue.is_sound()


def test_the_default_is_for_all(timed: Timed, raw_client: Connect) -> None:
    """A session's own hours come before those of the venue."""
    weekend = "{start_day: sat, start: 00:00:00, end_day: mon, end: 00:00:00}"
    venue = timed.serve(HOURS, "--set", f"venue.schedule={weekend}")
    raw_client(venue, "TRADER1")
    refused = raw_client(venue, "TRADER3", log_on=False)
    refused.send_logon()
    [logout] = refused.is_disconnected()
    logout.has({35: "5"}).names("sat 00:00:00 to mon 00:00:00 UTC")


INTRUDERS: dict[str, tuple[dict[int, object], dict[int, object]]] = {
    "wrong TargetCompID": ({}, {56: "NOWHERE"}),
    "wrong field of the venue's own": ({9001: "x"}, {}),
    "SendingTime of another century": ({}, {52: "19700101-00:00:00"}),
    "SendingTime that is none": ({}, {52: "yesterday"}),
    "no SendingTime": ({}, {52: None}),
    "number 0": ({}, {34: 0}),
    "no EncryptMethod": ({98: None}, {}),
    "no HeartBtInt": ({108: None}, {}),
    "unknown field": ({4999: "x"}, {}),
    "unknown version": ({}, {115: ""}),
}


@pytest.mark.parametrize("crash", [False, True])
@pytest.mark.parametrize("intruder", sorted(INTRUDERS))
def test_a_refused_logon_resets_nothing(
    serve: Serve, raw_client: Connect, intruder: str, crash: bool
) -> None:
    """The session that it was for goes on under its numbers, also after a crash."""
    venue = serve(*OTHERS)
    client = raw_client(venue, "TRADER1")
    for _ in range(5):
        client.enter("AAPL", BUY, 5, 99)
    leave(client)
    more, header = INTRUDERS[intruder]
    stranger = raw_client(venue, "TRADER1", log_on=False)
    stranger.send("A", {98: 0, 108: 30, 141: "Y"} | more, header)
    assert "A" not in [message.type for message in stranger.is_disconnected()]
    if crash:
        venue.kill()
        venue = serve(*OTHERS)
    client = come_back(raw_client, venue, client, JUMP)
    if crash:
        fills_the_gap(client)
    client.enter("AAPL", BUY, 5, 99)
    client.hears_nothing()
    venue.is_sound()
