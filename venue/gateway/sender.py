"""The way out through QuickFIX: answers, market data, and what is sent again.

QuickFIX stores no messages. Where it would answer a ResendRequest(2) with a gap fill of all, it
sends the first message of what the journal has instead; the loop sends the others.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import quickfix
import structlog

from venue.core.instrument import Instrument
from venue.fix.market_data_entries import encode_body
from venue.fix.message import SOH, Fields, format_message, format_precise_time
from venue.gateway.cork import corked
from venue.gateway.framing import Framing, addressee, to_bytes
from venue.gateway.kernel import kernel_of
from venue.gateway.recorder import Recorder
from venue.gateway.resend import Gap, Repeat, Resend
from venue.gateway.sessions import Session
from venue.journal.batch import Numbers
from venue.marketdata.entries import Publication
from venue.monitoring.counts import Counts

Answers = Mapping[Session, Sequence[str]]
"""What sessions that are logged on are told, each in order."""
Target = tuple[Session, str]
"""A session, and the MDReqID(262) it subscribed with."""

WORTH_CORKING = 8
"""Messages of a turn from which on its sockets are corked."""
RESENT_AT_ONCE = 100
"""Messages that a session is sent again in one round of the loop."""
AHEAD = 256 << 10
"""Bytes that may wait in the kernel for a session that is to be sent more of what it missed."""
FRAME = 64
"""Bytes, more or less, that QuickFIX adds to a message that it is given."""
POSS_DUP = quickfix.StringField(43, "Y")

clock = time.time_ns

log = structlog.get_logger()


class Sender:
    """Sends to sessions that are logged on; `resending` are those that are being sent again what
    they missed, `behind` the names of those that do not read in time, and get no market data.
    """

    def __init__(
        self,
        recorder: Recorder,
        groups: Mapping[str, Any],
        comp_id: str,
        counts: Counts | None = None,
    ) -> None:
        """`groups` are, by FIX version, dictionaries that know the repeating groups sent; `comp_id`
        is the venue's.
        """
        self._counts = counts or Counts()
        self.resending: set[Session] = set()
        self.behind: set[str] = set()
        self._comp_id = comp_id
        self._recorder = recorder
        self._groups = groups
        self._message = quickfix.Message()
        self._header = self._message.getHeader()
        self._header_fields: tuple[Any, ...] = ()

    @property
    def is_sending(self) -> bool:
        """Whether the message that QuickFIX asks about is one of `send` or `resend`."""
        return bool(self._header_fields)

    def complete_header(self) -> None:
        """Put into the header what QuickFIX, which has just filled it, cannot know."""
        for field in self._header_fields:
            self._header.setField(field)

    def send(self, answers: Answers, time: int) -> None:
        """Tell sessions their answers of `time`; QuickFIX fills header and trailer."""
        messages = sum(map(len, answers.values()))
        self._counts.answered += messages
        if messages < WORTH_CORKING:
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
            if session.line is None:
                session.handed += sum(map(len, texts)) + FRAME * len(texts)
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

    def resend(self) -> bool:
        """Send every session that asked for it some more of what it was sent before, as fast as it
        reads; tell whether anything was to be done.
        """
        done = False
        for session in list(self.resending):
            resend = session.resend
            if resend is not None and is_behind(session):
                continue
            done = True
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
        return done

    def _send_again(self, session: Session, item: Repeat | Gap) -> None:
        first_time = time.time_ns()
        if isinstance(item, Repeat):
            self._counts.resent += 1
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
        _estimate(session, text)

    def ask(self, session: Session, test_req_id: str) -> None:
        """Send a TestRequest(1)."""
        text = format_message(session.version.begin_string, "1", ("112", test_req_id))
        self._message.setString(text, False)
        session.link.send(self._message)
        _estimate(session, text)

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

        Its body is made once a version. Who has a line is written to here, the others by QuickFIX,
        which needs a dictionary to keep repeating groups.
        """
        msg_type = "W" if publication.snapshot else "X"
        bodies: dict[str, str] = {}
        framings: dict[tuple[str, int], Framing] = {}
        messages: dict[str, tuple[Any, int]] = {}
        for session, md_req_id in targets:
            version = session.version
            name, digits = version.name, session.time_digits
            try:
                if name not in bodies:
                    bodies[name] = encode_body(publication, instrument, time, version)
                line, link = session.line, session.link
                if line is not None:
                    framing = framings.get((name, digits))
                    if framing is None:
                        begin, sent = version.begin_string, format_precise_time(clock(), digits)
                        framing = Framing(begin, msg_type, self._comp_id, sent, bodies[name])
                        framings[name, digits] = framing
                    number = link.getExpectedSenderNum()
                    content = framing.message(number, addressee(session.comp_id, md_req_id))
                    if line.write(content):
                        self._counts.published += 1
                        link.setNextSenderMsgSeqNum(number + 1)
                        session.handed += len(content)
                        continue
                if name not in messages:
                    text = f"8={version.begin_string}{SOH}9=0{SOH}35={msg_type}{SOH}{bodies[name]}"
                    message = quickfix.Message(f"{text}10=0{SOH}", self._groups[name], False)
                    messages[name] = message, len(text) + FRAME
                message, size = messages[name]
                message.setField(_md_req_id(md_req_id))
                link.send(message)
                self._counts.published += 1
                if line is None:
                    session.handed += size
            except Exception:
                log.exception("defect", session=session.name, publication=publication)

    def note(self, message: Any, session: Session) -> None:
        """Count the bytes of a message that QuickFIX is about to send as it is now."""
        line, session.line = session.line, None  # without the count there is none any more
        if line is not None:
            size = len(to_bytes(message.toString()))
            line.note(size)
            session.handed += size
            session.line = line

    def inform(self, session: Session, text: str) -> None:
        """Send one message that no journal has; asked for again, it is gap filled."""
        try:
            groups = self._groups[session.version.name]
            session.link.send(quickfix.Message(text, groups, False))
            _estimate(session, text)
        except Exception:
            log.exception("defect", session=session.name, unsent=text.replace(SOH, "|"))

    def begin_resend(self, gap_fill: Any, fields: Fields, session: Session) -> None:
        """Make of QuickFIX's answer to a ResendRequest(2) the first message of the right one.

        Where one is under way, both go on as one.
        """
        first, last = int(fields["34"]), int(fields["36"]) - 1
        if session.resend is not None:
            first, last = min(first, session.resend.next), max(last, session.resend.last)
        log.info("resend", session=session.name, first=first, last=last)
        self._counts.resend_requests += 1
        resend = Resend(first, last, self._recorder.resend(session.name, first, last))
        item = next(iter(resend), None)
        if item is None:
            return
        session.resend = resend
        self.resending.add(session)
        header = gap_fill.getHeader()
        if isinstance(item, Repeat):
            self._counts.resent += 1
            gap_fill.setString(item.text, False)
            for tag in (49, 52, 56):
                header.setField(quickfix.StringField(tag, fields[str(tag)]))
            for field in self._poss_dup(session, item.time):
                header.setField(field)
        else:
            gap_fill.setField(quickfix.StringField(36, str(item.next)))
        header.setField(quickfix.StringField(34, str(item.number)))


@lru_cache(maxsize=1 << 14)
def _md_req_id(md_req_id: str) -> Any:
    """MDReqID(262): to make a field takes QuickFIX four times as long as to set it."""
    return quickfix.StringField(262, md_req_id)


def _estimate(session: Session, text: str) -> None:
    """Add to what was sent over a connection where it is not counted."""
    if session.line is None:
        session.handed += len(text) + FRAME


def is_behind(session: Session) -> bool:
    """Whether a session has so much to read that nothing old should be added."""
    kernel = None if session.socket is None else kernel_of(session.socket)
    return kernel is not None and kernel.waiting > AHEAD


def numbers(session: Session) -> Numbers:
    """What QuickFIX gives a session's next message, and expects its next to have."""
    return session.link.getExpectedSenderNum(), session.link.getExpectedTargetNum()


def set_numbers(session: Session, numbers: Numbers) -> None:
    next_sender, next_target = numbers
    session.link.setNextSenderMsgSeqNum(next_sender)
    session.link.setNextTargetMsgSeqNum(next_target)
