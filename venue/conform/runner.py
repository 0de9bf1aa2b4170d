"""Runs scripts against a venue, and says how each went."""

import time
from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from venue.conform.connection import Address
from venue.conform.dialect import BEGIN_STRINGS
from venue.conform.message import Pair
from venue.conform.performance import Performance, shown
from venue.conform.script import Script
from venue.conform.sessions import Sessions
from venue.conform.values import Values, decimal

DEFAULTS = {
    "SENDER": "TRADER1",
    "OTHER": "TRADER3",
    "COLLEAGUE": "TRADER2",
    "WATCHER": "MD1",
    "OPERATOR": "OPERATOR",
    "DROP_COPY": "DROP1",
    "CLEARING": "CLEARING",
    "SYMBOL": "AAPL",
    "PX": "100",
    "TICK": "0.01",
    "LOT": "1",
}
"""What scripts take from the run. SENDER and COLLEAGUE are of one firm, OTHER is not; WATCHER gets
market data, OPERATOR halts and resumes, DROP_COPY has copies of what SENDER and COLLEAGUE are told,
CLEARING of all; PX is a price at which SYMBOL may trade, with an empty book
100 ticks around it."""

DURATIONS = ("DAY_END", "TRADING_DAY")
"""Within how many seconds the trading day ends, and SYMBOL's market has closed: so long a script
that needs it may wait for a message, besides the run's timeout.
"""


class Outcome(StrEnum):
    """How a script went."""

    OK = "ok"
    FAILED = "FAILED"
    NOT_APPLICABLE = "n/a"


class Result(Struct, frozen=True):
    """How a script went in one version, and where it failed."""

    script: Script
    version: str
    outcome: Outcome
    seconds: float = 0.0
    line: int = 0
    expected: str = ""
    got: str = ""
    reasons: tuple[str, ...] = ()


class Venue(Struct, frozen=True):
    """Where the venue is, and what it is to be called; `timeout` is seconds to wait for a message.

    `variables` add to `DEFAULTS`; an empty one counts as not set. With a `password` every CompID
    logs on with that, as `username` or under its own name.
    """

    port: int
    host: str = "127.0.0.1"
    target: str = "VENUE"
    timeout: float = 5.0
    variables: dict[str, str] = {}
    username: str | None = None
    password: str | None = None


class Runner:
    """Runs scripts against one venue, one after the other."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        given = DEFAULTS | venue.variables
        self._variables = {name: value for name, value in given.items() if value}
        tick = decimal("TICK", self._variables.get("TICK", ""))
        self._sessions = Sessions(self._address, venue.timeout, tick)

    def run(self, script: Script, version: str) -> Result:
        """Run one script. Raises ScriptError where the script itself is wrong."""
        variables = script.defaults | self._variables
        missing = [name for name in script.needs if name not in variables]
        if version not in script.versions:
            return Result(script, version, Outcome.NOT_APPLICABLE, reasons=(f"not for {version}",))
        if missing:
            reasons = tuple(f"needs {name}" for name in missing)
            return Result(script, version, Outcome.NOT_APPLICABLE, reasons=reasons)
        values = Values(variables, self._sessions.new_id())
        patience = self._venue.timeout
        for name in DURATIONS:
            if name in script.needs:
                patience += float(decimal(name, variables[name]))
        started = time.monotonic()
        performance = Performance(script, version, values, self._sessions, patience)
        try:
            fault = performance.play()
        finally:
            performance.end()
            self._sessions.tidy()
        seconds = time.monotonic() - started
        if fault is None:
            return Result(script, version, Outcome.OK, seconds)
        step, breach = fault
        return Result(
            script,
            version,
            Outcome.FAILED,
            seconds,
            step.line,
            shown(step, version, values),
            breach.got,
            tuple(breach.differences),
        )

    def run_all(self, scripts: Iterable[Script], versions: Iterable[str]) -> Iterator[Result]:
        """Run every script in every version."""
        for script in scripts:
            for version in versions:
                yield self.run(script, version)

    def close(self) -> None:
        """Log out."""
        self._sessions.close()

    def _address(self, version: str, comp_id: str) -> Address:
        venue, begin_string = self._venue, BEGIN_STRINGS[version]
        credentials: tuple[Pair, ...] = ()
        if venue.password is not None:
            credentials = ("553", venue.username or comp_id), ("554", venue.password)
        return Address(
            *(venue.host, venue.port, venue.target, comp_id, version, begin_string, credentials)
        )
