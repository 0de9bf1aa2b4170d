"""What sessions are told when the journal fails.

The venue has carried out what is not recorded, so it must not go on, and nobody may hear of it.
"""

import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from venue.errors import JournalError
from venue.fix.message import parse_fields
from venue.fix.refusal import BusinessRejectReason, business_reject
from venue.gateway.acceptor import Acceptor
from venue.gateway.recorder import Recorder
from venue.gateway.sender import numbers
from venue.gateway.sessions import Presence, Session
from venue.journal.batch import Batch, Sent
from venue.journal.reserve import Reserve

LOGOUT = "the venue stops: its journal cannot be written"
REFUSED = "not carried out: the journal cannot be written, the venue stops"
UNCERTAIN = (
    "the journal cannot be written, the venue stops:"
    " after its restart this may be asked for again, or carried out; ask for its status then"
)

Inbox = list[tuple[Session, str]]

log = structlog.get_logger()


class Outage:
    """Refuses what was not recorded and what still comes, and logs everybody out."""

    def __init__(
        self,
        acceptor: Acceptor,
        recorder: Recorder,
        reserve: Reserve,
        end: Callable[[Inbox], None],
    ) -> None:
        """`end` records the last numbers of all sessions, without what is in an inbox."""
        self._acceptor = acceptor
        self._recorder = recorder
        self._reserve = reserve
        self._end = end
        self._text = REFUSED
        self._unanswered: Inbox = []

    def log_out(self, failure: JournalError) -> None:
        """Answer each message in the acceptor's inbox with a BusinessMessageReject, also those of
        the batch that met `failure`; wait about a second for the Logouts.

        A message that is refused must not be asked for again after a restart. So it is recorded as
        received, in the room that was kept for that; where that fails too, the answer tells so.
        What is not answered, because its session is gone, is asked for again.
        """
        log.error("the journal fails", error=str(failure))
        self._reserve.give_up()
        self._refuse()
        self._acceptor.log_out(LOGOUT, self._refuse)
        if self._text is REFUSED:
            with suppress(JournalError):
                self._end(self._unanswered + self._acceptor.inbox)

    def _refuse(self) -> None:
        inbox, self._acceptor.inbox = self._acceptor.inbox, []
        self._unanswered += (each for each in inbox if not each[0].logged_on)
        now = max(time.time_ns(), self._recorder.time)
        answers = self._answers(inbox)
        if answers and self._text is REFUSED:
            sent, after = [], {}
            for session, texts in answers.items():
                first, next_target = numbers(session)
                if session.recorded:
                    sent.append(Sent(session.name, first, texts))
                after[session.name] = first + len(texts), next_target
            try:
                self._recorder.append(Batch(now, [], sent, after))
            except JournalError as error:
                log.error("the journal fails", error=str(error))
                self._text = UNCERTAIN
                answers = self._answers(inbox)
        self._acceptor.sender.send(answers, now)

    def _answers(self, inbox: Inbox) -> dict[Session, list[str]]:
        answers: dict[Session, list[str]] = {}
        reason = BusinessRejectReason.APPLICATION_NOT_AVAILABLE
        for session, text in inbox:
            if type(text) is not Presence and session.logged_on:
                fields = parse_fields(text)
                if fields["35"] != "j":
                    reject = business_reject(fields, reason, self._text)
                    answers.setdefault(session, []).append(reject.encode(session.version))
        return answers
