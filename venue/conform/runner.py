"""Carries a script out, step by step, in one version."""

import time
from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from venue.conform.connection import Address, Connection, DisconnectedError
from venue.conform.dialect import BEGIN_STRINGS, spoken
from venue.conform.errors import BreachError, ScriptError
from venue.conform.match import differences
from venue.conform.message import Message
from venue.conform.script import Action, Field, Script, Step
from venue.conform.sessions import Sessions
from venue.conform.values import Values, decimal

DEFAULTS = {
    "SENDER": "TRADER1",
    "OTHER": "TRADER3",
    "COLLEAGUE": "TRADER2",
    "WATCHER": "MD1",
    "SYMBOL": "AAPL",
    "PX": "100",
    "TICK": "0.01",
    "LOT": "1",
}
"""What scripts take from the run. SENDER and COLLEAGUE are of one firm, OTHER is not; WATCHER gets
market data; PX is a price at which SYMBOL may trade, with an empty book 100 ticks around it."""


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

    `variables` add to `DEFAULTS`; an empty one counts as not set.
    """

    port: int
    host: str = "127.0.0.1"
    target: str = "VENUE"
    timeout: float = 5.0
    variables: dict[str, str] = {}


class Runner:
    """Runs scripts against one venue, one after the other."""

    def __init__(self, venue: Venue) -> None:
        self._venue = venue
        given = DEFAULTS | venue.variables
        self._variables = {name: value for name, value in given.items() if value}
        tick = decimal("TICK", self._variables["TICK"])
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
        if "DAY_END" in script.needs:
            patience += float(variables["DAY_END"])
        started = time.monotonic()
        performance = _Performance(script, version, values, self._sessions, patience)
        try:
            fault = performance.play()
        finally:
            performance.end()
            self._sessions.tidy()
        seconds = time.monotonic() - started
        if fault is None:
            return Result(script, version, Outcome.OK, seconds)
        step, failure = fault
        return Result(
            script,
            version,
            Outcome.FAILED,
            seconds,
            step.line,
            _shown(step, version, values),
            failure.got,
            tuple(failure.differences),
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
        return Address(venue.host, venue.port, venue.target, comp_id, version, begin_string)


def _shown(step: Step, version: str, values: Values) -> str:
    if step.action is not Action.MESSAGE:
        return step.text
    fields = spoken(step.fields, version, step.ours)
    return "".join(values.shown(field) for field in fields)


class _Performance:
    """One run of one script."""

    def __init__(
        self, script: Script, version: str, values: Values, sessions: Sessions, patience: float
    ) -> None:
        self._script = script
        self._version = version
        self._values = values
        self._sessions = sessions
        self._patience = patience
        self._connections: dict[int, Connection] = {}
        self._wrong: list[str] = []

    def play(self) -> tuple[Step, BreachError] | None:
        """Carry out every step; return the one that failed. Then nothing more may come."""
        steps = [step for step in self._script.steps if step.applies_to(self._version)]
        for step in steps:
            try:
                self._carry_out(step)
            except BreachError as failure:
                return step, failure
            except DisconnectedError:
                return step, BreachError(["the venue has closed the connection"])
            except ScriptError as error:
                raise ScriptError(f"{self._script.path}:{step.line}: {error}") from None
        for number, connection in self._connections.items():
            if connection.is_logged_on:
                end = Step(
                    steps[-1].line, f"nothing more on {number}", False, number, Action.NOTHING
                )
                try:
                    self._nothing(connection)
                except BreachError as failure:
                    return end, failure
                except DisconnectedError:
                    return end, BreachError(["the venue has closed the connection"])
        return None

    def end(self) -> None:
        for connection in self._connections.values():
            self._sessions.release(connection)

    def _carry_out(self, step: Step) -> None:
        if step.action in (Action.CONNECT, Action.LOGON):
            before = self._connections.get(step.connection)
            if before is not None and before.is_open:
                raise ScriptError(f"connection {step.connection} is open already")
            comp_id = self._values.variables[step.who]
            is_logon = step.action is Action.LOGON
            open_one = self._sessions.log_on if is_logon else self._sessions.connect
            self._connections[step.connection] = open_one(self._version, comp_id)
            return
        connection = self._connections.get(step.connection)
        if connection is None:
            raise ScriptError(f"connection {step.connection} is not open")
        self._values.seq = connection.next_sent
        if step.action is Action.NOTHING:
            self._nothing(connection)
        elif step.action is Action.DISCONNECT:
            if not step.ours:
                self._hangs_up(connection)
            connection.close()
        else:
            fields = spoken(step.fields, self._version, step.ours)
            (self._send if step.ours else self._expect)(connection, fields)

    def _send(self, connection: Connection, fields: list[Field]) -> None:
        pairs = [
            (field.tag, self._values.to_send(field.tag, field.value))
            for field in fields
            if field.value is not None
        ]
        without = frozenset(field.tag for field in fields if field.value is None)
        connection.send(pairs, without)

    def _expect(self, connection: Connection, fields: list[Field]) -> None:
        wanted = next((field.value for field in fields if field.tag == "35"), None)
        message = self._next(connection, wanted)
        wrong = differences(fields, message, self._values) + self._wrong
        if wrong:
            raise BreachError(wrong, str(message))

    def _next(self, connection: Connection, wanted: str | None) -> Message:
        """The next message; of Heartbeats and TestRequests only the one wanted."""
        deadline = time.monotonic() + self._patience
        while (message := connection.receive(max(deadline - time.monotonic(), 0))) is not None:
            self._wrong = self._sessions.hear(connection, message)
            if message.type == wanted or message.type not in ("0", "1"):
                return message
            if message.type == "1":
                connection.send([("35", "0"), ("112", message.get("112") or "")])
        raise BreachError([f"nothing came within {self._patience:g} s"])

    def _nothing(self, connection: Connection) -> None:
        unexpected = self._sessions.settle(connection)
        if unexpected:
            got = "\n".join(map(str, unexpected))
            raise BreachError(["expected nothing more"], got)

    def _hangs_up(self, connection: Connection) -> None:
        try:
            message = self._next(connection, None)
        except DisconnectedError:
            return
        raise BreachError(["expected the end of the connection"], str(message))
