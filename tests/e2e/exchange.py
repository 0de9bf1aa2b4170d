"""A venue with a trading day whose clock a test moves from phase to phase."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.e2e.client import DEADLINE, Client
from tests.e2e.codes import FIX44
from tests.e2e.message import Message
from tests.e2e.moved_clock import MovedClock
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess

Serve = Callable[..., VenueProcess]

ZONE = ZoneInfo("Europe/Zurich")
PHASES = {
    "pre_open": "07:00:00",
    "opening_auction": "08:50:00",
    "continuous": "09:00:00",
    "closing_auction": "17:20:00",
    "post_close": "17:30:00",
    "closed": "18:00:00",
}
CALLS = ("pre_open", "opening_auction", "closing_auction")
SYMBOL = "NESN"
EXPIRED = "C"
EXCHANGE_CLOSED, TOO_LATE = "2", "4"
AUCTION = "4"


class Exchange:
    """Venues, one after the other, that are open from Monday to Friday; 2030-01-02 is a Wednesday.

    It begins to be that day at 06:00, when the market is closed.
    """

    def __init__(self, serve: Serve, directory: Path, **terms: object) -> None:
        """`terms` are of the instrument NESN."""
        self._serve, self._directory, self._terms = serve, directory, terms
        self._file = directory / "clock"
        self._clock = MovedClock(self._file)
        self.venue: VenueProcess | None = None
        self.at("06:00:00")

    def at(self, clock: str, day: str = "2030-01-02") -> None:
        """Let it be so late."""
        moment = datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=ZONE)
        self.at_ns(int(moment.timestamp()) * 10**9)

    def at_ns(self, moment: int) -> None:
        """Let it be so many nanoseconds since 1970 UTC."""
        self._clock.move_to(moment)

    def enter(self, phase: str, day: str = "2030-01-02") -> None:
        """Let it be the time at which `phase` begins, and wait until the venue knows."""
        assert self.venue is not None
        seen = self._said(phase)
        self.at(PHASES[phase], day)
        deadline = time.monotonic() + DEADLINE
        while self._said(phase) == seen:
            self.venue.is_sound()
            assert time.monotonic() < deadline, f"it is {PHASES[phase]}, and no {phase}"
            time.sleep(0.01)

    def _said(self, phase: str) -> int:
        assert self.venue is not None
        return self.venue.output.count(f"market=XSWX phase={phase}\n")

    def start(
        self,
        *options: str,
        configuration: Path | None = None,
        versions: Iterable[str] = (FIX44,),
    ) -> VenueProcess:
        """A venue that goes on from the journal of the one before; it may have a `configuration`
        of its own.
        """
        if configuration is None:
            configuration = self._directory / "exchange.yaml"
            configuration.write_text(json.dumps(self._configuration()))
        command = ("tests.e2e.moved_clock", str(self._file), "serve")
        options = ("--config", str(configuration), "--set", "venue.day_ends=22:00:00", *options)
        self.venue = self._serve(*options, command=command, versions=versions)
        return self.venue

    def kill(self) -> None:
        assert self.venue is not None
        self.venue.kill()

    def _configuration(self) -> Mapping[str, Any]:
        roles = ["order_entry", "market_data"]
        sessions: list[dict[str, Any]] = [
            {"comp_id": f"TRADER{number}", "firm": firm, "roles": roles}
            for number, firm in enumerate(("ALPHA", "ALPHA", "BETA", "BETA"), 1)
        ]
        sessions.append({"comp_id": "MD1", "firm": "DATA", "roles": ["market_data"]})
        sessions.append({"comp_id": "OPERATOR", "firm": "STAFF", "roles": ["operator"]})
        instrument = {
            "symbol": SYMBOL,
            "market": "XSWX",
            "currency": "CHF",
            "tick": "0.01",
            "lot": 1,
            "reference_price": 100,
            "min_qty": 1,
            "max_qty": 1000000,
            "collar_percent": 20,
        }
        always = {"symbol": "EURUSD", "market": "MAIN"}
        return {
            "venue": {"day_ends": "22:00:00"},
            "quickfix": {"ValidateUserDefinedFields": "N"},
            "sessions": sessions,
            "markets": [
                {
                    "name": "XSWX",
                    "time_zone": "Europe/Zurich",
                    "days": ["mon", "tue", "wed", "thu", "fri"],
                    "holidays": ["2030-01-03"],
                    "phases": [{"phase": phase, "at": at} for phase, at in PHASES.items()],
                }
            ],
            "instruments": [instrument | self._terms, instrument | always],
        }


class Traders:
    """Stock clients of two firms, and one who watches."""

    def __init__(self, venue: VenueProcess, version: str) -> None:
        self.all: list[StockClient] = []
        for comp_id in ("TRADER1", "TRADER3", "MD1"):
            self.all.append(StockClient(venue.port, comp_id, {"CheckLatency": "N"}, version))
        self.buyer, self.seller, self.watcher = self.all

    def close(self) -> None:
        for client in self.all:
            client.close()


@contextmanager
def traders(exchange: Exchange, version: str, *options: str) -> Iterator[Traders]:
    """The venue is sound afterwards, and QuickFIX has found nothing wrong with what it sent."""
    venue = exchange.start(*options, versions=(FIX44, version))
    desk = Traders(venue, version)
    try:
        yield desk
        for client in desk.all:
            assert client.complaints == []
        venue.is_sound()
    finally:
        desk.close()


def filled(client: Client, order: Message, qty: int, price: str, cum_qty: int) -> Message:
    """The next report is a fill in an auction."""
    total = int(order[38])
    status = "2" if cum_qty == total else "1"
    report = client.receive().has({11: order[11], 37: order[37], 32: qty, 14: cum_qty})
    assert float(report[31]) == float(price), report
    report.has({151: total - cum_qty} | client.codes.filled(status))
    return report.has({851: AUCTION if client.version == "FIX.5.0SP2" else None})
