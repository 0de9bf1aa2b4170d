"""The journal that is left, replayed from its first batch, against the ledgers."""

import os
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from tests.e2e.venue_process import ROOT
from tests.recovery.fleet import Fleet
from tests.recovery.wire import ViolationError
from venue.core.venue import Venue
from venue.journal.recovery import replay
from venue.journal.sqlite import SqliteJournal

Live = dict[str, tuple[str, str, int, int, Decimal | None]]
"""By OrderID: symbol, ClOrdID, CumQty, LeavesQty, Price."""


def check_journal(data: Path, fleet: Fleet) -> None:
    """Raise `ViolationError` where the venue that the journal leads to is not the fleet's."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "data"
        shutil.copytree(data, copy, ignore=shutil.ignore_patterns("*.sock"))
        first, again = _replayed(copy), _replayed(copy)
    if first.state_hash() != again.state_hash():
        raise ViolationError("two replays of the journal differ")
    first.check()
    ours: Live = {
        order.order_id: (order.symbol, order.cl_ord_id, order.cum, order.leaves, order.price)
        for trader in fleet.traders
        for order in trader.ledger.live.values()
    }
    journaled: Live = {}
    for symbol, market in first.markets.items():
        for order in market.orders():
            price = order.price
            told = None if price is None else Decimal(market.instrument.price.text(price))
            order_id = str(order.order_id)
            cl_ord_id, cum, leaves = order.cl_ord_id, order.cum_qty, order.leaves_qty
            journaled[order_id] = symbol, cl_ord_id, cum, leaves, told
    if ours != journaled:
        keys = ours.keys() | journaled.keys()
        differ = {key: (ours.get(key), journaled.get(key)) for key in keys}
        differ = {key: pair for key, pair in differ.items() if pair[0] != pair[1]}
        raise ViolationError(f"live orders, (ledgers, journal): {differ}")


def check_with_tools(data: Path) -> None:
    """Raise `ViolationError` where the venue's own tools find fault with journal or snapshots."""
    for command in (("journal", "check", "--data", str(data)), ("replay", str(data), "--verify")):
        done = subprocess.run(
            [sys.executable, "-m", "venue", *command],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
            raise ViolationError(f"venue {' '.join(command)}: {done.returncode}: {said}")


def _replayed(data: Path) -> Venue:
    journal = SqliteJournal(data, "off")
    try:
        venue = Venue()
        replay(journal, venue)
        return venue
    finally:
        journal.close()
