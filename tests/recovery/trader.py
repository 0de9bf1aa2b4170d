"""One client of the fleet: a session, its ledger, and what it does by the dice."""

import random
import socket
from pathlib import Path

from tests.e2e.message import Message
from tests.recovery.engine import WINDOW, Engine
from tests.recovery.flow import SYMBOLS, Flow
from tests.recovery.ledger import Ledger, Order, Request
from tests.recovery.tape import Tape
from tests.recovery.wire import FIX42, ViolationError

MOST_OPEN = 40
"""Requests on their way at once."""
LARGEST_BURST = 6


class Trader:
    """Keeps everything it sends and hears in `directory`.

    A `watcher` also subscribes to the market as soon as it is logged on. `repeated` counts the
    messages that were sent to it again.
    """

    def __init__(
        self, comp_id: str, version: str, tape: Tape, seed: int, directory: Path, watcher: bool
    ) -> None:
        self.comp_id, self.version, self.watcher = comp_id, version, watcher
        self.dice = random.Random(f"{seed} {comp_id}")
        self.log = (directory / f"{comp_id}.log").open("w")
        self.ledger = Ledger(comp_id, version, tape)
        self.books: dict[str, Message] = {}
        self.repeated = 0
        self._engine = Engine(comp_id, version, self.log, self._take)
        self._flow = Flow(self.dice, self.ledger, comp_id)
        self._subscriptions = 0
        self._subscribed = False

    @property
    def socket(self) -> socket.socket | None:
        """The connection, if it is ours to wait for."""
        return self._engine.socket

    @property
    def logged_on(self) -> bool:
        return self._engine.logged_on

    @property
    def is_settled(self) -> bool:
        """Whether nothing is missing that is known to have been sent, nor any answer."""
        return self._engine.is_complete and not self.ledger.open

    def connect(self, port: int) -> None:
        """Connect where there is no connection. Raise `OSError`."""
        if self._engine.socket is None:
            self._subscribed = False
            self._engine.connect(port)

    def poll(self, wait: bool = False) -> None:
        """Take what has come; with `wait` all, until the other side hangs up."""
        while self._engine.read(wait) and wait:
            pass
        self.repeated = self._engine.repeated

    def ping(self) -> None:
        """Ask for something that is answered after all that is on its way."""
        self._engine.ping()

    def drop(self) -> None:
        """Lose the connection and what is on it."""
        self._engine.drop()

    def lose_venue(self, reads: bool) -> None:
        """The venue was killed; take what it said before, or not."""
        if reads:
            self.poll(wait=True)
        self._engine.drop()
        self._engine.unclean += 1
        self._engine.exact = False

    def expect_end(self) -> None:
        """The venue is about to stop in peace."""
        self._engine.ending = True
        self._engine.exact = self._engine.is_complete

    def close(self) -> None:
        self._engine.drop()
        self.log.close()

    def state(self) -> str:
        return self._engine.state()

    def act(self) -> None:
        """Send some requests, if there are not too many on their way."""
        if not self.logged_on:
            return
        if self.watcher and not self._subscribed:
            self._subscribed = True
            self.subscribe(1)
        for _ in range(self.dice.randint(1, LARGEST_BURST)):
            if len(self.ledger.open) >= MOST_OPEN:
                return
            self._send(self._flow.next())

    def ask_for_status(self) -> None:
        """Ask for every order that we know to be live."""
        if self.version == FIX42:
            for order in list(self.ledger.live.values()):
                self._send(self._flow.status(order))
        else:
            self._send(self._flow.mass_status())

    def cancel(self, order: Order) -> None:
        self._send(self._flow.cancel(order))

    def audit(self, whole: bool) -> None:
        """Have the past told again, from some moment on or from as far back as can be."""
        oldest = max(1, self._engine.next_in - 1 - WINDOW)
        recent = [number for number in list(self._engine.received)[-2_000:] if number >= oldest]
        if recent:
            self._engine.audit(oldest if whole else self.dice.choice(recent))

    def subscribe(self, updates: int) -> None:
        """Ask for W of every symbol, once (0) or with updates (1)."""
        self._subscriptions += 1
        fields: list[tuple[int, object]] = [(262, f"V{self._subscriptions}"), (263, updates)]
        fields += [(264, 0), (265, 1), (267, 2), (269, 0), (269, 1), (146, len(SYMBOLS))]
        self._engine.send("V", fields + [(55, symbol) for symbol in SYMBOLS])

    def _send(self, request: Request) -> None:
        request.number = self._engine.next_out
        self.ledger.sent(request)
        self._engine.send(request.msg_type, list(request.fields.items()))

    def _take(self, message: Message) -> None:
        if message.type == "W":
            self.books[message[55]] = message
        elif message.type != "X":
            self.ledger.take(message)
            self._engine.processed = max(self._engine.processed, self.ledger.processed)
        elif not self.watcher:
            raise ViolationError(f"{self.comp_id} has not subscribed: {message}")
