"""QuickFIX, and nothing of it outside this file.

Callbacks only collect: what a client sends waits in `inbox` for the loop, so that nothing is ever
answered from inside QuickFIX. No exception may leave a callback, it would end the process; a defect
of ours is logged and the venue goes on.
"""

import os
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import quickfix
import structlog

from venue.config import VenueConfig
from venue.core.instrument import Instrument
from venue.errors import VenueError
from venue.fix.market_data import encode_publication
from venue.fix.message import SOH, parse_fields
from venue.gateway.engine_log import EngineLog
from venue.gateway.sessions import Session
from venue.gateway.wait import socket_descriptors
from venue.marketdata.feed import Publication

Target = tuple[Session, str]
"""A session, and the MDReqID(262) it subscribed with."""

LOGON, LOGOUT = "logon", "logout"
"""Entries of the inbox that are no messages: the session came, or went."""
LOGOUT_SECONDS = 1.0

log = structlog.get_logger()


class Acceptor(quickfix.Application):  # type: ignore[misc]
    """Every session on one port; `poll` moves bytes both ways, `inbox` holds what came in."""

    def __init__(
        self,
        config: VenueConfig,
        sessions: Iterable[Session],
        settings: dict[str, str],
        dictionaries: Mapping[str, Path],
        directory: Path,
    ) -> None:
        """`settings` are those of all sessions, `dictionaries` are files by FIX version.

        `directory` takes what QuickFIX itself writes.
        """
        super().__init__()
        self.inbox: list[tuple[Session, str]] = []
        self.listening = -1
        self.port = config.port
        self._host = config.host
        self._by_id: dict[str, Session] = {}
        self._by_address: dict[int, Session] = {}
        self._message = quickfix.Message()
        self._dictionaries = {
            begin_string: quickfix.DataDictionary(str(path))
            for begin_string, path in dictionaries.items()
        }
        if self.port == 0:
            with _bind(self._host, 0) as probe:
                self.port = probe.getsockname()[1]
        everything = quickfix.SessionSettings()
        for session in sessions:
            session_id = quickfix.SessionID(
                session.version.begin_string, config.comp_id, session.comp_id
            )
            self._by_id[session_id.toString()] = session
            dictionary = quickfix.Dictionary()
            fixed = {
                "ConnectionType": "acceptor",
                "SocketAcceptPort": str(self.port),
                "DataDictionary": str(dictionaries[session.version.begin_string]),
            }
            for key, value in (settings | session.quickfix | fixed).items():
                dictionary.setString(key, value)
            everything.set(session_id, dictionary)
        stores = quickfix.MemoryStoreFactory()
        self._log = EngineLog(directory)
        logs = quickfix.FileLogFactory(everything) if "FileLogPath" in settings else self._log
        self._referred_to = stores, everything, logs
        try:
            self._engine = quickfix.SocketAcceptor(self, *self._referred_to)
        except (quickfix.ConfigError, quickfix.RuntimeError) as error:
            raise VenueError(f"QuickFIX refuses its settings: {error}") from None

    def open(self) -> None:
        """Listen. Raise `VenueError` where the address cannot be had.

        QuickFIX listens on every interface; its descriptor is given a socket of our host.
        """
        before = socket_descriptors()
        try:
            self._engine.poll()
            opened = socket_descriptors().items() - before.items()
            self.listening = next(fd for fd, _ in opened if _listens(fd))
            if self._host != "0.0.0.0":
                with socket.socket() as placeholder:
                    os.dup2(placeholder.fileno(), self.listening, inheritable=False)
                with _bind(self._host, self.port) as bound:
                    os.dup2(bound.fileno(), self.listening, inheritable=False)
        except (quickfix.ConfigError, quickfix.RuntimeError, OSError, StopIteration) as error:
            raise VenueError(f"cannot listen on {self._host}:{self.port}: {error}") from None

    def poll(self) -> None:
        """Read and write what the sockets allow, without waiting; callbacks run in here."""
        self._engine.poll()

    def send(self, messages: Iterable[tuple[Session, str]]) -> None:
        """Send messages without repeating groups; QuickFIX fills header and trailer.

        For a session that is not logged on they are kept for its ResendRequest.
        """
        message = self._message
        parse = message.setString
        for session, text in messages:
            try:
                parse(text, False)
                session.link.send(message)
            except Exception:
                log.exception("defect", session=session.name, unsent=text.replace(SOH, "|"))

    def publish(
        self, publication: Publication, instrument: Instrument, targets: Iterable[Target]
    ) -> None:
        """Send one market data message to many, each under its own MDReqID(262).

        QuickFIX needs a dictionary to keep repeating groups; it parses them once a version.
        """
        parsed: dict[str, Any] = {}
        for session, md_req_id in targets:
            begin_string = session.version.begin_string
            try:
                if begin_string not in parsed:
                    text = encode_publication(publication, instrument, begin_string, md_req_id)
                    dictionary = self._dictionaries[begin_string]
                    parsed[begin_string] = quickfix.Message(text, dictionary, False)
                message = parsed[begin_string]
                message.setField(quickfix.StringField(262, md_req_id))
                session.link.send(message)
            except Exception:
                log.exception("defect", session=session.name, publication=publication)

    def tell(self) -> None:
        """Log what QuickFIX had to say about connections."""
        for line in self._log.read():
            log.info("acceptor", text=line.replace(SOH, "|"))

    def keep_alive(self) -> None:
        """Let every session send its heartbeat: saturated, QuickFIX never comes to it."""
        now = quickfix.UtcTimeStamp.now()
        for session in self._by_id.values():
            if session.logged_on:
                session.link.next(now)

    def close(self) -> None:
        """Log every session out, wait at most `LOGOUT_SECONDS` for the answers, and stop."""
        online = [session for session in self._by_id.values() if session.logged_on]
        for session in online:
            session.link.logout("the venue is stopping")
        until = time.monotonic() + LOGOUT_SECONDS
        self.keep_alive()
        while any(session.logged_on for session in online) and time.monotonic() < until:
            self._engine.poll()
            time.sleep(0.001)
        self._engine.stop(True)
        # Its sessions end while what they refer to still exists.
        del self._engine

    def onCreate(self, session_id: Any) -> None:
        with _guarded("onCreate"):
            session = self._by_id[session_id.toString()]
            session.link = quickfix.Session.lookupSession(session_id)
            # QuickFIX passes the same object to every callback of a session.
            self._by_address[int(session_id.this)] = session

    def onLogon(self, session_id: Any) -> None:
        with _guarded("onLogon"):
            self._note(session_id, LOGON)

    def onLogout(self, session_id: Any) -> None:
        with _guarded("onLogout"):
            self._note(session_id, LOGOUT)

    def _note(self, session_id: Any, what: str) -> None:
        session = self._by_address[int(session_id.this)]
        session.logged_on = what == LOGON
        self.inbox.append((session, what))
        log.info(what, session=session.name)

    def fromApp(self, message: Any, session_id: Any) -> None:
        try:
            self.inbox.append((self._by_address[int(session_id.this)], message.toString()))
        except Exception:
            log.exception("defect", callback="fromApp")

    def toApp(self, message: Any, session_id: Any) -> None:
        pass

    def fromAdmin(self, message: Any, session_id: Any) -> None:
        with _guarded("fromAdmin"):
            self._tell_refusal("received", message, session_id)

    def toAdmin(self, message: Any, session_id: Any) -> None:
        with _guarded("toAdmin"):
            self._tell_refusal("sent", message, session_id)

    def _tell_refusal(self, direction: str, message: Any, session_id: Any) -> None:
        """Log a Reject or a Logout that gives a reason: what a user looks for first."""
        text = message.toString()
        if f"{SOH}35=3{SOH}" in text or (f"{SOH}35=5{SOH}" in text and f"{SOH}58=" in text):
            session = self._by_address[int(session_id.this)]
            kind = "logout" if f"{SOH}35=5{SOH}" in text else "reject"
            fields = parse_fields(text)
            log.info(f"{kind} {direction}", session=session.name, text=fields.get("58"))


@contextmanager
def _guarded(callback: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("defect", callback=callback)


def _listens(fd: int) -> bool:
    with socket.socket(fileno=os.dup(fd)) as one:
        return one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=128)
