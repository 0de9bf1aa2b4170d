"""An operator at work: over restarts, against the configuration, and from the command line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from tests.e2e.client import BUY, NEW, SELL
from tests.e2e.codes import VERSIONS
from tests.e2e.message import Message
from tests.e2e.operators import NEW as TERMS
from tests.e2e.operators import Operator
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import VenueProcess
from venue.cli import main

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]
End = Callable[[VenueProcess], None]

stop_or_kill = pytest.mark.parametrize(
    "end", [VenueProcess.stop, VenueProcess.kill], ids=["stopped", "killed"]
)


@contextmanager
def working(venue: VenueProcess, raw_client: Connect) -> Iterator[tuple[Operator, RawClient]]:
    """An operator and a trader, who are gone afterwards."""
    operator, trader = raw_client(venue, "OPERATOR"), raw_client(venue, "TRADER1")
    yield Operator(operator), trader
    venue.is_sound()
    operator.close()
    trader.close()


def status(trader: RawClient, symbol: str) -> str:
    trader.send("e", {324: "S", 55: symbol, 263: 0})
    return trader.receive("f")[326]


def listed(trader: RawClient, symbol: str) -> dict[str, str] | None:
    trader.send("x", {320: "L", 559: 0, 55: symbol})
    told: Message = trader.receive("y")
    if told[560] == "2":
        return None
    return dict(word.split("=") for word in told.has({560: 0})[58].split())


@stop_or_kill
def test_what_an_operator_did_is_there_after_a_restart(
    serve: Serve, raw_client: Connect, end: End
) -> None:
    """Of instruments that the configuration has, and of others."""
    first = serve()
    with working(first, raw_client) as (operator, trader):
        operator.asks("define", "ADDED", **TERMS)
        operator.asks("define", "ADDED", max_qty="7")
        order = trader.enter("ADDED", BUY, 5, "100")
        operator.asks("define", "GONE", **TERMS)
        operator.asks("delist", "GONE")
        operator.asks("define", "AAPL", collar_percent="10")
        operator.asks("halt", "BTC-USD")
        operator.asks("delist", "EURUSD")
    end(first)
    second = serve()
    with working(second, raw_client) as (operator, trader):
        report = trader.ask_status(order, {11: order[11]})
        report.has({37: order[37], 39: NEW, 151: 5})
        assert status(trader, "BTC-USD") == "2"
        assert status(trader, "EURUSD") == status(trader, "GONE") == "19"
        assert listed(trader, "EURUSD") is listed(trader, "GONE") is None
        added, changed = listed(trader, "ADDED"), listed(trader, "AAPL")
        assert added is not None and added["max_qty"] == "7"
        assert changed is not None and changed["collar_percent"] == "10"
        trader.new_order("AAPL", BUY, 1, "111")
        trader.receive().has(trader.codes.rejected("99")).names("Price(44)")
        operator.asks("resume", "BTC-USD")
        operator.asks("define", "EURUSD")
        trader.enter("EURUSD", SELL, 1000, "1.1")
    end(second)
    third = serve("--set", "instruments.AAPL.collar_percent=5")
    with working(third, raw_client) as (_, trader):
        assert status(trader, "BTC-USD") == status(trader, "EURUSD") == "17"
        changed = listed(trader, "AAPL")
        assert changed is not None and changed["collar_percent"] == "5", "the newer word"


def test_a_report_is_sent_again_after_a_crash(serve: Serve, raw_client: Connect) -> None:
    """What an operator was told is in the journal; what he is told again is the same."""
    first = serve()
    operator = raw_client(first, "OPERATOR")
    report = Operator(operator).asks("halt", "AAPL")
    first.kill()
    operator.close()
    second = serve()
    again = raw_client(second, "OPERATOR", log_on=False)
    again.next_sent, again.next_received = operator.next_sent, operator.next_received
    again.jump = 20_000
    again.send("A", {98: 0, 108: 30})
    again.receive_session_message("A")
    again.send("2", {7: report[34], 16: report[34]})
    repeat = again.receive_message()
    repeat.has({35: "U2", 34: report[34], 43: "Y", 9201: report[9201], 58: report[58]})
    assert repeat[60] == report[60]


def test_news_end_with_the_connection(serve: Serve, raw_client: Connect) -> None:
    venue = serve()
    with working(venue, raw_client) as (operator, trader):
        client = raw_client(venue, "MD1")
        client.send("g", {335: "R", 263: 1})
        client.receive("h")
        client.send("x", {320: "R", 559: 4, 263: 1})
        client.receive("y")
        client.close()
        venue.wait_for("session=FIX.4.4:MD1\n")
        again = raw_client(venue, "MD1")
        operator.asks("define", "AFTERWARDS", **TERMS)
        again.hears_nothing()
        again.send("x", {320: "R", 559: 0, 55: "AFTERWARDS", 263: 1})
        again.receive("y").has({320: "R", 560: 0})
        assert status(trader, "AFTERWARDS") == "17"


def test_a_flood_of_subscriptions(serve: Serve, raw_client: Connect) -> None:
    """A thousand are taken, the next is not; the others hear of what happens all the same."""
    venue = serve("--set", "journal.sync=off")
    with working(venue, raw_client) as (operator, trader):
        for number in range(1001):
            trader.send("e", {324: f"E{number}", 55: "AAPL", 263: 1})
        refused = []
        for _ in range(1001):
            message = trader.receive_message()
            refused += [message] if message.type == "j" else []
        [refusal] = refused
        refusal.has({380: 0, 379: "E1000"}).names("SecurityStatusReqID(324)", "1000")
        operator.asks("halt", "AAPL")
        told = {trader.receive("f").has({326: "2", 325: "Y"})[324] for _ in range(1000)}
        assert told == {f"E{number}" for number in range(1000)}


def admin(venue: VenueProcess, *arguments: str) -> tuple[object, str, str]:
    """Status, output and errors of `venue admin`."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as exit:
        main(["admin", "--port", str(venue.port), *arguments])
    return exit.value.code, out.getvalue(), err.getvalue()


def test_the_command(serve: Serve, raw_client: Connect) -> None:
    venue = serve("--set", "journal.sync=off", versions=VERSIONS)
    trader = raw_client(venue, "TRADER1")
    terms = ["--tick", "0.05", "--lot", "10", "--reference-price", "20", "--min-qty", "10"]
    terms += ["--max-qty", "1000", "--currency", "EUR", "--static-collar-percent", "8"]
    for version in VERSIONS:
        name = f"BY-{version}"
        done = admin(venue, "--version", version, "define", name, *terms)
        assert done == (0, f"{name} is listed\n", "")
        said = listed(trader, name)
        assert said is not None
        assert (said["tick"], said["max_qty"]) == ("0.05", "1000")
        assert said["static_collar_percent"] == "8"
    done = admin(venue, "define", name, "--static-collar-percent", "none")
    assert done == (0, f"{name} is changed\n", "")
    said = listed(trader, name)
    assert said is not None and "static_collar_percent" not in said
    assert admin(venue, "halt", "AAPL") == (0, "AAPL is halted\n", "")
    assert status(trader, "AAPL") == "2"
    status_, out, err = admin(venue, "halt", "AAPL")
    assert (status_, out) == (1, "")
    assert err == "Symbol(55) is AAPL, expected one that is not halted\n"
    told = "AAPL is resumed with an auction of 1 seconds\n"
    assert admin(venue, "resume", "AAPL", "--auction", "1") == (0, told, "")
    assert admin(venue, "delist", name) == (0, f"{name} is delisted\n", "")
    for bad in ("--tick=0.1", "--max-qty=5", "--market=NOPE"):
        status_, out, err = admin(venue, "define", name, bad)
        assert (status_, out, err.count("\n")) == (1, "", 1)
    status_, out, err = admin(venue, "--as", "TRADER2", "halt", "AAPL")
    assert (status_, out) == (1, "") and "operator" in err
    status_, out, err = admin(venue, "--as", "NOBODY", "halt", "AAPL")
    assert (status_, out) == (1, "") and "could not log on" in err
    venue.is_sound()
    trader.close()
