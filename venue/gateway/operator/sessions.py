"""What an operator asks for of sessions, and of the venue as a whole."""

from collections.abc import Callable, Collection, Mapping

from venue.core.venue import Venue
from venue.core.venue_commands import AllowSession, EndTradingDay
from venue.fix.listings import NONE, SessionState
from venue.fix.news import News
from venue.fix.operator import OperatorRequest
from venue.gateway.operator.decision import Decision, fault, named, needed, one_of
from venue.gateway.operator.orders import firm_of
from venue.gateway.sender import numbers
from venue.gateway.sessions import Session, comp_id_of

LONGEST_HEADLINE = 200
DISABLED = "the operator has disabled this session"
DISCONNECTED = "the operator has disconnected this session"


class SessionDesk:
    """Decides by who may log on, and who has. `is_known` tells of a session's
    name whether it ever has.
    """

    def __init__(
        self,
        venue: Venue,
        sessions: Mapping[str, Session],
        firms: Callable[[], Collection[str]],
        is_known: Callable[[str], bool],
    ) -> None:
        self._venue = venue
        self._sessions = sessions
        self._firms = firms
        self._is_known = is_known

    def session(self, request: OperatorRequest) -> Decision:
        """Tell how a session stands, or each of a CompID."""
        return Decision("; ".join(map(self._told, self._named(request, "a session"))))

    def sessions(self, request: OperatorRequest) -> Decision:
        """Tell how every session stands."""
        states = tuple(map(self._state, self._sessions.values()))
        there = sum(session.logged_on for session in self._sessions.values())
        return Decision(f"{len(states)} sessions, {there} logged on", rows=states)

    def _state(self, session: Session) -> SessionState:
        state = "logged_on" if session.logged_on else "logged_off"
        if session.comp_id in self._venue.operations.disallowed:
            state = "disabled"
        elif not self._is_known(session.name):
            state = "never"
        out, into = (1, 1) if session.link is None else numbers(session)
        return SessionState(
            *(session.comp_id, session.version.name, session.firm, ",".join(session.roles)),
            *(state, str(out), str(into), session.address or NONE),
        )

    def _told(self, session: Session) -> str:
        told = "logged on" if session.logged_on else "not logged on"
        if not self._is_known(session.name):
            told = "never logged on"
        elif session.link is not None:
            out, into = numbers(session)
            told += f", next {out} out, {into} in"
        disabled = session.comp_id in self._venue.operations.disallowed
        return f"{session.name} of {session.firm} {told}{', disabled' if disabled else ''}"

    def disconnect(self, request: OperatorRequest) -> Decision:
        """Log sessions out and hang up; they may come again."""
        expected = "a session that is logged on"
        found = [each for each in self._named(request, expected) if each.logged_on]
        if not found:
            raise fault("session", request.given["session"], expected)
        told = f"{', '.join(each.name for each in found)} disconnected"
        return Decision(told, dismissed=_dismissed(found, DISCONNECTED, request))

    def disable(self, request: OperatorRequest) -> Decision:
        """Let a CompID log on no more, in any version, until it is enabled."""
        comp_id = self._comp_id(request)
        if comp_id == comp_id_of(request.operator):
            raise fault("session", comp_id, "another CompID than the one that asks")
        if comp_id in self._venue.operations.disallowed:
            raise fault("session", comp_id, "a CompID that is not disabled")
        found = [
            each for each in self._sessions.values() if each.comp_id == comp_id and each.logged_on
        ]
        told = f"{comp_id} is disabled"
        dismissed = _dismissed(found, DISABLED, request)
        return Decision(told, (AllowSession(comp_id, False),), dismissed=dismissed)

    def enable(self, request: OperatorRequest) -> Decision:
        """Let a CompID log on again."""
        disallowed = self._venue.operations.disallowed
        expected = one_of(disallowed) if disallowed else "nobody, none is disabled"
        comp_id = needed(request, "session", expected)
        if comp_id not in disallowed:
            raise fault("session", comp_id, expected)
        return Decision(f"{comp_id} is enabled", (AllowSession(comp_id, True),))

    def unlock(self, request: OperatorRequest) -> Decision:
        """Let who has failed too often to log on as a CompID try again, from every address."""
        known = {each.comp_id for each in self._sessions.values() if each.has_password}
        expected = one_of(known) if known else "nobody, none has a password"
        comp_id = needed(request, "session", expected)
        if comp_id not in known:
            raise fault("session", comp_id, expected)
        return Decision(f"every address may try again to log on as {comp_id}", unlocked=comp_id)

    def news(self, request: OperatorRequest) -> Decision:
        """Tell a session, those of a firm, or everybody else. Who is away and has ever been here
        is told when he comes again.
        """
        headline = needed(request, "headline", f"1 to {LONGEST_HEADLINE} characters")
        if len(headline) > LONGEST_HEADLINE:
            told = f"{len(headline)} characters long"
            raise fault("headline", told, f"1 to {LONGEST_HEADLINE} characters")
        text = needed(request, "text", "what is to be told")
        if "session" in request.given and "firm" in request.given:
            raise fault("firm", request.given["firm"], f"absent with {named('session')}")
        if "session" in request.given:
            audience = self._named(request, "a session")
        else:
            audience = [each for each in self._sessions.values() if each.name != request.operator]
            if "firm" in request.given:
                firm = firm_of(request, self._firms())
                audience = [
                    each for each in audience if firm in (one.firm for one in each.identities)
                ]
        audience = [each for each in audience if each.logged_on or self._is_known(each.name)]
        away = sum(not each.logged_on for each in audience)
        told = f"told to {len(audience)} session{'' if len(audience) == 1 else 's'}"
        if away:
            told += f", {away} of them when they log on"
        news = News(headline, text)
        return Decision(told, news=tuple((each, news) for each in audience))

    def snapshot(self, request: OperatorRequest) -> Decision:
        """Have a snapshot made as soon as may be."""
        return Decision("a snapshot is made", snapshot=True)

    def end_day(self, request: OperatorRequest) -> Decision:
        """End the trading day before its time."""
        return Decision("the trading day is ended", (EndTradingDay(),))

    def _named(self, request: OperatorRequest, expected: str) -> list[Session]:
        """The sessions that a request names: one, or all of a CompID."""
        name = needed(request, "session", expected)
        found = [each for each in self._sessions.values() if name in (each.name, each.comp_id)]
        if not found:
            raise fault("session", name, f"{expected}, as in {_choice(self._sessions)}")
        return found

    def _comp_id(self, request: OperatorRequest) -> str:
        comp_id = needed(request, "session", "a CompID")
        known = {each.comp_id for each in self._sessions.values()}
        if comp_id not in known:
            raise fault("session", comp_id, one_of(known))
        return comp_id


def _dismissed(
    sessions: list[Session], text: str, request: OperatorRequest
) -> tuple[tuple[Session, str], ...]:
    why = request.given.get("text")
    told = text if why is None else f"{text}: {why}"
    return tuple((each, told) for each in sessions)


def _choice(names: Collection[str]) -> str:
    first = next(iter(names))
    return f"{first} or {comp_id_of(first)}"
