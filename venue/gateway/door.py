"""Where connections come in, and wait until they have said who they are.

QuickFIX waits, and everybody with it, for the first message of a connection that it has accepted.
So it is given a connection only when a whole Logon of a session it knows has arrived; whoever sends
less, or something else, stays outside and is closed.
"""

import re
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import structlog

from venue.configuration.access import Network
from venue.errors import JournalError, VenueError
from venue.gateway.caller import Address, Caller, ProxyError
from venue.gateway.entrance import LogonRefusedError
from venue.gateway.lockout import origin
from venue.gateway.sessions import Session

LOGON_SECONDS = 10.0
LONGEST_LOGON = 4096
MOST_WAITING = 256
"""Connections that may wait for their Logon at once; more are closed as they come."""
MOST_OF_ONE = 192
"""Of them from one address, unless it is a proxy's: nobody alone keeps everybody out."""

_HEAD = re.compile(rb"8=(FIXT?\.\d\.\d)\x019=(\d{1,4})\x01")
_START = b"8=FIX"

log = structlog.get_logger()


class _NothingSaidError(Exception):
    """A connection is closed by who made it: he wanted to know whether anybody listens."""


class Door:
    """The listening socket and the connections that have not logged on yet; `refused` counts those
    that never will.
    """

    def __init__(
        self,
        host: str,
        port: int,
        recognize: Callable[[str, Caller], Session | None],
        proxies: Iterable[Network] = (),
    ) -> None:
        """`recognize` tells the session of a Logon, None while it does not know whether that is
        right, or raises `LogonRefusedError`; `proxies` may tell whose connection one of theirs is.

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
        self._proxies = tuple(proxies)
        self._callers: list[Caller] = []
        self.refused = 0

    def step(self, hand_over: Callable[[Session, Caller, bytes], bool]) -> bool:
        """Accept who has come; hand over who has sent a Logon; close who never will.

        `hand_over` takes the session, who calls, and the Logon, which is not yet read from the
        connection; it tells whether the time is right, and may raise `LogonRefusedError`. Tell
        whether anybody was handed over. Raise `JournalError`.
        """
        self._accept()
        handed_over = False
        callers, self._callers = self._callers, []
        for at, caller in enumerate(callers):
            try:
                if not self._let_in(caller, hand_over):
                    self._callers.append(caller)
                    continue
                handed_over = True
            except _NothingSaidError:
                pass
            except JournalError:
                self._callers += callers[at:]
                raise
            except Exception as refusal:
                self.refused += 1
                _refuse(caller, refusal)
            caller.close()
        return handed_over

    def _let_in(self, caller: Caller, hand_over: Callable[[Session, Caller, bytes], bool]) -> bool:
        """Hand over who has sent a Logon; tell whether that is done, or it has to wait."""
        logon = self._logon(caller)
        session = None if logon is None else self._recognize(logon.decode("latin-1"), caller)
        if logon is None or session is None:
            if time.monotonic() - caller.since > LOGON_SECONDS:
                what = "no Logon" if logon is None else "no time for its password"
                raise LogonRefusedError(f"{what} within {LOGON_SECONDS:g} seconds")
            return False
        return hand_over(session, caller, logon)

    def close(self) -> None:
        for caller in self._callers:
            caller.close()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            caller = Caller(connection)
            caller.is_proxy = any(caller.address in network for network in self._proxies)
            if self._is_full_for(caller.address, caller.is_proxy):
                self.refused += 1
                connection.close()
                continue
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._callers.append(caller)

    def _is_full_for(self, address: Address, is_proxy: bool) -> bool:
        if len(self._callers) < MOST_OF_ONE:
            return False
        if len(self._callers) >= MOST_WAITING:
            return True
        return not is_proxy and self._of_one(address) >= MOST_OF_ONE

    def _of_one(self, address: Address) -> int:
        """How many wait that come from an address; of who has come before another, if that is
        looked at.
        """
        own = origin(address)
        return sum(origin(caller.address) == own for caller in self._callers)

    def _logon(self, caller: Caller) -> bytes | None:
        """The whole Logon that has arrived, None while it has not."""
        try:
            seen = caller.connection.recv(LONGEST_LOGON, socket.MSG_PEEK)
            if not seen:
                raise _NothingSaidError
            was_proxy, seen = caller.is_proxy, caller.past_proxy(seen)
            is_told = was_proxy and not caller.is_proxy
            if is_told and self._of_one(caller.address) >= MOST_OF_ONE:
                raise LogonRefusedError("too many of this address wait for their Logon")
        except BlockingIOError:
            return None
        except ProxyError as error:
            raise LogonRefusedError(str(error)) from None
        return first_message(seen) if seen else None


def _refuse(caller: Caller, refusal: Exception) -> None:
    """Log why, and say what there is to say."""
    if isinstance(refusal, LogonRefusedError | OSError):
        log.info("connection refused", peer=str(caller), text=str(refusal))
    else:
        log.exception("defect", peer=str(caller))
    with suppress(OSError):  # read, so that the client sees an end and no reset
        caller.connection.recv(1 << 16)
    if isinstance(refusal, LogonRefusedError):
        with suppress(OSError):
            caller.connection.sendall(refusal.answer)


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
