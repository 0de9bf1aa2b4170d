"""A FIX session over any number of connections, whose numbers are never reset, and which believes
nothing: every number of the venue is accounted for, and every repetition compared.
"""

import socket
import time
from collections.abc import Callable
from typing import TextIO

from tests.e2e.message import Message
from tests.recovery.wire import (
    FIX50SP2,
    VENUE,
    Field,
    Stream,
    ViolationError,
    content,
    frame,
    utc_now,
)

JUMP = 10_000
"""How far the venue's numbers may jump for each of its stops that was not clean."""
UNREAD = 5_000
"""Messages on their way that we may never have seen when a connection ended."""
WINDOW = 90_000
"""Numbers back from the last that the venue has to be able to repeat."""
PATIENCE = 30.0
NEVER_REPEATED = frozenset("WX")
AT_ONCE = frozenset("A125")
"""Messages that are answered even before those that are missing before them."""


class Engine:
    """`received` are the reports so far by MsgSeqNum(34): a hash, the first SendingTime(52).

    `take` is called with every message of the application, once and in order of the numbers.
    `processed` is the highest number of ours that the venue is known to have carried out.
    """

    def __init__(
        self, comp_id: str, version: str, log: TextIO, take: Callable[[Message], None]
    ) -> None:
        self.comp_id, self.version = comp_id, version
        self.socket: socket.socket | None = None
        self.logged_on = self.ending = False
        self.next_out = self.next_in = 1
        self.processed = self.repeated = self.unclean = 0
        self.received: dict[int, tuple[int, str]] = {}
        self.exact = False
        self._log, self._take = log, take
        self._sent: dict[int, tuple[str, list[Field], str]] = {}
        self._held: dict[int, Message] = {}
        self._again_next, self._again_last = 1, 0
        self._tests: set[str] = set()
        self._stream = Stream(version)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing that the venue is known to have sent."""
        return self.logged_on and not self._held and not self.is_repeating and not self._tests

    @property
    def is_repeating(self) -> bool:
        return self._again_next <= self._again_last

    def connect(self, port: int) -> None:
        """Connect and send a Logon that goes on with the numbers."""
        assert self.socket is None
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream, self.ending = Stream(self.version), False
        version = [(1137, "9")] if self.version == FIX50SP2 else []
        self._send("A", [(98, 0), (108, 60), *version])

    def send(self, msg_type: str, fields: list[Field]) -> int:
        """Send a message of the application, or let it wait for the next connection; return its
        number.
        """
        number, now = self.next_out, utc_now()
        self._sent[number] = msg_type, fields, now
        self._send(msg_type, fields)
        return number

    def ping(self) -> None:
        """Send a TestRequest(1): when its answer is here, so is all that came before it."""
        test = f"T{self.next_out}"
        self._tests.add(test)
        self._send("1", [(112, test)])

    def audit(self, first: int) -> None:
        """Ask once more for all from `first` on."""
        last = self.next_in - 1
        if not self._held and not self.is_repeating and 1 <= first <= last:
            self._ask(first, last)

    def read(self, wait: bool = False) -> bool:
        """Take what has come; return False when the connection is over."""
        while self.socket is not None:
            self.socket.settimeout(PATIENCE if wait else 0)
            try:
                received = self.socket.recv(1 << 16)
            except BlockingIOError:
                return True
            except OSError:
                received = b""
            if not received:
                self.drop()
                return False
            for message in self._stream.feed(received):
                self._log.write(f"{time.time():.6f} < {message}\n")
                self._receive(message)
        return False

    def drop(self) -> None:
        """Forget the connection, and what is not in order yet."""
        if self.socket is not None:
            self.socket.close()
        self.socket, self.logged_on, self.ending = None, False, False
        self._held.clear()
        self._tests.clear()
        self._again_next, self._again_last = 1, 0
        self._log.write(f"{time.time():.6f} - next out {self.next_out}, in {self.next_in}\n")

    def _send(self, msg_type: str, fields: list[Field]) -> None:
        self._transmit(self.next_out, msg_type, fields, ())
        self.next_out += 1

    def _transmit(
        self, number: int, msg_type: str, fields: list[Field], more: tuple[Field, ...]
    ) -> None:
        header = [(35, msg_type), (34, number), (49, self.comp_id), (52, utc_now()), (56, VENUE)]
        message = frame(self.version, [*header, *more, *fields])
        self._log.write(f"{time.time():.6f} > {message.decode().replace(chr(1), '|')}\n")
        if self.socket is not None:
            self.socket.settimeout(PATIENCE)
            try:
                self.socket.sendall(message)
            except OSError:
                self._log.write("- not sent\n")

    def _ask(self, first: int, last: int) -> None:
        self._again_next, self._again_last = first, last
        self._send("2", [(7, first), (16, last)])

    def _receive(self, message: Message) -> None:
        number = int(message[34])
        if (message[49], message[56]) != (VENUE, self.comp_id):
            raise ViolationError(f"not for {self.comp_id}: {message}")
        if message.get(43) == "Y":
            self._repetition(message, number)
        elif number < self.next_in:
            raise ViolationError(f"{self.comp_id}: the number went back: {message}")
        else:
            self._fresh(message, number)
        while (held := self._held.pop(self.next_in, None)) is not None:
            self._accept(held, self.next_in, held[52])

    def _fresh(self, message: Message, number: int) -> None:
        if message.type == "A":
            self._log_on(message, number)
        elif not self.logged_on and message.type != "5":
            raise ViolationError(f"{self.comp_id}: before the Logon: {message}")
        if message.type in AT_ONCE:
            self._answer(message)
        if number == self.next_in:
            self._accept(message, number, message[52])
            return
        self._held[number] = message
        if not self.is_repeating:
            self._ask(self.next_in, number - 1)

    def _log_on(self, message: Message, number: int) -> None:
        if message.get(141) == "Y":
            raise ViolationError(f"{self.comp_id}: numbers are reset: {message}")
        most = 0 if self.exact else self.unclean * JUMP + UNREAD
        if number - self.next_in > most:
            raise ViolationError(f"{self.comp_id}: jumps from {self.next_in}: {message}")
        self.logged_on, self.exact = True, False

    def _repetition(self, message: Message, number: int) -> None:
        """Take a message with PossDupFlag(43): exactly the next of what was asked for."""
        if number != self._again_next or not self.is_repeating:
            wanted = f"{self._again_next} to {self._again_last}"
            raise ViolationError(f"{self.comp_id}: wanted {wanted} again: {message}")
        after = number + 1
        if message.type == "4":
            after = int(message.has({123: "Y"})[36])
            if not number < after <= self._again_last + 1:
                raise ViolationError(f"{self.comp_id}: a gap of what was not asked: {message}")
            missing = [each for each in range(number, after) if each in self.received]
            if missing and missing[-1] > self.next_in - WINDOW:
                raise ViolationError(f"{self.comp_id}: {missing} are not repeated: {message}")
            self.next_in = max(self.next_in, after)
        elif message.type in NEVER_REPEATED or message.type in "A01235":
            raise ViolationError(f"{self.comp_id}: must not be repeated: {message}")
        elif number == self.next_in:
            self.repeated += 1
            self._accept(message, number, message[122])
        else:
            self.repeated += 1
            first = self.received.get(number)
            if first != (hash(content(message)), message[122]):
                raise ViolationError(f"{self.comp_id}: was {first}, is not the same: {message}")
        self._again_next = after

    def _accept(self, message: Message, number: int, first_time: str) -> None:
        self.next_in = number + 1
        if message.type == "A":
            self.unclean = 0
        if message.type in "A0125":
            self._tests.discard(message.get(112) or "")
            return
        if message.type == "4":
            raise ViolationError(f"{self.comp_id}: a reset within the session: {message}")
        if message.type not in NEVER_REPEATED:
            self.received[number] = hash(content(message)), first_time
        self._take(message)

    def _answer(self, message: Message) -> None:
        if message.type == "1":
            self._send("0", [(112, message[112])])
        elif message.type == "2":
            self._repeat(int(message[7]), int(message[16]) or self.next_out - 1)
        elif message.type == "5":
            if not self.ending:
                raise ViolationError(f"{self.comp_id} is logged out: {message}")
            self._send("5", [])

    def _repeat(self, first: int, last: int) -> None:
        """Send again what the venue has not carried out: requests, and gaps for the rest."""
        if first <= self.processed:
            raise ViolationError(
                f"{self.comp_id}: {first} is asked for, answered: {self.processed}"
            )
        number = first
        while number <= min(last, self.next_out - 1):
            before = number
            while number not in self._sent and number <= last:
                number += 1
            if number > before:
                gap: list[Field] = [(123, "Y"), (36, number)]
                self._transmit(before, "4", gap, ((43, "Y"), (122, utc_now())))
                continue
            msg_type, fields, first_time = self._sent[number]
            self._transmit(number, msg_type, fields, ((43, "Y"), (122, first_time)))
            number += 1
        if self._tests:  # they are not sent again
            self._tests.clear()
            self.ping()

    def state(self) -> str:
        """Where it stands, in words."""
        again = f"{self._again_next}-{self._again_last}" if self.is_repeating else "nothing"
        held = f"{min(self._held)}-{max(self._held)}" if self._held else "nothing"
        return (
            f"in {self.next_in}, out {self.next_out}, asked for {again}, holds {held},"
            f" waits for {sorted(self._tests)}, logged on: {self.logged_on}"
        )
