"""One TCP connection as one CompID: numbers and frames what we send, checks what comes."""

import socket
import time

from msgspec import Struct

from venue.conform.errors import BreachError
from venue.conform.message import Message, Pair, frame, take
from venue.conform.values import utc_timestamp

# What goes before the body, in this order, wherever a script has it.
_HEADER = ("8", "9", "35", "1128", "49", "56", "34", "50", "57", "43", "97", "52", "122")


class Address(Struct, frozen=True):
    """Where the venue is, what it is called, who we are, and what every Logon of ours says beside
    what it is given: who we are, once more, and our password.
    """

    host: str
    port: int
    target: str
    comp_id: str
    version: str
    begin_string: str
    credentials: tuple[Pair, ...] = ()


class DisconnectedError(Exception):
    """The venue has closed the connection."""


class Connection:
    """Raises BreachError for what is no FIX message, or is not from and for who it must be."""

    def __init__(self, address: Address, timeout: float) -> None:
        self.address = address
        self.next_sent = 1
        self.is_logged_on = False
        self.is_open = True
        self.asked_for_market_data = False
        self._next_received: int | None = None
        self._unread = b""
        self._waiting: list[Message] = []
        self._socket = socket.create_connection((address.host, address.port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, fields: list[Pair], without: frozenset[str] = frozenset()) -> None:
        """Send a message, its header and trailer filled in where `fields` do not give them."""
        given = dict(reversed(fields))
        standard = {
            "8": self.address.begin_string,
            "49": self.address.comp_id,
            "56": self.address.target,
            "34": str(self.next_sent),
            "52": utc_timestamp(),
        }
        header = {tag: value for tag, value in (standard | given).items() if tag not in without}
        number = header.get("34", "")
        if number.isdecimal() and int(number) >= self.next_sent and len(number) < 10:
            self.next_sent = int(number) + 1
        pairs = [(tag, header[tag]) for tag in _HEADER if tag in header]
        pairs += [pair for pair in fields if pair[0] not in (*_HEADER, "10")]
        if given.get("35") == "A":
            pairs += [pair for pair in self.address.credentials if pair[0] not in given]
        pairs += [pair for pair in fields if pair[0] == "10"]
        self.asked_for_market_data |= given.get("35") == "V"
        try:
            self._socket.sendall(frame(pairs))
        except OSError:
            raise DisconnectedError from None

    def receive(self, seconds: float) -> Message | None:
        """The next message of any type, or None after so many seconds. Raises DisconnectedError."""
        if self._waiting:
            return self._waiting.pop(0)
        deadline = time.monotonic() + seconds
        while True:
            message, self._unread = take(self._unread)
            if message is not None:
                self._check(message)
                return message
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._socket.settimeout(left)
            try:
                received = self._socket.recv(1 << 16)
            except TimeoutError:
                return None
            except OSError:
                raise DisconnectedError from None
            if not received:
                raise DisconnectedError
            self._unread += received

    def close(self) -> None:
        """Hang up, without a Logout."""
        self.is_open = self.is_logged_on = False
        self._socket.close()

    def _check(self, message: Message) -> None:
        address = self.address
        header = {"8": address.begin_string, "49": address.target, "56": address.comp_id}
        wrong = [
            f"{tag}: expected {value}, got {message.get(tag)}"
            for tag, value in header.items()
            if message.get(tag) != value
        ]
        number = message.get("34") or ""
        if message.type == "A":
            self.is_logged_on = True
            if message.get("141") == "Y":
                self._next_received = 1
        if not number.isdecimal():
            wrong.append(f"34: expected a number, got {number or 'none'}")
        elif message.get("43") != "Y":
            if self._next_received is not None and int(number) != self._next_received:
                wrong.append(f"34: expected {self._next_received}, got {number}")
            self._next_received = int(number) + 1
            if message.type == "4" and (message.get("36") or "").isdecimal():
                self._next_received = int(message.get("36") or 0)
        if wrong:
            raise BreachError(wrong, str(message))
