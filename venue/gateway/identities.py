"""Who a connection stands for: its session, and the desks of it, which are sessions to the core."""

from collections.abc import Container, Iterable, Iterator

from venue.core.commands import SessionConnected, SessionDisconnected
from venue.core.types import ExecRestatementReason
from venue.fix.desks import DeskKey
from venue.fix.party import Party
from venue.gateway.sessions import Session


class Identities:
    """`desks` tells, by a desk's name in the core, over which session it is told what, and the
    header fields that name it.
    """

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._sessions = tuple(sessions)
        self.desks = {
            desk.session: (session, DeskKey(*key).header)
            for session in self._sessions
            for key, desk in (session.party.desks or {}).items()
        }

    def arrival(
        self, session: Session, cancels: bool, known: Container[str]
    ) -> Iterator[SessionConnected]:
        """What the core is told of a Logon: whether its end `cancels` orders. Of those in `known`
        it was told so before, and has to hear that it is not so any more, or that they are back.
        """
        for party in session.identities:
            if party.order_entry and (cancels or party.session in known):
                yield SessionConnected(party.session, party.firm, cancels)

    def departure(
        self, session: Session, reason: ExecRestatementReason, connected: Iterable[str]
    ) -> Iterator[SessionDisconnected]:
        """What the core is told of a connection's end."""
        for party in session.identities:
            if party.session in connected:
                yield SessionDisconnected(party.session, reason, self._witnesses(session, party))

    def _witnesses(self, gone: Session, of: Party) -> tuple[str, ...]:
        """Those of a firm that are told of what becomes of the orders of one that is gone."""
        return tuple(
            party.session
            for session in self._sessions
            if session.logged_on and session is not gone
            for party in session.identities
            if party.firm == of.firm and party.order_entry
        )
