"""`venue web` starts, stops and goes on, whether its venue is there or not."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.client import DEADLINE
from tests.e2e.venue_process import ROOT, VenueProcess
from tests.e2e.web_process import NO_SYNC, Deployment, WebProcess, deployed, free_port


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_the_venue_comes_later_goes_and_comes_back(tmp_path: Path) -> None:
    with deployed(tmp_path) as it:
        it.venue.kill()
        it.wait_until("down")
        for path in ("/v1/instruments", "/v1/orders", "/v1/book/AAPL", "/v1/positions"):
            answer = it.ask("GET", path)
            assert (answer.status, answer.json["code"]) == (503, "venue_down"), path
            assert answer.headers["Retry-After"]
        assert it.ask("GET", "/").status == 200
        it.start_venue()
        it.wait_until_up()
        assert len(it.ask("GET", "/v1/instruments").json) == 4
        it.restart_web()
        it.wait_until_up()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_stops_although_there_is_no_venue(
    tmp_path: Path, stack: ExitStack, number: signal.Signals
) -> None:
    web = WebProcess(tmp_path, free_port())
    stack.callback(web.kill)
    web.wait_for("Connection refused")
    web.stop(number)
    assert "Traceback" not in web.output


def test_a_port_that_is_taken(tmp_path: Path, stack: ExitStack) -> None:
    first = WebProcess(tmp_path / "one", free_port())
    stack.callback(first.kill)
    second = subprocess.run(
        [sys.executable, "-m", "venue", "web", "--port", str(first.port), "--data", tmp_path / "x"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=3 * DEADLINE,
    )
    assert second.returncode == 1
    expected = f"the web cannot listen on 127.0.0.1:{first.port}: Address already in use\n"
    assert second.stderr == expected


def test_its_sessions_may_have_passwords(tmp_path: Path) -> None:
    data = tmp_path / "venue" / "data"
    secrets = tmp_path / "secrets.yaml"
    secrets.write_text("WEB1: correct horse\n")
    secrets.chmod(0o600)
    passwd = [sys.executable, "-m", "venue", "passwd", "WEB1", "--data", str(data)]
    subprocess.run(passwd, input="correct horse\n", text=True, check=True, capture_output=True)
    options = ("--set", "sessions.WEB1.password=stored", "--set", f"web.password_file={secrets}")
    with deployed(tmp_path, *options) as it:
        order = {"symbol": "AAPL", "side": "buy", "type": "limit", "quantity": "1", "price": "90"}
        assert it.ask("POST", "/v1/orders", order).status == 201
        raw = it.ask("GET", "/v1/messages?limit=1000").text
        assert "554=***|" in raw and "correct horse" not in raw
        assert "correct horse" not in it.web.output
        it.venue.stop()
        subprocess.run(passwd, input="battery staple\n", text=True, check=True, capture_output=True)
        it.start_venue()
        it.web.wait_for("is wrong")
        secrets.write_text("WEB1: battery staple\n")
        it.wait_until_up()
        assert it.ask("POST", "/v1/orders", order).status == 201
        assert it.web.output.count("is wrong") == 1


def test_it_stays_below_the_throttle_of_every_session(tmp_path: Path) -> None:
    """Also with what it asks of each instrument when it has logged on."""
    throttle = "venue.throttle={messages: 2, seconds: 1, breaches: 1, within: 30}"
    with deployed(tmp_path, "--set", throttle) as it:
        deadline = time.monotonic() + 3 * DEADLINE
        while (answer := it.ask("GET", "/v1/instruments")).status != 200:
            assert time.monotonic() < deadline and answer.status in (503, 504), answer
            time.sleep(0.05)
        assert len(answer.json) > 3
        assert it.ask("GET", f"/v1/book/{answer.json[0]['symbol']}").status == 200
        assert "too often" not in it.venue.output + it.web.output


def test_market_data_of_a_process_of_its_own(tmp_path: Path, stack: ExitStack) -> None:
    port = free_port()
    with deployed(tmp_path, "--set", f"marketdata.port={port}", wait=False) as it:
        feed = _market_data(it, port)
        stack.callback(feed.kill)
        it.wait_until_up()
        order = {"symbol": "AAPL", "side": "buy", "type": "limit", "quantity": "1", "price": "90"}
        assert it.ask("POST", "/v1/orders", order).status == 201
        deadline = time.monotonic() + DEADLINE  # it follows the journal, and may be behind
        while not (bids := it.ask("GET", "/v1/book/AAPL").json["bids"]):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert bids[0]["price"] == "90"


def _market_data(it: Deployment, port: int) -> VenueProcess:
    """`venue marketdata` beside a venue, in the venue's data directory."""

    class MarketData(VenueProcess):
        READY = "market data ready on "

    return MarketData(
        it.venue.data.parent, *NO_SYNC, "--port", str(port), command=("venue", "marketdata")
    )
