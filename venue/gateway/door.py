"""Where connections come in, and wait until they have said who they are.

QuickFIX waits, and everybody with it, for the first message of a connection that it has accepted.
So it is given a connection only when a whole Logon of a session it knows has arrived; whoever sends
less, or something else, stays outside and is closed.
"""

import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from venue.errors import JournalError, VenueError
from venue.gateway.entrance import LogonRefusedError
from venue.gateway.sessions import Session

LOGON_SECONDS = 10.0
LONGEST_LOGON = 4096
MOST_WAITING = 256
"""Connections that may wait for their Logon at once; more are closed as they come."""

_HEAD = re.compile(rb"8=(FIXT?\.\d\.\d)\x019=(\d{1,4})\x01")
_START = b"8=FIX"

log = structlog.get_logger()


class Door:
    """The listening socket and the connections that have not logged on yet."""

    def __init__(self, host: str, port: int, recognize: Callable[[str], Session]) -> None:
        """`recognize` tells the session of a Logon, or raises `LogonRefusedError`.

        Raise `VenueError` where the address cannot be had.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._listener = socket.create_server((host, port), family=family, backlog=128)
        except (OSError, OverflowError) as error:
            raise VenueError(f"cannot listen on {host}:{port}: {error}") from None
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._recognize = recognize
        self._waiting: dict[socket.socket, float] = {}

    def step(self, hand_over: Callable[[Session, socket.socket, bytes], bool]) -> bool:
        """Accept who has come; hand over who has sent a Logon; close who never will.

        `hand_over` takes the session, the connection, and the Logon, which is not yet read
        from it; it tells whether the time is right, and may raise `LogonRefusedError`. Tell whether
        anybody was handed over. Raise `JournalError`.
        """
        self._accept()
        handed_over = False
        now = time.monotonic()
        for connection, since in list(self._waiting.items()):
            try:
                arrived = self._logon(connection)
                if arrived is None:
                    if now - since > LOGON_SECONDS:
                        raise LogonRefusedError(f"no Logon within {LOGON_SECONDS:g} seconds")
                    continue
                session, logon = arrived
                if not hand_over(session, connection, logon):
                    continue
                handed_over = True
            except JournalError:
                raise
            except Exception as refusal:
                if isinstance(refusal, LogonRefusedError | OSError):
                    log.info("connection refused", peer=_peer(connection), text=str(refusal))
                else:
                    log.exception("defect", peer=_peer(connection))
                with suppress(OSError):  # read, so that the client sees an end and no reset
                    connection.recv(1 << 16)
                if isinstance(refusal, LogonRefusedError):
                    with suppress(OSError):
                        connection.sendall(refusal.answer)
            del self._waiting[connection]
            connection.close()
        return handed_over

    def close(self) -> None:
        for connection in self._waiting:
            connection.close()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if len(self._waiting) >= MOST_WAITING:
                connection.close()
                continue
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._waiting[connection] = time.monotonic()

    def _logon(self, connection: socket.socket) -> tuple[Session, bytes] | None:
        """The session and the whole Logon that have arrived, None while they have not."""
        try:
            seen = connection.recv(LONGEST_LOGON, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        if not seen:
            raise LogonRefusedError("closed by the client before a Logon")
        logon = first_message(seen)
        if logon is None:
            return None
        return self._recognize(logon.decode("latin-1")), logon


def first_message(seen: bytes) -> bytes | None:
    """The first FIX message of `seen`, None while it is not whole; `LogonRefusedError` if none."""
    head = _HEAD.match(seen)
    if head is None:
        if not seen.startswith(_START[: len(seen)]) or len(seen) > 32:
            raise LogonRefusedError("not a FIX message")
        return None
    end = head.end() + int(head[2])
    if end + 7 > LONGEST_LOGON:
        raise LogonRefusedError(f"a first message of more than {LONGEST_LOGON} bytes")
    if len(seen) < end + 7:
        return None
    if seen[end : end + 7] != b"10=%03d\x01" % (sum(seen[:end]) % 256):
        raise LogonRefusedError("BodyLength(9) or CheckSum(10) is wrong")
    return seen[: end + 7]


def _peer(connection: socket.socket) -> str:
    try:
        host, port = connection.getpeername()[:2]
    except OSError:
        return "?"
    return f"{host}:{port}"
