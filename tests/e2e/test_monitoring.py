"""A running venue as its operator sees it: status, metrics, health and log."""

import json
import re
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import BUY, DEADLINE, LIMIT, SELL
from tests.e2e.message import utc_now
from tests.e2e.raw import RawClient
from tests.e2e.test_market_data_process import MarketData
from tests.e2e.venue_process import VenueProcess
from venue import cli
from venue.errors import VenueError
from venue.monitoring.ask import ask

OPTIONS = ("--log", "json", "--log-messages", "--set", "journal.sync=off")
PORTS = ("--set", "monitoring.port=0", "--set", "monitoring.marketdata_port=0")
AWAY = ("--set", "marketdata.port=0")
SECRET = "pa55word"


class Watched:
    """A venue in a directory whose name is longer than that of a socket may be."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / ("d" * 150)
        self.stack = ExitStack()
        self.venue = self.start()

    def start(self, *options: str) -> VenueProcess:
        self.venue = VenueProcess(self.directory, *OPTIONS, *PORTS, *options)
        self.stack.callback(self.venue.kill)
        return self.venue

    def status(self, name: str = "venue") -> Any:
        """Of a loop that may be held up by others on the machine, and is asked again then."""
        deadline = time.monotonic() + DEADLINE
        while True:
            try:
                return json.loads(ask(self.venue.data / f"{name}.sock", "/status"))
            except VenueError as error:
                if "has not answered" not in str(error) or time.monotonic() > deadline:
                    raise

    @property
    def port(self) -> int:
        found = re.search(r'"event": "monitoring", "address": "127.0.0.1:(\d+)"', self.venue.output)
        assert found is not None, self.venue.output
        return int(found[1])

    def get(self, path: str) -> str:
        """All that an HTTP client gets over TCP."""
        with socket.create_connection(("127.0.0.1", self.port), DEADLINE) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: venue\r\n\r\n".encode())
            whole = b""
            while chunk := client.recv(1 << 16):
                whole += chunk
        return whole.decode()

    def get_well(self, path: str) -> str:
        """The same, once it is answered with 200; a loop that is held up for a second draws 503."""
        deadline = time.monotonic() + DEADLINE
        while not (page := self.get(path)).startswith("HTTP/1.1 200 OK\r\n"):
            assert page.startswith("HTTP/1.1 503 ") and time.monotonic() < deadline, page
        return page

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged."""
        return [json.loads(line) for line in self.venue.output.splitlines() if line[0] == "{"]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    watched = Watched(tmp_path_factory.mktemp("watched"))
    with watched.stack:
        yield watched


@pytest.fixture
def trader(watched: Watched) -> Iterator[RawClient]:
    with closing(RawClient(watched.venue.port, "TRADER1", log_on=False)) as client:
        client.log_on({553: "me", 554: SECRET})
        yield client
        watched.venue.is_sound()


def order(cl_ord_id: str, side: str = BUY, qty: int = 5, price: str = "99.5") -> dict[int, Any]:
    terms = {55: "AAPL", 54: side, 38: qty, 40: LIMIT, 44: price, 60: utc_now()}
    return {11: cl_ord_id} | terms


def test_status(watched: Watched, trader: RawClient, capsys: pytest.CaptureFixture[str]) -> None:
    trader.send("D", order("A"))
    trader.receive("8")
    trader.send("D", order("A"))
    trader.receive("8").has({150: "8"})
    trader.send("D", order("R", side="Z"))
    trader.receive("3")
    tree = watched.status()
    [session] = [each for each in tree["sessions"] if each["logged_on"]]
    assert (session["name"], session["firm"]) == ("FIX.4.4:TRADER1", "ALPHA")
    assert (session["next_in"], session["next_out"]) == (trader.next_sent, trader.next_received)
    assert session["address"] == "{}:{}".format(*trader.socket.getsockname())
    [book] = [each for each in tree["books"] if each["symbol"] == "AAPL"]
    assert (book["bid_px"], book["bid_qty"], book["offer_px"]) == ("99.5", "5", None)
    assert tree["rejects"] == [
        {"message": "DuplicateRejected", "reason": "duplicate_order", "count": 1},
        {"message": "Reject", "reason": "5", "count": 1},
    ]
    assert tree["numbers"]["orders"] == 1
    with pytest.raises(SystemExit, match="0"):
        cli.main(["status", "--data", str(watched.venue.data)])
    assert re.search(r"FIX\.4\.4:TRADER1 .*ALPHA", capsys.readouterr().out)


def test_metrics_and_health(watched: Watched, trader: RawClient) -> None:
    page = watched.get_well("/metrics")
    assert 'venue_session_logged_on{firm="ALPHA",session="FIX.4.4:TRADER1"} 1.0\n' in page
    assert re.search(r"\nvenue_journal_commit_seconds_count [1-9]", page)
    assert re.search(r"\nprocess_resident_memory_bytes [1-9]", page)
    assert watched.get_well("/healthz").endswith("\r\n\r\nrunning\n")


def test_a_crowd_that_talks_nonsense_changes_nothing(watched: Watched, trader: RawClient) -> None:
    with ExitStack() as stack:
        for number in range(150):
            client = socket.create_connection(("127.0.0.1", watched.port), DEADLINE)
            stack.enter_context(closing(client))
            client.sendall(b"GET /metrics HTTP/1.1\r\n" if number % 2 else b"\x00" * 100)
        trader.send("D", order("B", SELL, price="101"))
        trader.receive("8").has({39: "0"})
        watched.get_well("/healthz")


def test_every_message_is_logged_but_no_password(watched: Watched, trader: RawClient) -> None:
    request = [(262, "M"), (263, "1"), (264, "1"), (265, "1"), (267, "1"), (269, "0")]
    with closing(RawClient(watched.venue.port, "MD1")) as watcher:
        watcher.send("V", [*request, (146, "1"), (55, "AAPL")])
        watcher.receive("W")
    trader.send("D", order("C", qty=0))
    trader.receive("8")
    trader.send("1", {112: "hello"})
    trader.receive_session_message("0")
    watched.venue.wait_for("|56=TRADER1|112=hello|10=")
    messages = [each for each in watched.lines() if each["event"].startswith("message ")]
    assert {each["session"] for each in messages} == {"FIX.4.4:TRADER1", "FIX.4.4:MD1"}
    seen = {(each["event"], each["text"].partition("|35=")[2][:1]) for each in messages}
    for kind in ("message in", "message out"):
        assert {(kind, "A"), (kind, "0" if kind == "message out" else "1")} <= seen
    assert {("message in", "D"), ("message out", "8"), ("message out", "W")} <= seen
    assert any("|553=me|554=***|" in each["text"] for each in messages)
    assert SECRET not in watched.venue.output


def test_a_loop_that_stands_still_is_not_well(watched: Watched) -> None:
    watched.venue.process.send_signal(signal.SIGSTOP)
    try:
        assert watched.get("/healthz").startswith("HTTP/1.1 503 ")
        with pytest.raises(VenueError, match="has not answered"):
            ask(watched.venue.data / "venue.sock", "/status")
    finally:
        watched.venue.process.send_signal(signal.SIGCONT)
    watched.get_well("/healthz")


def test_a_killed_one_and_what_follows(watched: Watched) -> None:
    """Its socket is left behind; nobody listens there, until the next one does."""
    watched.venue.kill()
    path = watched.venue.data / "venue.sock"
    assert path.is_socket()
    deadline = time.monotonic() + DEADLINE
    while True:  # the process beside it is about to see that it is alone
        with pytest.raises(VenueError) as error:
            ask(path, "/status")
        if "nothing runs in" in str(error.value):
            break
        assert time.monotonic() < deadline, error.value
    venue = watched.start(*AWAY)
    assert watched.status()["numbers"]["market_data_subscriptions"] == 0
    feed = MarketData(watched.directory, *OPTIONS, *PORTS, *AWAY)
    watched.stack.callback(feed.kill)
    tree = watched.status("marketdata")
    assert tree["journal_batch"] >= 1 and tree["address"].endswith(f":{feed.port}")
    assert [each["bid_px"] for each in tree["books"] if each["symbol"] == "AAPL"] == ["99.5"]
    feed.stop()
    venue.stop()
    assert not list(venue.data.glob("*.sock"))
