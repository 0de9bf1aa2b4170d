"""Where connections come in, and wait until they have said who they are.

QuickFIX waits, and everybody with it, for the first message of a connection that it has accepted.
So it is given a connection only when a whole Logon of a session it knows has arrived; whoever sends
less, or something else, stays outside and is closed. The bytes are looked at, never taken.
"""

import re
import socket
import time
from collections.abc import Callable

import structlog

from venue.errors import VenueError
from venue.fix.message import parse_fields
from venue.gateway.sessions import session_name

LOGON_SECONDS = 10.0
LONGEST_LOGON = 4096
MOST_WAITING = 256
"""Connections that may wait for their Logon at once; more are closed as they come."""

_HEAD = re.compile(rb"8=(FIXT?\.\d\.\d)\x019=(\d{1,4})\x01")
_START = b"8=FIX"

log = structlog.get_logger()


class _RefusedError(Exception):
    """Why a connection is closed before QuickFIX sees it."""


class Door:
    """The listening socket and the connections that have not logged on yet."""

    def __init__(self, host: str, port: int, known: Callable[[str, str], bool]) -> None:
        """`known` tells whether a session (its name, the venue's CompID) may log on.

        Raise `VenueError` where the address cannot be had.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            self._listener = socket.create_server((host, port), family=family, backlog=128)
        except (OSError, OverflowError) as error:
            raise VenueError(f"cannot listen on {host}:{port}: {error}") from None
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._known = known
        self._waiting: dict[socket.socket, float] = {}

    def step(self, hand_over: Callable[[socket.socket, str], None]) -> bool:
        """Accept who has come; hand over who has sent a Logon; close who never will.

        Tell whether anybody was handed over.
        """
        self._accept()
        handed_over = False
        now = time.monotonic()
        for connection, since in list(self._waiting.items()):
            try:
                name = self._logon(connection)
                if name is None:
                    if now - since > LOGON_SECONDS:
                        raise _RefusedError(f"no Logon within {LOGON_SECONDS:g} seconds")
                    continue
                hand_over(connection, name)
                handed_over = True
            except (_RefusedError, OSError) as refusal:
                log.info("connection refused", peer=_peer(connection), text=str(refusal))
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

    def _logon(self, connection: socket.socket) -> str | None:
        """The session that a whole Logon has arrived of, None while there is none."""
        try:
            seen = connection.recv(LONGEST_LOGON, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        if not seen:
            raise _RefusedError("closed by the client before a Logon")
        logon = first_message(seen)
        if logon is None:
            return None
        fields = parse_fields(logon.decode("latin-1"))
        if fields.get("35") != "A":
            raise _RefusedError(f"MsgType(35) {fields.get('35')} before a Logon")
        name = session_name(fields["8"], fields.get("49", ""))
        target = fields.get("56", "")
        if not self._known(name, target):
            raise _RefusedError(f"no session {name} with TargetCompID(56) {target} is configured")
        return name


def first_message(seen: bytes) -> bytes | None:
    """The first FIX message of `seen`, None while it is not whole; `_RefusedError` if none."""
    head = _HEAD.match(seen)
    if head is None:
        if not seen.startswith(_START[: len(seen)]) or len(seen) > 32:
            raise _RefusedError("not a FIX message")
        return None
    end = head.end() + int(head[2])
    if end + 7 > LONGEST_LOGON:
        raise _RefusedError(f"a first message of more than {LONGEST_LOGON} bytes")
    if len(seen) < end + 7:
        return None
    if seen[end : end + 7] != b"10=%03d\x01" % (sum(seen[:end]) % 256):
        raise _RefusedError("BodyLength(9) or CheckSum(10) is wrong")
    return seen[: end + 7]


def _peer(connection: socket.socket) -> str:
    try:
        host, port = connection.getpeername()[:2]
    except OSError:
        return "?"
    return f"{host}:{port}"
