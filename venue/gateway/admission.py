"""The way in: from the door, past the password, through QuickFIX's entrance to a session."""

import socket
from collections.abc import Callable, Container, Sequence
from pathlib import Path

from venue.config import VenueConfig
from venue.configuration.access import networks
from venue.fix.message import parse_fields
from venue.gateway.authentication import BUSY, Authentication, LogonFault, SessionStatus
from venue.gateway.caller import Caller
from venue.gateway.door import Door
from venue.gateway.entrance import Entrance, LogonRefusedError
from venue.gateway.hours import Hours
from venue.gateway.line import open_line
from venue.gateway.logon import Guests, masked, refusal
from venue.gateway.sender import numbers, set_numbers
from venue.gateway.sessions import Session


class Admission:
    """Lets in who may come; QuickFIX works in `poll`."""

    def __init__(
        self,
        config: VenueConfig,
        sessions: Sequence[Session],
        hours: Hours,
        poll: Callable[[], None],
        is_due: Callable[[Session], bool],
        disallowed: Container[str],
        keeps_log: bool,
    ) -> None:
        """`is_due` tells whether something of a session's last connection is still to be done;
        `keeps_log` that QuickFIX has to have all that is sent.
        """
        self.door: Door
        self._config = config
        self._authentication = Authentication(config.lockout, Path(config.data))
        self._authentication.prepare(sessions)
        self._guests = Guests(config.comp_id, sessions, self._authentication, disallowed)
        self._hours = hours
        self._poll = poll
        self._is_due = is_due
        self._keeps_log = keeps_log
        self._entrance = Entrance()

    def open(self, poll: Callable[[], None]) -> None:
        """Listen, and be where QuickFIX, in its first `poll`, does. Raise `VenueError` where the
        address cannot be had.
        """
        config = self._config
        proxies = networks(config.proxies or ())
        self.door = Door(config.host, config.port, self._guests.recognize, proxies)
        self._entrance.take_over(poll)

    def step(self) -> bool:
        """Let in who has sent a whole Logon since the last call; tell whether anybody had."""
        self._hours.keep()
        return self.door.step(self._hand_over)

    def unlock(self, comp_id: str) -> None:
        """Let who is locked out of a CompID try again."""
        self._authentication.unlock(comp_id)

    def close(self) -> None:
        """Turn away who waits, and listen no more."""
        self.door.close()
        self._authentication.close()
        self._entrance.close()

    def _hand_over(self, session: Session, caller: Caller, logon: bytes) -> bool:
        """Let a session in, once all is done that came over its last connection.

        A Logon resets sequence numbers before QuickFIX looks whether it is right; if it is not,
        they are put back. A new password is stored before: once QuickFIX has answered, the journal
        has the numbers of that answer, and nothing can fail any more. It is put back, too.
        """
        if self._is_due(session):
            return False
        self._hours.keep()
        before = numbers(session)
        changes = caller.check is not None and caller.check.new_hash is not None
        if changes and not self._authentication.change(session, caller):
            fault = LogonFault(BUSY, SessionStatus.NOT_ALLOWED_NOW)
            raise refusal(parse_fields(logon.decode("latin-1")), session, fault)
        session.status = SessionStatus.PASSWORD_CHANGED if changes else ""
        try:
            descriptor = self._entrance.pass_through(
                caller.connection, len(logon), masked(logon), self._poll
            )
        except LogonRefusedError:
            if changes:
                self._authentication.change_back(session, caller)
            after = numbers(session)
            if after[0] < before[0] or after[1] < before[1]:
                set_numbers(session, before)
            raise
        finally:
            session.status = ""
        session.let_go()
        if session.logged_on:
            session.socket = socket.socket(fileno=descriptor)
            if self._may_write_to(session):
                session.line = open_line(session.socket)
        return True

    def _may_write_to(self, session: Session) -> bool:
        """Whether market data goes past QuickFIX: not where its log has to have it, nor where each
        report would have to be counted, too.
        """
        party = session.party
        has_reports = party.order_entry or party.drop_copy or party.clearing
        return party.market_data and not has_reports and not self._keeps_log
