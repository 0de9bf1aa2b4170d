"""QuickFIX, and nothing of it outside this file.

Callbacks only collect: what a client sends waits in `inbox` for the loop, so that nothing is ever
answered from inside QuickFIX. No exception may leave a callback, it would end the process; a defect
of ours is logged and the venue goes on.
"""

import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import quickfix
import structlog

from venue.config import VenueConfig
from venue.core.instrument import Instrument
from venue.errors import JournalError, VenueError
from venue.fix.inbound import PARSERS
from venue.fix.market_data import encode_publication
from venue.fix.message import SOH, Fields, format_message, format_precise_time, parse_fields
from venue.fix.refusal import BusinessRejectReason
from venue.gateway.cork import corked
from venue.gateway.dictionaries import Dictionaries
from venue.gateway.door import Door
from venue.gateway.entrance import Entrance, LogonRefusedError
from venue.gateway.lean_dictionary import WholeDictionary
from venue.gateway.logon import Guests, logon_fault, presence
from venue.gateway.recorder import Recorder
from venue.gateway.resend import Gap, Repeat, Resend
from venue.gateway.sessions import Presence, Session
from venue.journal.batch import Numbers
from venue.marketdata.feed import Publication

Target = tuple[Session, str]
"""A session, and the MDReqID(262) it subscribed with."""

TAKEN = frozenset({*PARSERS, "V", "j"})
"""Messages of the application that are read at all."""
GROUPED = frozenset({"W", "X"})
"""Messages that are sent with repeating groups."""
LOGOUT_SECONDS = 1.0
WORTH_CORKING = 8
"""Messages of a turn from which on its sockets are corked."""
RESENT_AT_ONCE = 100
"""Messages that a session is sent again in one round of the loop."""
POSS_DUP = quickfix.StringField(43, "Y")

log = structlog.get_logger()


Answers = Mapping[Session, Sequence[str]]
"""What sessions that are logged on are told, each in order."""


class Acceptor(quickfix.Application):  # type: ignore[misc]
    """Every session on one port; `poll` moves bytes both ways, `inbox` holds what came in.

    QuickFIX stores no messages. Where it would answer a ResendRequest(2) with a gap fill of all, it
    sends the first message of what the journal has instead; `resend` sends the others, while
    `resending` has any.
    """

    def __init__(
        self,
        config: VenueConfig,
        sessions: Sequence[Session],
        settings: dict[str, str],
        dictionaries: Mapping[str, Dictionaries],
        recorder: Recorder,
    ) -> None:
        """`settings` are those of all sessions, `dictionaries` are files by FIX version; sequence
        numbers go on where `recorder` has them.
        """
        super().__init__()
        self.inbox: list[tuple[Session, str]] = []
        self.resending: set[Session] = set()
        self.door: Door
        self._config = config
        self._guests = Guests(config.comp_id, sessions)
        self._recorder = recorder
        self._header_fields: tuple[Any, ...] = ()
        self._failure: JournalError | None = None
        self._logon_number = 0
        self._by_id: dict[str, Session] = {}
        self._by_address: dict[int, Session] = {}
        self._message = quickfix.Message()
        self._header = self._message.getHeader()
        self._groups: dict[str, Any] = {}
        self._unsupported: dict[str, frozenset[str]] = {}
        engine_files = {name: self._read(name, files) for name, files in dictionaries.items()}
        with socket.create_server(("", 0)) as probe:
            port = str(probe.getsockname()[1])
        everything = quickfix.SessionSettings()
        owners: dict[DictionaryKey, Session] = {}
        for session in sessions:
            version = session.version
            session_id = quickfix.SessionID(version.begin_string, config.comp_id, session.comp_id)
            self._by_id[session_id.toString()] = session
            fixed = {"ConnectionType": "acceptor", "SocketAcceptPort": port}
            fixed |= {"NonStopSession": "Y", "PersistMessages": "N"}
            if version.appl_ver_id:
                fixed["DefaultApplVerID"] = version.appl_ver_id
            if owners.setdefault(_dictionary_key(session), session) is session:
                fixed |= engine_files[version.name]
            else:
                fixed["UseDataDictionary"] = "N"
            dictionary = quickfix.Dictionary()
            chosen = settings | session.quickfix
            session.recorded = chosen.get("PersistMessages") != "N"
            for key, value in (chosen | fixed).items():
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
        for session in sessions:
            owner = owners[_dictionary_key(session)]
            if owner is not session:
                provider = self._link(owner).getDataDictionaryProvider()
                self._link(session).setDataDictionaryProvider(provider)
        for session in sessions:
            session.time_digits = session.link.getSupportedTimestampPrecision()
            _set_numbers(session, recorder.numbers(session.name))

    def _link(self, session: Session) -> Any:
        """QuickFIX's session."""
        begin_string = session.version.begin_string
        session_id = quickfix.SessionID(begin_string, self._config.comp_id, session.comp_id)
        return quickfix.Session.lookupSession(session_id)

    def _read(self, version: str, files: Dictionaries) -> dict[str, str]:
        """Prepare a version's dictionaries; return the settings that name those of its sessions."""
        application = WholeDictionary(files.application)
        self._groups[version] = quickfix.DataDictionary(str(application.write_groups(GROUPED)))
        self._unsupported[version] = frozenset()
        if files.transport == files.application:
            return {"DataDictionary": str(files.application)}
        taken, self._unsupported[version] = application.write_taken(TAKEN)
        return {
            "TransportDataDictionary": str(files.transport),
            "AppDataDictionary": str(taken),
        }

    def open(self) -> None:
        """Listen. Raise `VenueError` where the address cannot be had."""
        self.door = Door(self._config.host, self._config.port, self._guests.recognize)
        try:
            self._entrance.take_over(self._engine.poll)
        except (quickfix.ConfigError, quickfix.RuntimeError, OSError, ValueError) as error:
            raise VenueError(f"QuickFIX cannot start: {error}") from None

    def admit(self) -> bool:
        """Let in who has sent a whole Logon since the last call; tell whether anybody had."""
        return self.door.step(self._hand_over)

    def _hand_over(self, session: Session, connection: socket.socket, logon: bytes) -> bool:
        """Let a session in, once all is done that came over its last connection.

        A Logon resets sequence numbers before QuickFIX looks whether it is right; if it is not,
        they are put back.
        """
        if any(session is sender for sender, _ in self.inbox):
            return False
        before = numbers(session)
        try:
            descriptor = self._entrance.pass_through(connection, logon, self.poll)
        except LogonRefusedError:
            after = numbers(session)
            if after[0] < before[0] or after[1] < before[1]:
                _set_numbers(session, before)
            raise
        session.let_go()
        if session.logged_on:
            session.socket = socket.socket(fileno=descriptor)
        return True

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
            raise self._failure

    def send(self, answers: Answers, time: int) -> None:
        """Tell sessions their answers of `time`; QuickFIX fills header and trailer."""
        if sum(map(len, answers.values())) < WORTH_CORKING:
            self.send_each(answers, time)
            return
        with corked(session.socket for session in answers if session.socket is not None):
            self.send_each(answers, time)

    def send_each(self, answers: Answers, time: int) -> None:
        """Send as `send` does, each message in a segment of its own."""
        message = self._message
        parse = message.setString
        for session, texts in answers.items():
            link = session.link
            next_sender = link.getExpectedSenderNum() + len(texts)
            sending_time = quickfix.StringField(52, format_precise_time(time, session.time_digits))
            self._header_fields = (sending_time,)
            for text in texts:
                try:
                    parse(text, False)
                    link.send(message)
                except Exception:
                    log.exception("defect", session=session.name, unsent=text.replace(SOH, "|"))
            if link.getExpectedSenderNum() != next_sender:
                log.error("defect", session=session.name, where="numbers")
                link.setNextSenderMsgSeqNum(next_sender)
        self._header_fields = ()

    def resend(self) -> None:
        """Send every session that asked for it some more of what it was sent before."""
        for session in list(self.resending):
            resend = session.resend
            if resend is not None:
                next_sender = session.link.getExpectedSenderNum()
                try:
                    for item in islice(resend, RESENT_AT_ONCE):
                        self._send_again(session, item)
                except Exception:
                    log.exception("defect", session=session.name, where="resend")
                    session.resend = None
                session.link.setNextSenderMsgSeqNum(next_sender)
            if resend is None or resend.next > resend.last:
                session.resend = None
                self.resending.discard(session)

    def _send_again(self, session: Session, item: Repeat | Gap) -> None:
        first_time = time.time_ns()
        if isinstance(item, Repeat):
            text, first_time = item.text, item.time
        else:
            begin_string = session.version.begin_string
            text = format_message(begin_string, "4", ("123", "Y"), ("36", item.next))
        self._header_fields = self._poss_dup(session, first_time)
        try:
            self._message.setString(text, False)
            session.link.setNextSenderMsgSeqNum(item.number)
            session.link.send(self._message)
        finally:
            self._header_fields = ()

    def _poss_dup(self, session: Session, first_time: int) -> tuple[Any, Any]:
        """PossDupFlag(43) and OrigSendingTime(122)."""
        orig_sending_time = format_precise_time(first_time, session.time_digits)
        return POSS_DUP, quickfix.StringField(122, orig_sending_time)

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
            version = session.version
            try:
                if version.name not in parsed:
                    text = encode_publication(publication, instrument, time, version, md_req_id)
                    groups = self._groups[version.name]
                    parsed[version.name] = quickfix.Message(text, groups, False)
                message = parsed[version.name]
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

    def log_out(self, text: str) -> None:
        """Log every session out, and wait at most `LOGOUT_SECONDS` for the answers."""
        online = [session for session in self._by_id.values() if session.logged_on]
        for session in online:
            session.link.logout(text)
        until = time.monotonic() + LOGOUT_SECONDS
        self.keep_alive()
        while any(session.logged_on for session in online) and time.monotonic() < until:
            self.poll()
            time.sleep(0.001)

    def close(self) -> None:
        """Hang up, and stop."""
        self.door.close()
        self._entrance.close()
        self._engine.stop(True)
        for session in self._by_id.values():
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
            session = self._by_address[int(session_id.this)]
            self._note(session, True, session.arrival)

    def onLogout(self, session_id: Any) -> None:
        with _guarded("onLogout"):
            session = self._by_address[int(session_id.this)]
            self._note(session, False, session.departure or Presence.LOSS)
            session.forget_connection()

    def _note(self, session: Session, logged_on: bool, what: Presence) -> None:
        session.logged_on = logged_on
        session.let_go()
        self.inbox.append((session, what))
        log.info(what, session=session.name)

    def fromApp(self, message: Any, session_id: Any) -> None:
        try:
            self.inbox.append((self._by_address[int(session_id.this)], message.toString()))
        except Exception:
            log.exception("defect", callback="fromApp")

    def toApp(self, message: Any, session_id: Any) -> None:
        for field in self._header_fields:
            self._header.setField(field)

    def fromAdmin(self, message: Any, session_id: Any) -> None:
        fault = None
        with _guarded("fromAdmin"):
            text = message.toString()
            session = self._by_address[int(session_id.this)]
            if f"{SOH}35=A{SOH}" in text:
                fields = parse_fields(text)
                fault = logon_fault(fields, session.version)
                session.arrival = presence(fields, session)
                self._logon_number = int(fields["34"])
            self._note_ending("received", text, session, Presence.LOGOUT)
        if fault is not None:
            raise quickfix.RejectLogon(fault)

    def toAdmin(self, message: Any, session_id: Any) -> None:
        with _guarded("toAdmin"):
            session = self._by_address[int(session_id.this)]
            text = message.toString()
            if self._header_fields:
                for field in self._header_fields:
                    self._header.setField(field)
            elif f"{SOH}35=A{SOH}" in text:
                self._note_logon(parse_fields(text), session)
            elif f"{SOH}35=4{SOH}" in text:
                self._begin_resend(message, parse_fields(text), session)
            elif f"{SOH}373=11{SOH}" in text:
                self._soften(message, parse_fields(text), session)
            self._note_ending("sent", text, session, Presence.LOSS)

    def _note_logon(self, logon: Fields, session: Session) -> None:
        """Have a session's numbers in the journal, and that they began anew if they did, before the
        client hears of it.
        """
        next_sender = int(logon["34"]) + 1
        next_target = session.link.getExpectedTargetNum()
        next_target += next_target == self._logon_number
        reset = {session.name: time.time_ns()} if next_sender == 2 else None
        try:
            self._recorder.note({session.name: (next_sender, next_target)}, reset)
        except JournalError as error:
            self._failure = error

    def _begin_resend(self, gap_fill: Any, fields: Fields, session: Session) -> None:
        """Make of QuickFIX's answer to a ResendRequest(2) the first message of the right one.

        Where one is under way, both go on as one.
        """
        first, last = int(fields["34"]), int(fields["36"]) - 1
        if session.resend is not None:
            first, last = min(first, session.resend.next), max(last, session.resend.last)
        log.info("resend", session=session.name, first=first, last=last)
        resend = Resend(first, last, self._recorder.resend(session.name, first, last))
        item = next(iter(resend), None)
        if item is None:
            return
        session.resend = resend
        self.resending.add(session)
        header = gap_fill.getHeader()
        if isinstance(item, Repeat):
            gap_fill.setString(item.text, False)
            for tag in (49, 52, 56):
                header.setField(quickfix.StringField(tag, fields[str(tag)]))
            for field in self._poss_dup(session, item.time):
                header.setField(field)
        else:
            gap_fill.setField(quickfix.StringField(36, str(item.next)))
        header.setField(quickfix.StringField(34, str(item.number)))

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
            log.info(f"{kind} {direction}", session=session.name, text=parse_fields(text).get("58"))


DictionaryKey = tuple[str, frozenset[tuple[str, str]]]


def _dictionary_key(session: Session) -> DictionaryKey:
    """Sessions with the same key validate with the same dictionaries.

    QuickFIX copies them for every session, which for FIX.5.0SP2 takes 0.15 s and 55 MB.
    """
    about = ("validate", "allow", "check")
    rules = {item for item in session.quickfix.items() if item[0].lower().startswith(about)}
    return session.version.name, frozenset(rules)


def numbers(session: Session) -> Numbers:
    """What QuickFIX gives a session's next message, and expects its next to have."""
    return session.link.getExpectedSenderNum(), session.link.getExpectedTargetNum()


def _set_numbers(session: Session, numbers: Numbers) -> None:
    next_sender, next_target = numbers
    session.link.setNextSenderMsgSeqNum(next_sender)
    session.link.setNextTargetMsgSeqNum(next_target)


@contextmanager
def _guarded(callback: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("defect", callback=callback)
