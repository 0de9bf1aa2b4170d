"""Drop copies: who is told what others are told of their orders.

A copy is an answer like any other: in the journal's batch of what it tells, sent after that, sent
again on request, and kept for who is away. For who has never logged on nothing is kept.
"""

from collections.abc import Callable, Iterable

import structlog

from venue.core.events import Event, OrderEvent, OrderRejected
from venue.fix.drop_copy import as_copy
from venue.fix.encoding import Instruments
from venue.fix.outbound import encode
from venue.gateway.sessions import Session, comp_id_of

log = structlog.get_logger()


class DropCopies:
    """Sessions with the role drop_copy get their firm's reports, those with clearing all.

    `wanted` tells whether any of them has ever logged on.
    """

    def __init__(self, add: Callable[[Session, str], None]) -> None:
        """`add` sends a session a text."""
        self.wanted = False
        self._add = add
        self._of_all: list[Session] = []
        self._of_firm: dict[str, list[Session]] = {}

    def welcome(self, session: Session) -> None:
        """From now on there are copies for a session, if it has a role that gets any."""
        party = session.party
        watchers = self._of_all
        if not party.clearing:
            if not party.drop_copy:
                return
            watchers = self._of_firm.setdefault(session.firm, [])
        if session not in watchers:
            watchers.append(session)
        self.wanted = True

    def tell(self, events: Iterable[Event], instruments: Instruments, time: str) -> None:
        """Copy what was told under the ExecIDs(17) of events, each once; a status has none."""
        told = set()
        for event in events:
            if isinstance(event, OrderEvent | OrderRejected):
                exec_id = event.exec_id
                if exec_id and exec_id not in told:
                    told.add(exec_id)
                    watchers = [*self._of_firm.get(event.firm, ()), *self._of_all]
                    self._copy(event, watchers, instruments, time)

    def _copy(
        self,
        event: OrderEvent | OrderRejected,
        watchers: Iterable[Session],
        instruments: Instruments,
        time: str,
    ) -> None:
        comp_id = comp_id_of(event.session)
        reports: dict[str, str] = {}
        for session in watchers:
            version = session.version
            try:
                report = reports.get(version.name)
                if report is None:
                    report = reports[version.name] = encode(event, instruments, time, version)
                firm = event.firm if session.party.clearing else ""
                self._add(session, as_copy(report, version, comp_id, firm))
            except Exception:
                log.exception("defect", session=session.name, uncopied=event)
