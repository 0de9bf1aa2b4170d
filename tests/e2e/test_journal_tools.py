"""The tools over the journal, as their users run them: beside a venue, and after it."""

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from tests.e2e.client import BUY, DEADLINE, SELL
from tests.e2e.raw import RawClient
from tests.e2e.venue_process import ROOT, VenueProcess
from venue.cli import main

Serve = Callable[..., VenueProcess]
Connect = Callable[..., RawClient]


def run(*arguments: object, status: int = 0) -> str:
    """Run a command of the venue; return what it prints, after a look at its status."""
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed), pytest.raises(SystemExit) as exit:
        main([str(argument) for argument in arguments])
    assert (exit.value.code or 0) == status, printed.getvalue()
    return printed.getvalue()


def trade(buyer: RawClient, seller: RawClient) -> None:
    """A trade of 4 at 99, of a buy order that goes on resting with 6."""
    buyer.enter("AAPL", BUY, 10, "99.00")
    seller.enter("AAPL", SELL, 4, "99.00")
    seller.receive(), buyer.receive()


@pytest.fixture
def venue(serve: Serve) -> VenueProcess:
    return serve("--set", "journal.sync=batch")


@pytest.fixture
def buyer(venue: VenueProcess, raw_client: Connect) -> RawClient:
    return raw_client(venue, "TRADER1")


@pytest.fixture
def seller(venue: VenueProcess, raw_client: Connect) -> RawClient:
    return raw_client(venue, "TRADER3")


def rows(*arguments: object) -> list[dict[str, str]]:
    """What an export prints, without the count behind it."""
    return list(csv.DictReader(run("export", *arguments).splitlines()[:-1]))


def test_beside_a_venue_that_runs(venue: VenueProcess, buyer: RawClient, seller: RawClient) -> None:
    trade(buyer, seller)
    data = venue.data
    assert "the journal is whole" in run("journal", "check", "--data", data)
    shown = run("journal", "show", "--data", data, "--session", "FIX.4.4:TRADER1")
    assert "new_order session=FIX.4.4:TRADER1 firm=ALPHA cl_ord_id=" in shown
    assert re.search(r"to FIX.4.4:TRADER1 \d+: 8=FIX.4.4\|.*150=F\|", shown)
    batches = [
        json.loads(line)
        for line in run("journal", "show", "--json", "--data", data).split("\n")[:-1]
    ]
    assert [batch["seq"] for batch in batches] == list(range(1, len(batches) + 1))
    (match,) = rows("trades", "--data", data)
    assert (match["symbol"], match["last_qty"], match["last_px"]) == ("AAPL", "4", "99")
    assert (match["buy_firm"], match["sell_firm"]) == ("ALPHA", "BETA")
    assert match["aggressor_side"] == "sell"
    told = run("replay", data, "--symbol", "AAPL", "--orders")
    assert "last trade 4 @ 99" in told
    assert "buy 10 AAPL @ 99 limit day, 6 left" in told
    held = run("journal", "archive", "--data", data, status=1)
    assert held == f"{data} is in use by the venue of process {venue.process.pid}\n"
    trade(buyer, seller)
    assert len(rows("trades", "--data", data)) == 2
    buyer.close(), seller.close()
    venue.stop()
    assert "defect" not in venue.output


def test_on_a_copy(
    venue: VenueProcess, buyer: RawClient, seller: RawClient, tmp_path: Path
) -> None:
    trade(buyer, seller)
    without_socket = shutil.ignore_patterns("*.sock")
    copy = shutil.copytree(venue.data, tmp_path / "copy", ignore=without_socket)
    told = run("replay", venue.data)
    assert run("replay", copy) == told
    assert "the journal is whole" in run("journal", "check", "--data", copy)


@pytest.mark.parametrize("end", [VenueProcess.stop, VenueProcess.kill], ids=["stopped", "killed"])
def test_after_a_venue(
    serve: Serve,
    venue: VenueProcess,
    buyer: RawClient,
    seller: RawClient,
    end: Callable[[VenueProcess], None],
) -> None:
    trade(buyer, seller)
    buyer.close(), seller.close()
    end(venue)
    data = venue.data
    assert "the journal is whole" in run("journal", "check", "--data", data)
    told = run("replay", data)
    assert run("replay", data, "--verify").endswith(told)
    again = serve()
    again.stop(signal.SIGINT)
    assert "the journal is whole" in run("journal", "check", "--data", data)


def test_archived_batches_are_missed_by_nobody(
    serve: Serve, venue: VenueProcess, buyer: RawClient, seller: RawClient, raw_client: Connect
) -> None:
    trade(buyer, seller)
    buyer.close(), seller.close()
    venue.stop()
    data = venue.data
    before = run("export", "executions", "--data", data)
    archived = run("journal", "archive", "--data", data)
    moved, kept = archived.splitlines()
    assert re.fullmatch(r"archived batches 1 to \d+ in .*\.db", moved)
    assert re.match(r"\d+ of the batches up to \d+ stay in the journal, too: ", kept)
    assert "nothing to archive" in run("journal", "archive", "--data", data)
    assert "the journal is whole" in run("journal", "check", "--data", data)
    assert run("export", "executions", "--data", data) == before
    again = serve()
    book = raw_client(again, "TRADER1").book("AAPL")
    assert book == [("0", "99", "6")]
    for snapshot in (data / "snapshots").iterdir():
        snapshot.unlink()
    again.kill()
    assert raw_client(serve(), "TRADER1").book("AAPL") == book


def test_damage_is_one_line_and_status_1(
    venue: VenueProcess, buyer: RawClient, seller: RawClient
) -> None:
    trade(buyer, seller)
    venue.kill()
    data = venue.data
    (data / "journal.db-wal").write_bytes(b"garbage" * 1000)
    (data / "journal.db").write_bytes(b"garbage" * 1000)
    shutil.rmtree(data / "snapshots", ignore_errors=True)
    checked = run("journal", "check", "--data", data, status=1)
    assert "file is not a database" in checked
    assert run("replay", data, status=1).count("\n") == 1
    assert run("journal", "show", "--data", data, status=1).count("\n") == 1
    assert run("export", "trades", "--data", data, status=1).count("\n") == 1


def test_no_journal(tmp_path: Path) -> None:
    expected = f"there is no journal {tmp_path / 'journal.db'}\n"
    assert run("replay", tmp_path, status=1) == expected
    assert run("export", "trades", "--data", tmp_path, status=1) == expected
    assert run("journal", "show", "--data", tmp_path, status=1) == expected
    assert run("journal", "archive", "--data", tmp_path, status=1) == expected
    assert list(tmp_path.iterdir()) == []


def test_mistakes_are_one_line_and_status_2(tmp_path: Path) -> None:
    for arguments in (
        ("export", "fills", "--data", tmp_path),
        ("export", "trades", "--format", "xml", "--data", tmp_path),
    ):
        said = run(*arguments, status=2)
        assert said.count("\n") == 1 and "expected one of" in said


def test_whoever_reads_may_leave(venue: VenueProcess, buyer: RawClient) -> None:
    """As `head` does."""
    for _ in range(200):
        buyer.enter("AAPL", BUY, 1, "99.00")
    command = f"{sys.executable} -m venue journal show --data {venue.data} | head -n 1"
    patience = 3 * DEADLINE
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, cwd=ROOT, timeout=patience, check=True
    )
    assert done.stdout.startswith("batch 1 ")
    assert done.stderr == ""
