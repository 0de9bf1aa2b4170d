"""A venue that says what a test tells it to."""

import socket
import threading
from collections.abc import Iterable

from venue.conform.message import Message, frame, take

Answer = str | bytes
"""The body of a message with | for SOH, or bytes as they are; `HANG UP` closes the connection."""


class Peer:
    """Answers Logons, TestRequests and Logouts; any other message with the next of `answers`."""

    def __init__(self, answers: Iterable[Iterable[Answer]], begin_string: str = "FIX.4.4") -> None:
        self.received: list[Message] = []
        self._answers = iter(answers)
        self._begin_string = begin_string
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        unread, seq = b"", 0
        with connection:
            while received := self._receive(connection):
                unread += received
                while True:
                    message, unread = take(unread)
                    if message is None:
                        break
                    self.received.append(message)
                    for answer in self._answer(message):
                        if answer == "HANG UP":
                            return
                        seq += 1
                        connection.sendall(self._bytes(message, answer, seq))
                    if message.type == "5":
                        return

    @staticmethod
    def _receive(connection: socket.socket) -> bytes:
        try:
            return connection.recv(1 << 16)
        except OSError:
            return b""

    def _answer(self, message: Message) -> Iterable[Answer]:
        if message.type == "A":
            return ["35=A|98=0|108=30|141=Y"]
        if message.type == "1":
            return [f"35=0|112={message.get('112')}"]
        if message.type in "05":
            return [] if message.type == "0" else ["35=5"]
        return next(self._answers, [])

    def _bytes(self, request: Message, answer: Answer, seq: int) -> bytes:
        if isinstance(answer, bytes):
            return answer
        text = answer.replace("<11>", request.get("11") or "")
        pairs = [
            (tag, value) for tag, _, value in (part.partition("=") for part in text.split("|"))
        ]
        given = {tag for tag, _ in pairs}
        header = [("8", self._begin_string), pairs[0], ("34", str(seq)), ("49", "VENUE")]
        header += [("56", request.get("49") or ""), ("52", "20260101-00:00:00.000")]
        header = header[:2] + [pair for pair in header[2:] if pair[0] not in given]
        return frame([*header, *pairs[1:]])
