"""FIX sessions that stay logged on from script to script, and are tidied up in between."""

import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

from venue.conform.blotter import Blotter, Order
from venue.conform.connection import Address, Connection, DisconnectedError
from venue.conform.errors import BreachError
from venue.conform.message import Message, Pair
from venue.conform.values import utc_timestamp

HEARTBEAT_SECONDS = 60

Key = tuple[str, str]
"""Version and CompID."""


class Sessions:
    """`address_of` says where a version's CompID logs on, `tick` the step of prices."""

    def __init__(
        self, address_of: Callable[[str, str], Address], timeout: float, tick: Decimal
    ) -> None:
        self._address_of = address_of
        self._timeout = timeout
        self._idle: dict[Key, Connection] = {}
        self._ids = 0
        self._unique = f"{time.time_ns() // 1_000_000:x}"
        self._blotters: dict[Key, Blotter] = defaultdict(lambda: Blotter(tick))

    def new_id(self) -> str:
        """Text that no run has used for an id."""
        self._ids += 1
        return f"{self._unique}-{self._ids:x}"

    def connect(self, version: str, comp_id: str) -> Connection:
        """A new connection; the CompID is logged on nowhere. Raises DisconnectedError."""
        idle = self._idle.pop((version, comp_id), None)
        if idle is not None:
            self.log_out(idle)
        try:
            return Connection(self._address_of(version, comp_id), self._timeout)
        except OSError as error:
            address = self._address_of(version, comp_id)
            raise BreachError(
                [f"no connection to {address.host}:{address.port}: {error}"]
            ) from None

    def log_on(self, version: str, comp_id: str) -> Connection:
        """A connection that is logged on and quiet, an idle one if there is one."""
        idle = self._idle.pop((version, comp_id), None)
        if idle is not None:
            try:
                self.settle(idle)
                return idle
            except (DisconnectedError, BreachError):
                idle.close()
        deadline = time.monotonic() + self._timeout
        while True:
            connection = self.connect(version, comp_id)
            try:
                self._log_on(connection)
                self.settle(connection)
                return connection
            except DisconnectedError:
                # The venue may not have noticed yet that the connection before is gone.
                connection.close()
                if time.monotonic() > deadline:
                    raise BreachError([f"{comp_id} cannot log on: disconnected"]) from None
                time.sleep(0.05)
            except BreachError:
                connection.close()
                raise

    def release(self, connection: Connection) -> None:
        """Keep a logged on session for the next script, and hang up on any other."""
        key = (connection.address.version, connection.address.comp_id)
        if not connection.is_open:
            return
        if connection.is_logged_on and key not in self._idle:
            if not connection.asked_for_market_data:
                self._idle[key] = connection
                return
            self.log_out(connection)
        connection.close()

    def settle(self, connection: Connection) -> list[Message]:
        """Ask for a sign of life twice, and return what came before it.

        Twice, because a venue may answer the first before it has worked through what came with it.
        """
        before = []
        for _ in range(2):
            sign = f"SETTLE-{self.new_id()}"
            connection.send([("35", "1"), ("112", sign)])
            while (message := self.receive(connection)).get("112") != sign:
                before.append(message)
        return before

    def receive(self, connection: Connection) -> Message:
        """The next message that is no Heartbeat of its own accord. Answers TestRequests.

        Raises BreachError when nothing comes.
        """
        deadline = time.monotonic() + self._timeout
        while (message := connection.receive(deadline - time.monotonic())) is not None:
            self.hear(connection, message)
            if message.type == "1":
                connection.send([("35", "0"), ("112", message.get("112") or "")])
            elif message.type != "0" or message.get("112") is not None:
                return message
        raise BreachError([f"nothing within {self._timeout:g} s"])

    def hear(self, connection: Connection, message: Message) -> list[str]:
        """Keep account of the orders that a message tells of; return what cannot be true of it."""
        key = (connection.address.version, connection.address.comp_id)
        return self._blotters[key].hear(message)

    def tidy(self) -> None:
        """Cancel every order that is left."""
        for (version, comp_id), blotter in list(self._blotters.items()):
            if blotter.live():
                with suppress(BreachError, DisconnectedError):
                    self._cancel_all(version, comp_id, blotter.live())
            blotter.forget()

    def close(self) -> None:
        """Log out of everything."""
        for connection in self._idle.values():
            self.log_out(connection)
        self._idle.clear()

    def log_out(self, connection: Connection) -> None:
        """End a session as FIX does; who does not answer is hung up on."""
        try:
            if connection.is_logged_on:
                connection.send([("35", "5")])
                while self.receive(connection).type != "5":
                    pass
        except (DisconnectedError, BreachError):
            pass
        connection.close()

    def _log_on(self, connection: Connection) -> None:
        fields: list[Pair] = [("35", "A"), ("98", "0"), ("108", str(HEARTBEAT_SECONDS))]
        fields.append(("141", "Y"))
        if connection.address.begin_string == "FIXT.1.1":
            fields.append(("1137", "9"))
        connection.send(fields)
        answer = self.receive(connection)
        if answer.type != "A":
            raise BreachError([f"{connection.address.comp_id} cannot log on"], str(answer))

    def _cancel_all(self, version: str, comp_id: str, orders: list[Order]) -> None:
        connection = self.log_on(version, comp_id)
        try:
            self._cancel(connection, orders)
        except (BreachError, DisconnectedError):
            connection.close()
            raise
        self.release(connection)

    def _cancel(self, connection: Connection, orders: list[Order]) -> None:
        for order in orders:
            fields = [("35", "F"), ("11", self.new_id()), ("41", order.cl_ord_id)]
            fields += [("37", order.order_id), ("55", order.symbol), ("54", order.side)]
            connection.send([*fields, ("60", utc_timestamp())])
        self.settle(connection)
