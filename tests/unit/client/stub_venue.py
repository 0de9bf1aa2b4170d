"""A counterparty made of sockets: logs on and off, keeps what it gets, says what it is told.

It speaks the FIX version of the Logon it got.
"""

import queue
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime

SOH = "\x01"


class StubVenue:
    """Serves one connection after the other on `port`; `received` holds application messages."""

    def __init__(self, refusal: str | None = None) -> None:
        self.received: queue.Queue[str] = queue.Queue()
        self.logons: list[str] = []
        self.is_deaf = False
        self.answers_logout = True
        self._begin_string = "FIX.4.4"
        self._refusal = refusal
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._connection: socket.socket | None = None
        self._seq_num = 0
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self.drop()
        self._thread.join(30)
        self._server.close()

    def drop(self) -> None:
        """Cut the connection without a word."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def say(self, body: str) -> None:
        """Send a message, written with | for SOH and without what frames it."""
        assert self._connection is not None
        self._seq_num += 1
        msg_type, _, rest = body.partition("|")
        now = datetime.now(UTC).strftime("%Y%m%d-%H:%M:%S")
        text = f"{msg_type}|34={self._seq_num}|49=VENUE|52={now}|56=TRADER1|"
        text = (text + (f"{rest}|" if rest else "")).replace("|", SOH)
        text = f"8={self._begin_string}{SOH}9={len(text)}{SOH}{text}"
        self._connection.sendall(f"{text}10={sum(text.encode()) % 256:03}{SOH}".encode())

    def next(self) -> str:
        """Return the next application message, with | for SOH."""
        return self.received.get(timeout=30)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
                with connection:
                    if self.is_deaf:
                        continue
                    self._connection = connection
                    self._seq_num = 0
                    self._talk(connection)
            except ConnectionError:
                continue
            except OSError:
                return

    def _talk(self, connection: socket.socket) -> None:
        text = ""
        while received := connection.recv(65536).decode():
            text += received
            while (end := text.find(f"{SOH}10=")) >= 0 and len(text) >= end + 8:
                message, text = text[: end + 8].replace(SOH, "|"), text[end + 8 :]
                self._answer(message)

    def _answer(self, message: str) -> None:
        if "|35=A|" in message:
            self.logons.append(message)
            self._begin_string = message.partition("|")[0].removeprefix("8=")
            if self._refusal is not None:
                self.say(f"35=5|58={self._refusal}")
                self.drop()
            else:
                version = "|1137=9" if self._begin_string == "FIXT.1.1" else ""
                self.say(f"35=A|98=0|108=30|141=Y{version}")
        elif "|35=5|" in message:
            if self.answers_logout:
                self.say("35=5")
        elif "|35=0|" not in message:
            self.received.put(message)
