"""A WebSocket client for tests: reads messages until the one that is waited for has come."""

import json
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

from tests.e2e.client import DEADLINE

Told = dict[str, Any]


class Socket:
    """One connection; `seen` is all that has come, oldest first."""

    def __init__(self, url: str, path: str = "/ws", **options: Any) -> None:
        self._url = url.replace("http://", "ws://") + path
        self._options = options
        self.seen: list[Told] = []

    def __enter__(self) -> Self:
        options = {"compression": None, "open_timeout": 3 * DEADLINE, "proxy": None}
        self._connecting = connect(self._url, **(options | self._options))
        self._connection: ClientConnection = self._connecting.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connecting.__exit__(kind, error, trace)

    @property
    def raw(self) -> ClientConnection:
        return self._connection

    def say(self, op: str, channel: str | None = None, **more: Any) -> None:
        named = {} if channel is None else {"channel": channel}
        self._connection.send(json.dumps({"op": op, **named, **more}))

    def read(self, seconds: float = 2 * DEADLINE) -> Told:
        """The next message; raise TimeoutError where none comes."""
        told: Told = json.loads(self._connection.recv(timeout=seconds))
        self.seen.append(told)
        return told

    def ever(self, matches: Callable[[Told], object] | None = None, **fields: Any) -> Told:
        """The first message that has these fields and is what it has to be, of all that has come;
        else `until` there is one.
        """
        for told in self.seen:
            if fields.items() <= told.items() and (matches is None or matches(told)):
                return told
        return self.until(matches, **fields)

    def until(self, matches: Callable[[Told], object] | None = None, **fields: Any) -> Told:
        """Read until a message has these fields, and is what it has to be; return it."""
        deadline = time.monotonic() + 3 * DEADLINE
        while True:
            told = self.read(max(0.01, deadline - time.monotonic()))
            if fields.items() <= told.items() and (matches is None or matches(told)):
                return told

    def subscribe(self, channel: str, **more: Any) -> Told:
        """Subscribe, and return the first that is told of the channel."""
        self.say("subscribe", channel, **more)
        own = {name: value for name, value in more.items() if name == "symbol"}
        return self.until(lambda told: "op" not in told, channel=channel, **own)
