"""QuickFIX, and nothing of it outside this file.

Callbacks only collect: what a client sends waits in `inbox` for the loop, so that nothing is ever
answered from inside QuickFIX. No exception may leave a callback, it would end the process; a defect
of ours is logged and the venue goes on.
"""

import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from venue.gateway.cork import corked
from venue.gateway.door import Door
from venue.gateway.entrance import Entrance
from venue.gateway.sessions import Session
from venue.marketdata.feed import Publication

Target = tuple[Session, str]
"""A session, and the MDReqID(262) it subscribed with."""

LOGON, LOGOUT = "logon", "logout"
"""Entries of the inbox that are no messages: the session came, or went."""
LOGOUT_SECONDS = 1.0
WORTH_CORKING = 8
"""Messages of a turn from which on its sockets are corked."""

log = structlog.get_logger()


class Acceptor(quickfix.Application):  # type: ignore[misc]
    """Every session on one port; `poll` moves bytes both ways, `inbox` holds what came in."""

    def __init__(
        self,
        config: VenueConfig,
        sessions: Sequence[Session],
        settings: dict[str, str],
        dictionaries: Mapping[str, Path],
    ) -> None:
        """`settings` are those of all sessions, `dictionaries` are files by FIX version."""
        super().__init__()
        self.inbox: list[tuple[Session, str]] = []
        self.door: Door
        self._config = config
        self._by_name = {session.name: session for session in sessions}
        self._resending = False
        self._by_id: dict[str, Session] = {}
        self._by_address: dict[int, Session] = {}
        self._message = quickfix.Message()
        self._dictionaries = {
            begin_string: quickfix.DataDictionary(str(path))
            for begin_string, path in dictionaries.items()
        }
        with socket.create_server(("", 0)) as probe:
            port = str(probe.getsockname()[1])
        everything = quickfix.SessionSettings()
        for session in sessions:
            session_id = quickfix.SessionID(
                session.version.begin_string, config.comp_id, session.comp_id
            )
            self._by_id[session_id.toString()] = session
            dictionary = quickfix.Dictionary()
            fixed = {
                "ConnectionType": "acceptor",
                "SocketAcceptPort": port,
                "DataDictionary": str(dictionaries[session.version.begin_string]),
            }
            for key, value in (settings | session.quickfix | fixed).items():
                dictionary.setString(key, value)
            everything.set(session_id, dictionary)
        stores = quickfix.MemoryStoreFactory()
        self._entrance = Entrance()
        if "FileLogPath" in settings:
            logs = quickfix.FileLogFactory(everything)
        else:
            logs = quickfix.ScreenLogFactory(False, False, False)
        self._referred_to = stores, everything, logs
        try:
            self._engine = quickfix.SocketAcceptor(self, *self._referred_to)
        except (quickfix.ConfigError, quickfix.RuntimeError) as error:
            raise VenueError(f"QuickFIX refuses its settings: {error}") from None

    def open(self) -> None:
        """Listen. Raise `VenueError` where the address cannot be had."""
        self.door = Door(self._config.host, self._config.port, self._is_known)
        try:
            self._entrance.take_over(self._engine.poll)
        except (quickfix.ConfigError, quickfix.RuntimeError, OSError, ValueError) as error:
            raise VenueError(f"QuickFIX cannot start: {error}") from None

    def admit(self) -> bool:
        """Let in who has sent a whole Logon since the last call; tell whether anybody had."""
        return self.door.step(self._hand_over)

    def _hand_over(self, name: str, connection: socket.socket, logon: bytes) -> None:
        descriptor = self._entrance.pass_through(connection, logon, self.poll)
        session = self._by_name[name]
        session.let_go()
        if session.logged_on:
            session.socket = socket.socket(fileno=descriptor)

    def _is_known(self, name: str, target_comp_id: str) -> bool:
        return name in self._by_name and target_comp_id == self._config.comp_id

    def poll(self) -> None:
        """Read and write what the sockets allow, without waiting; callbacks run in here.

        Some messages make QuickFIX raise (a data field's length that lies). They are lost to it,
        and the session asks for them again.
        """
        try:
            self._engine.poll()
        except Exception as error:
            log.warning("QuickFIX cannot read a message", error=str(error))
        self._resending = False

    def send(self, messages: Sequence[tuple[Session, str]]) -> None:
        """Send messages without repeating groups; QuickFIX fills header and trailer.

        For a session that is not logged on they are kept for its ResendRequest.
        """
        if len(messages) < WORTH_CORKING:
            self.send_each(messages)
            return
        sessions = {session for session, _ in messages}
        with corked(session.socket for session in sessions if session.socket is not None):
            self.send_each(messages)

    def send_each(self, messages: Iterable[tuple[Session, str]]) -> None:
        """Send messages as `send` does, each in a segment of its own."""
        message = self._message
        parse = message.setString
        for session, text in messages:
            try:
                parse(text, False)
                session.link.send(message)
            except Exception:
                log.exception("defect", session=session.name, unsent=text.replace(SOH, "|"))

    def publish(
        self,
        publication: Publication,
        instrument: Instrument,
        time: str,
        targets: Iterable[Target],
    ) -> None:
        """Send one market data message to many, each under its own MDReqID(262).

        QuickFIX needs a dictionary to keep repeating groups; it parses them once a version.
        """
        parsed: dict[str, Any] = {}
        for session, md_req_id in targets:
            begin_string = session.version.begin_string
            try:
                if begin_string not in parsed:
                    text = encode_publication(
                        publication, instrument, time, begin_string, md_req_id
                    )
                    dictionary = self._dictionaries[begin_string]
                    parsed[begin_string] = quickfix.Message(text, dictionary, False)
                message = parsed[begin_string]
                message.setField(quickfix.StringField(262, md_req_id))
                session.link.send(message)
            except Exception:
                log.exception("defect", session=session.name, publication=publication)

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
            self.poll()
            time.sleep(0.001)
        self.door.close()
        self._entrance.close()
        self._engine.stop(True)
        for session in online:
            session.let_go()
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
        session.let_go()
        self.inbox.append((session, what))
        log.info(what, session=session.name)

    def fromApp(self, message: Any, session_id: Any) -> None:
        try:
            self.inbox.append((self._by_address[int(session_id.this)], message.toString()))
        except Exception:
            log.exception("defect", callback="fromApp")

    def toApp(self, message: Any, session_id: Any) -> None:
        if self._resending and _is_market_data(message):
            raise quickfix.DoNotSend

    def fromAdmin(self, message: Any, session_id: Any) -> None:
        with _guarded("fromAdmin"):
            text = message.toString()
            self._resending = f"{SOH}35=2{SOH}" in text
            self._tell_refusal("received", text, session_id)

    def toAdmin(self, message: Any, session_id: Any) -> None:
        with _guarded("toAdmin"):
            self._tell_refusal("sent", message.toString(), session_id)

    def _tell_refusal(self, direction: str, text: str, session_id: Any) -> None:
        """Log a Reject or a Logout that gives a reason: what a user looks for first."""
        if f"{SOH}35=3{SOH}" in text or (f"{SOH}35=5{SOH}" in text and f"{SOH}58=" in text):
            session = self._by_address[int(session_id.this)]
            kind = "logout" if f"{SOH}35=5{SOH}" in text else "reject"
            fields = parse_fields(text)
            log.info(f"{kind} {direction}", session=session.name, text=fields.get("58"))


def _is_market_data(message: Any) -> bool:
    """Whether it is a W or an X, which nobody needs a second time."""
    try:
        return message.toString().partition(f"{SOH}35=")[2][:2] in (f"W{SOH}", f"X{SOH}")
    except Exception:
        log.exception("defect", callback="toApp")
        return False


@contextmanager
def _guarded(callback: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("defect", callback=callback)
