"""A client on a bare socket, for exact sequences of messages and for bytes that are none."""

import re
import socket
import struct
import time
from collections.abc import Iterator

from tests.e2e.client import DEADLINE, Client
from tests.e2e.message import Fields, Message, frame, pairs, utc_now

SESSION_LEVEL = frozenset("A0124")
"""Message types that `next_message` keeps in `session_messages` instead of returning them."""

_BEGIN = re.compile(rb"8=FIX\.4\.4\x019=(\d+)\x01")


class RawClient(Client):
    """Checks the framing and the sequence numbers of everything the venue sends.

    The next message's number may be up to `jump` later than expected.
    """

    def __init__(self, port: int, comp_id: str, log_on: bool = True) -> None:
        super().__init__(comp_id)
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=DEADLINE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.next_sent = self.next_received = 1
        self.jump = 0
        self.session_messages: list[Message] = []
        self._unread = b""
        if log_on:
            try:
                self.log_on()
            except BaseException:
                self.close()
                raise

    def log_on(self, more: Fields = ()) -> None:
        """Log on, and wait for the answer."""
        self.send_logon(more)
        answer = self.receive_session_message("A")
        answer.has({49: "VENUE", 56: self.comp_id, 98: "0"})

    def send_logon(self, more: Fields = ()) -> None:
        self.send("A", {98: 0, 108: 30, 141: "Y"} | dict(more))

    def bytes_of(self, msg_type: str, fields: Fields, header: Fields = ()) -> bytes:
        """One message, numbered in sequence; `header` overrides header fields."""
        standard = {34: self.next_sent, 49: self.comp_id, 52: utc_now(), 56: "VENUE"}
        self.next_sent += 34 not in dict(header)
        return frame([(35, msg_type), *pairs(standard | dict(header)), *pairs(fields)])

    def send(self, msg_type: str, fields: Fields, header: Fields = ()) -> None:
        self.send_bytes(self.bytes_of(msg_type, fields, header))

    def send_bytes(self, content: bytes) -> None:
        self.socket.sendall(content)

    def next_message(self, deadline: float) -> Message | None:
        while True:
            message = self._read(deadline)
            if message is None or message.type not in SESSION_LEVEL:
                return message
            self.session_messages.append(message)
            if message.type == "1":
                self.send("0", {112: message[112]})

    def receive_session_message(self, msg_types: str = "A012345") -> Message:
        """The next message, which is the session's own business."""
        message = self.receive_message()
        assert message.type in msg_types, f"{self.comp_id} waited for a {msg_types}, got {message}"
        return message

    def receive_message(self) -> Message:
        """The next message, whatever it is."""
        message = self._read(time.monotonic() + DEADLINE)
        assert message is not None, f"{self.comp_id} waited in vain"
        return message

    def is_disconnected(self) -> list[Message]:
        """Wait until the venue hangs up; return what it said before."""
        return list(self.last_words())

    def last_words(self) -> Iterator[Message]:
        """Everything that still comes, until the venue hangs up."""
        while True:
            try:
                message = self._read(time.monotonic() + DEADLINE)
            except ConnectionError:
                return
            assert message is not None, "the venue does not hang up"
            yield message

    def _read(self, deadline: float) -> Message | None:
        while not (message := self._take()):
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self.socket.settimeout(left)
            try:
                received = self.socket.recv(1 << 16)
            except TimeoutError:
                return None
            if not received:
                raise ConnectionError("the venue hung up")
            self._unread += received
        return message

    def _take(self) -> Message | None:
        """The first whole message of what is unread, checked."""
        begin = _BEGIN.match(self._unread)
        if begin is None:
            assert len(self._unread) < 30, f"no FIX: {self._unread[:200]!r}"
            return None
        end = begin.end() + int(begin[1]) + len("10=000|")
        if len(self._unread) < end:
            return None
        content, self._unread = self._unread[:end], self._unread[end:]
        assert content[-7:] == b"10=%03d\x01" % (sum(content[:-7]) % 256), content
        message = Message(content.decode("latin-1"))
        if message.get(43) != "Y":
            wanted, number = self.next_received, int(message[34])
            assert wanted <= number <= wanted + self.jump, f"wanted {wanted}: {message}"
            self.next_received, self.jump = number + 1, 0
            if message.type == "4":
                self.next_received = int(message[36])
        return message

    def reset(self) -> None:
        """Drop the connection with a TCP reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self.socket.close()
