"""A member of the fleet that is QuickFIX as it comes, with its numbers and messages in files: it
goes on by itself after whatever happened, and asks for all that follows (16=0).
"""

from pathlib import Path

from tests.e2e.message import Message
from tests.e2e.stock import StockClient
from tests.recovery.ledger import Request
from tests.recovery.tape import Tape
from tests.recovery.trader import Trader
from tests.recovery.wire import ViolationError


class StockTrader(Trader):
    """Its session is QuickFIX's own, in QuickFIX's thread; what it hears is taken in `poll`."""

    def __init__(self, comp_id: str, version: str, tape: Tape, seed: int, directory: Path) -> None:
        super().__init__(comp_id, version, tape, seed, directory, watcher=False)
        self._client: StockClient | None = None
        self._settings = {"ResetOnLogon": "N", "FileStorePath": str(directory / f"{comp_id}-store")}

    @property
    def logged_on(self) -> bool:
        return self._client is not None and self._client.logged_on

    @property
    def is_settled(self) -> bool:
        return self.logged_on and not self.ledger.open

    def connect(self, port: int) -> None:
        if self._client is None:
            self._client = StockClient(port, self.comp_id, self._settings, self.version)

    def poll(self, wait: bool = False) -> None:
        if self._client is None:
            return
        while (message := self._client.next_message(0)) is not None:
            self.log.write(f"< {message}\n")
            if message.type != "5":
                self._take_once(message)
        if self._client.complaints:
            raise ViolationError(f"{self.comp_id} complains: {self._client.complaints}")

    def _take_once(self, message: Message) -> None:
        self.repeated += message.get(43) == "Y"
        self._take(message)

    def ping(self) -> None:
        """Its own question about all it knows: the answer comes after all that is on its way."""
        self.ask_for_status()

    def drop(self) -> None:
        """It hears of the end itself."""

    def lose_venue(self, reads: bool) -> None:
        """It reads what there is, as long as it is connected."""

    def expect_end(self) -> None:
        """It answers the Logout itself."""

    def audit(self, whole: bool) -> None:
        """It asks for nothing that it has."""

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self.log.close()

    def state(self) -> str:
        return f"logged on: {self.logged_on}, waits for {list(self.ledger.open)[:5]}"

    def _send(self, request: Request) -> None:
        assert self._client is not None
        self.ledger.sent(request)
        self.log.write(f"> {request}\n")
        self._client.send(request.msg_type, request.fields)
