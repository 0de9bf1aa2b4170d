"""Keeps sessions to their hours: ends them when those end, and lets numbers begin anew when they
begin.
"""

import time
from collections.abc import Callable, Iterable

import structlog

from venue.gateway.recorder import Recorder
from venue.gateway.sessions import Session
from venue.journal.batch import Numbers

log = structlog.get_logger()


class Hours:
    """The hours of those sessions that have any. Orders and untold reports are left alone."""

    def __init__(
        self,
        sessions: Iterable[Session],
        recorder: Recorder,
        dismiss: Callable[[Session, str], None],
    ) -> None:
        """`dismiss` logs a session out, with a text."""
        self._recorder = recorder
        self._dismiss = dismiss
        # When each is looked at next, in ns since 1970 UTC: at once after a start of the venue.
        self._next_change = {each: 0 for each in sessions if each.schedule is not None}

    def keep(self) -> None:
        """Do what is due. Call this before a Logon is looked at. Raise `JournalError`."""
        now = time.time_ns()
        due = [session for session, change in self._next_change.items() if now >= change]
        anew: dict[str, int] = {}
        for session in due:
            schedule = session.schedule
            if session.logged_on:  # since before the change; again at the next call
                if not session.dismissed:
                    self._dismiss(session, f"the session's hours have ended: {schedule}")
                continue
            assert schedule is not None
            self._next_change[session] = schedule.next_change(now)
            if self._is_of_before(session, schedule.last_boundary(now)):
                anew[session.name] = now
        if anew:
            first: Numbers = (1, 1)
            self._recorder.note(dict.fromkeys(anew, first), anew)
        for session in due:
            if session.name in anew:
                session.link.setNextSenderMsgSeqNum(1)
                session.link.setNextTargetMsgSeqNum(1)
                log.info("numbers begin anew", session=session.name)

    def _is_of_before(self, session: Session, boundary: int) -> bool:
        """Whether a session has numbers, and they began before `boundary`."""
        history = self._recorder.logs[session.name]
        used = (history.next_sender, history.next_target) != (1, 1)
        return used and history.reset_time < boundary
