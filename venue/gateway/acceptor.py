"""QuickFIX, and nothing of it outside this file.

Callbacks only collect: what a client sends waits in `inbox` for the loop, so that nothing is ever
answered from inside QuickFIX. No exception may leave a callback, it would end the process; a defect
of ours is logged and the venue goes on. Longer than others, since all that QuickFIX calls is here.
"""

import atexit
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import quickfix
import structlog

from venue.config import VenueConfig
from venue.errors import JournalError, VenueError
from venue.fix.message import SOH, Fields, parse_fields
from venue.fix.refusal import BusinessRejectReason
from venue.gateway.admission import Admission
from venue.gateway.dictionaries import Dictionaries
from venue.gateway.door import Door
from venue.gateway.engine_settings import (
    dictionary_readers,
    engine_settings,
    reserve_port,
    write_engine_files,
)
from venue.gateway.hours import Hours
from venue.gateway.logon import logon_fault, presence, second_logon_fault
from venue.gateway.readers import Readers
from venue.gateway.recorder import Recorder
from venue.gateway.sender import Sender, set_numbers
from venue.gateway.sessions import Presence, Session
from venue.journal.batch import Numbers
from venue.lean_dictionary import WholeDictionary
from venue.monitoring.counts import Counts

GROUPED = frozenset({"W", "X", "d", "y", "AO", "AP", "AE"})
"""Messages that are sent with repeating groups."""
GROUPS = frozenset(
    {
        *("NoMDEntries", "NoRelatedSym", "NoMarketSegments", "NoPartyIDs", "NoPositions"),
        *("NoPosAmt", "NoSides", "NoMiscFees"),
    }
)
"""The groups they are sent with."""
LOGOUT_SECONDS = 1.0

log = structlog.get_logger()


class Acceptor(quickfix.Application):  # type: ignore[misc]
    """Every session on one port; `poll` moves bytes both ways, `inbox` holds what came in, `sender`
    sends.
    """

    logs_messages = False
    """Whether each message has to come past here."""

    def __init__(
        self,
        config: VenueConfig,
        sessions: Sequence[Session],
        settings: dict[str, str],
        dictionaries: Mapping[str, Dictionaries],
        recorder: Recorder,
        counts: Counts | None = None,
        disallowed: Container[str] = (),
    ) -> None:
        """`settings` are those of all sessions, `dictionaries` are files by FIX version; sequence
        numbers go on where `recorder` has them; `disallowed` are, at any time, the CompIDs that may
        not log on.
        """
        super().__init__()
        self.inbox: list[tuple[Session, str]] = []
        self._recorder = recorder
        self._failure: JournalError | None = None
        self._logon_number = 0
        self._by_id: dict[str, Session] = {}
        self._by_address: dict[int, Session] = {}
        groups: dict[str, Any] = {}
        self._counts = counts or Counts()
        self.sender = Sender(recorder, groups, config.comp_id, self._counts)
        everybody = self._by_id.values()
        self.readers = Readers(
            *(everybody, config.slow_reader, self.poll, self.sender.ask, self.dismiss),
            lagging=self.sender.behind,
        )
        self._unsupported: dict[str, frozenset[str]] = {}
        engine_files = {}
        for name, files in dictionaries.items():
            whole = WholeDictionary(files.application, files.tree)
            groups[name] = quickfix.DataDictionary(str(whole.write_groups(GROUPED, GROUPS)))
            engine_files[name], self._unsupported[name] = write_engine_files(whole, files)
        self._reserved = reserve_port()
        port = str(self._reserved.getsockname()[1])
        everything = quickfix.SessionSettings()
        readers = dictionary_readers(sessions)
        for session in sessions:
            session_id = _session_id(session, config)
            self._by_id[session_id.toString()] = session
            own = engine_files[session.version.name] if readers[session] is session else None
            dictionary = quickfix.Dictionary()
            for key, value in engine_settings(session, settings, port, own).items():
                dictionary.setString(key, value)
            everything.set(session_id, dictionary)
        stores = quickfix.MemoryStoreFactory()
        keeps_log = "FileLogPath" in settings
        hours = Hours(sessions, recorder, self.dismiss)
        self._admission = Admission(
            *(config, sessions, hours, self.poll, self._is_due, disallowed),
            keeps_log or self.logs_messages,
        )
        self.unlock = self._admission.unlock
        if keeps_log:
            defaults = quickfix.Dictionary()  # for the log of no session
            defaults.setString("FileLogPath", settings["FileLogPath"])
            everything.set(defaults)
            logs = quickfix.FileLogFactory(everything)
        else:
            logs = quickfix.ScreenLogFactory(False, False, False)
        self._referred_to = stores, everything, logs
        try:
            self._engine = quickfix.SocketAcceptor(self, *self._referred_to)
        except (quickfix.ConfigError, quickfix.RuntimeError) as error:
            raise VenueError(f"QuickFIX refuses its settings: {error}") from None
        atexit.register(self._end_engine)  # where a start fails before there is anything to close
        for session in sessions:
            session.link = quickfix.Session.lookupSession(_session_id(session, config))
        for session, reader in readers.items():
            if reader is not session:
                provider = reader.link.getDataDictionaryProvider()
                session.link.setDataDictionaryProvider(provider)
            session.time_digits = session.link.getSupportedTimestampPrecision()
            set_numbers(session, recorder.numbers(session.name))

    def open(self) -> None:
        """Listen. Raise `VenueError` where the address cannot be had."""
        try:
            with self._reserved:
                self._admission.open(self._engine.poll)
        except (quickfix.ConfigError, quickfix.RuntimeError, OSError, ValueError) as error:
            raise VenueError(f"QuickFIX cannot start: {error}") from None

    def admit(self) -> bool:
        """Let in who has sent a whole Logon since the last call; tell whether anybody had."""
        return self._admission.step()

    def _is_due(self, session: Session) -> bool:
        return any(session is sender for sender, _ in self.inbox)

    @property
    def door(self) -> Door:
        return self._admission.door

    def poll(self) -> None:
        """Read and write what the sockets allow, without waiting; callbacks run in here.

        Some messages make QuickFIX raise (a data field's length that lies). They are lost to it,
        and the session asks for them again. Raise `JournalError`.
        """
        try:
            self._engine.poll()
        except Exception as error:
            log.warning("QuickFIX cannot read a message", error=str(error))
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    def keep_alive(self) -> None:
        """Let every session send its heartbeat: saturated, QuickFIX never comes to it."""
        now = quickfix.UtcTimeStamp.now()
        for session in self._by_id.values():
            if session.logged_on:
                session.link.next(now)
                if session.dismissed and time.monotonic() >= session.dismissed:
                    session.link.disconnect()

    def dismiss(self, session: Session, text: str) -> None:
        """Log one session out, and hang up once it has answered, or did not for
        `LOGOUT_SECONDS`.
        """
        link = session.link
        session.dismissed = time.monotonic() + LOGOUT_SECONDS
        link.logout(text)
        link.next(quickfix.UtcTimeStamp.now())
        link.logon()  # it may, another time

    def log_out(self, text: str, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Log out who is not yet told to go, and wait at most `LOGOUT_SECONDS` for the answers;
        call `meanwhile` whenever something may have come in.
        """
        online = [session for session in self._by_id.values() if session.logged_on]
        for session in online:
            if not session.dismissed:
                session.dismissed = time.monotonic() + LOGOUT_SECONDS
                session.link.logout(text)
        until = max((session.dismissed for session in online), default=0.0)
        self.keep_alive()
        while any(session.logged_on for session in online) and time.monotonic() < until:
            with suppress(JournalError):
                self.poll()
            meanwhile()
            time.sleep(0.001)

    def close(self) -> None:
        """Hang up, and stop."""
        self._admission.close()
        self._engine.stop(True)
        for session in self._by_id.values():
            session.let_go()
        self._end_engine()

    def _end_engine(self) -> None:
        """End its sessions while what they refer to still exists."""
        atexit.unregister(self._end_engine)
        del self._engine

    def onCreate(self, session_id: Any) -> None:
        with _guarded("onCreate"):
            session = self._by_id[session_id.toString()]
            # QuickFIX passes the same object to every callback of a session.
            self._by_address[int(session_id.this)] = session

    def onLogon(self, session_id: Any) -> None:
        with _guarded("onLogon"):
            session = self._by_address[int(session_id.this)]
            self._note(session, True, session.arrival)

    def onLogout(self, session_id: Any) -> None:
        with _guarded("onLogout"):
            session = self._by_address[int(session_id.this)]
            self._note(session, False, session.departure or Presence.LOSS)
            session.forget_connection()

    def _note(self, session: Session, logged_on: bool, what: Presence) -> None:
        session.logged_on = logged_on
        session.since = time.time_ns()
        session.let_go()
        self.inbox.append((session, what))
        log.info(what, session=session.name)

    def fromApp(self, message: Any, session_id: Any) -> None:
        try:
            self.inbox.append((self._by_address[int(session_id.this)], message.toString()))
        except Exception:
            log.exception("defect", callback="fromApp")

    def toApp(self, message: Any, session_id: Any) -> None:
        try:
            self.sender.complete_header()
        except Exception:
            log.exception("defect", callback="toApp")
        self._count(message, session_id)

    def fromAdmin(self, message: Any, session_id: Any) -> None:
        fault = None
        with _guarded("fromAdmin"):
            text = message.toString()
            session = self._by_address[int(session_id.this)]
            if f"{SOH}35=A{SOH}" in text:
                fields = parse_fields(text)
                fault = logon_fault(fields, session) or second_logon_fault(fields)
                session.arrival = presence(fields, session)
                self._logon_number = int(fields["34"])
            elif f"{SOH}35=0{SOH}" in text:
                self.readers.hear(session, parse_fields(text).get("112"))
            self._note_ending("received", text, session, Presence.LOGOUT)
        if fault is not None:
            raise quickfix.RejectLogon(fault.text)

    def toAdmin(self, message: Any, session_id: Any) -> None:
        with _guarded("toAdmin"):
            session = self._by_address[int(session_id.this)]
            text = message.toString()
            if self.sender.is_sending:
                self.sender.complete_header()
            elif f"{SOH}35=A{SOH}" in text:
                if session.status and session.version.session_status:
                    message.setField(quickfix.StringField(1409, session.status))
                self._note_logon(parse_fields(text), session)
            elif f"{SOH}35=4{SOH}" in text:
                self.sender.begin_resend(message, parse_fields(text), session)
            elif f"{SOH}35=2{SOH}" in text:
                self._counts.gaps += 1
            elif f"{SOH}373=11{SOH}" in text:
                self._soften(message, parse_fields(text), session)
            if session.logged_on and _is_first(text):
                self._record(session, (2, session.link.getExpectedTargetNum()), begun_anew=True)
            self._note_ending("sent", text, session, Presence.LOSS)
        self._count(message, session_id)

    def _count(self, message: Any, session_id: Any) -> None:
        """Have the bytes counted that QuickFIX sends beside us."""
        with _guarded("count"):
            session = self._by_address[int(session_id.this)]
            if session.line is not None:
                self.sender.note(message, session)

    def _note_logon(self, logon: Fields, session: Session) -> None:
        """Have a session's numbers in the journal, and that they began anew if they did, before the
        client hears of it.
        """
        next_sender = int(logon["34"]) + 1
        next_target = session.link.getExpectedTargetNum()
        next_target += next_target == self._logon_number
        self._record(session, (next_sender, next_target), begun_anew=next_sender == 2)

    def _record(self, session: Session, numbers: Numbers, begun_anew: bool) -> None:
        reset = {session.name: time.time_ns()} if begun_anew else None
        try:
            self._recorder.note({session.name: numbers}, reset)
        except JournalError as error:
            self._failure = error

    def _soften(self, reject: Any, fields: Fields, session: Session) -> None:
        """Make the Reject of a message that the standard has a BusinessMessageReject."""
        if fields.get("372") in self._unsupported[session.version.name]:
            reject.getHeader().setField(quickfix.StringField(35, "j"))
            reject.removeField(371)
            reject.removeField(373)
            reason = BusinessRejectReason.UNSUPPORTED_MESSAGE_TYPE
            reject.setField(quickfix.StringField(380, reason.value))
            reject.setField(quickfix.StringField(58, "Unsupported Message Type"))

    def _note_ending(self, direction: str, text: str, session: Session, meaning: Presence) -> None:
        """Note who says Logout first; log a Reject, and a Logout that gives a reason: what a user
        looks for first.
        """
        is_logout = f"{SOH}35=5{SOH}" in text
        if is_logout and session.departure is None:
            session.departure = meaning
        if f"{SOH}35=3{SOH}" in text or (is_logout and f"{SOH}58=" in text):
            kind = "logout" if is_logout else "reject"
            if not is_logout and direction == "sent" and not self.sender.is_sending:
                self._counts.refuse("Reject", parse_fields(text).get("373", "other"))
            log.info(f"{kind} {direction}", session=session.name, text=parse_fields(text).get("58"))


def _is_first(text: str) -> bool:
    """Whether a Reject or Logout has the number 1: a second Logon with 141=Y is refused."""
    return f"{SOH}34=1{SOH}" in text and (f"{SOH}35=3{SOH}" in text or f"{SOH}35=5{SOH}" in text)


def _session_id(session: Session, config: VenueConfig) -> Any:
    return quickfix.SessionID(session.version.begin_string, config.comp_id, session.comp_id)


@contextmanager
def _guarded(callback: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("defect", callback=callback)
