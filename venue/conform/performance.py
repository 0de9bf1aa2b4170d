"""One run of a script: step by step, in one version."""

import time
from collections.abc import Iterator

from venue.conform.connection import Connection, DisconnectedError
from venue.conform.dialect import spoken
from venue.conform.errors import BreachError, ScriptError
from venue.conform.match import differences
from venue.conform.message import Message
from venue.conform.script import Action, Field, Script, Step
from venue.conform.sessions import Sessions
from venue.conform.values import Values


def shown(step: Step, version: str, values: Values) -> str:
    """A step as it was to be, as far as its values are known."""
    if step.action is not Action.MESSAGE:
        return step.text
    fields = spoken(step.fields, version, step.ours)
    return "".join(values.shown(field) for field in fields)


class Performance:
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
        for step in self._steps():
            try:
                self._carry_out(step)
            except BreachError as breach:
                return step, breach
            except DisconnectedError:
                return step, BreachError(["the venue has closed the connection"])
            except ScriptError as error:
                raise ScriptError(f"{self._script.path}:{step.line}: {error}") from None
        return None

    def _steps(self) -> Iterator[Step]:
        last = 0
        for step in self._script.steps:
            if step.applies_to(self._version):
                last = step.line
                yield step
        for number, connection in self._connections.items():
            if connection.is_logged_on:
                text = f"nothing more on connection {number}"
                yield Step(last, text, False, number, Action.NOTHING)

    def end(self) -> None:
        """Hang up, or leave the sessions to the next script."""
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
