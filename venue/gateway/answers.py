"""What a turn has for whom: the messages that go out now, and those that wait."""

from typing import NamedTuple

from venue.gateway.recorder import Recorder
from venue.gateway.sender import numbers
from venue.gateway.sessions import Session
from venue.journal.batch import Numbers, Sent

UNTOLD_AT_ONCE = 100
"""Batches whose reports a session that was away is told in one turn."""


class Settled(NamedTuple):
    """`messages` to send, and what a batch says of them, as `Batch` has it."""

    messages: dict[Session, list[str]]
    sent: list[Sent]
    numbers: dict[str, Numbers]
    told: dict[str, int]


class Answers:
    """Collects the messages of a turn.

    What is for a session that is away waits, in the journal, for its next Logon; then it is sent as
    new messages, before anything else. `heard` are the sessions that sent anything, `awaited` those
    that have come and were not told everything yet.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.heard: set[Session] = set()
        self.awaited: set[Session] = set()
        self._recorder = recorder
        self._messages: dict[Session, list[str]] = {}

    def __bool__(self) -> bool:
        """Whether the turn has anything for the journal to say of sessions."""
        return bool(self._messages or self.heard or self.awaited)

    def add(self, session: Session, text: str) -> None:
        """Put a message behind those that the session already has."""
        texts = self._messages.get(session)
        if texts is None:
            self._messages[session] = [text]
        else:
            texts.append(text)

    def welcome(self, session: Session) -> None:
        """Tell a session that has logged on what has waited for it."""
        if self._recorder.logs[session.name].untold:
            self.awaited.add(session)

    def settle(self) -> Settled:
        """Decide what can be sent, and under which numbers."""
        messages, after = self._messages, {}
        told, sent = self._add_untold()
        for session, texts in list(messages.items()):
            first = 0
            if session.logged_on:
                first, next_target = numbers(session)
                after[session.name] = first + len(texts), next_target
            else:
                del messages[session]
            if session.recorded or not first:
                sent.append(Sent(session.name, first, texts))
        for session in self.heard:
            if session.name not in after:
                after[session.name] = numbers(session)
        return Settled(messages, sent, after, told)

    def clear(self) -> None:
        """Begin another turn."""
        self._messages = {}
        self.heard.clear()

    def _add_untold(self) -> tuple[dict[str, int], list[Sent]]:
        """Put what has waited before what is new; return how many batches each session was told.

        Where that is not all yet, what is new has to wait, too; it is returned.
        """
        told, kept = {}, []
        for session in list(self.awaited):
            waiting = len(self._recorder.logs[session.name].untold)
            if session.logged_on and waiting:
                batches = told[session.name] = min(waiting, UNTOLD_AT_ONCE)
                new = self._messages.pop(session, [])
                if batches < waiting and new:
                    kept.append(Sent(session.name, 0, new))
                    new = []
                self._messages[session] = self._recorder.untold(session.name, batches) + new
                if batches < waiting:
                    continue
            self.awaited.discard(session)
        return told, kept
