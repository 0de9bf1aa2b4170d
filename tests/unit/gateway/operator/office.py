"""Where an operator asks: a venue with an instrument, sessions of two firms, and the desk."""

from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from tests.unit.core.desk import FIRMS, Desk, aapl
from venue.config import MarketConfig, Role, SessionConfig
from venue.core import commands as c
from venue.core.types import TradingPhase
from venue.core.venue import Venue
from venue.fix.operator import OperatorRequest
from venue.fix.versions import FIX42, FIX44
from venue.gateway.operator.decision import Decision
from venue.gateway.operator.desk import OperatorDesk
from venue.gateway.phases import PhaseSchedule
from venue.gateway.sessions import Session

SPEC = replace(
    aapl(),
    dynamic_collar_percent=Decimal(3),
    static_collar_percent=Decimal(10),
    interruption_seconds=60,
    interruption_random_seconds=30,
    security_type="CS",
)
OPERATOR = "FIX.4.4:OPERATOR"


class Office(Desk):
    """Traders of `FIRMS`, all logged on in FIX.4.4 only, and the operator."""

    def __init__(self, *markets: MarketConfig, spec: Any = SPEC) -> None:
        super().__init__()
        self.venue = Venue()
        self.venue.handle(c.AdvanceTime(1))
        self.venue.handle(c.DefineInstrument(spec))
        self.venue.handle(c.EnterPhase("XSWX", TradingPhase.CONTINUOUS))
        people = {
            comp_id: SessionConfig(comp_id, firm, (Role.ORDER_ENTRY,))
            for comp_id, firm in FIRMS.items()
        }
        people["OPERATOR"] = SessionConfig("OPERATOR", "VENUE", (Role.OPERATOR,))
        each = [Session(who, version) for who in people.values() for version in (FIX42, FIX44)]
        self.sessions = {session.name: session for session in each}
        for session in each:
            session.logged_on = session.version is FIX44
        self.known: set[str] = set()
        self.operators = OperatorDesk(
            self.venue,
            self.sessions,
            PhaseSchedule(markets),
            {"WEST": ("W1", "W2"), "NORTH": None},
            self.known.__contains__,
        )

    def decide(self, action: str, **given: str) -> Decision:
        """What is done of what can be."""
        request = OperatorRequest(OPERATOR, "R", action, given)
        record, decision = self.operators.decide(request)
        assert decision is not None, record.text
        assert record == c.RecordOperation(OPERATOR, "R", action, given, True, decision.text)
        return decision

    def does(self, action: str, **given: str) -> str:
        """Have the commands carried out, and return what is told of it."""
        decision = self.decide(action, **given)
        for command in decision.commands:
            self.venue.handle(command)
        self.venue.check()
        return decision.text

    def refused(self, action: str, **given: str) -> str:
        """Why nothing is done."""
        before = self.venue.state_hash()
        record, decision = self.operators.decide(OperatorRequest(OPERATOR, "R", action, given))
        assert decision is None, record.text
        assert not record.accepted and self.venue.state_hash() == before
        assert (record.operator, record.req_id, record.action) == (OPERATOR, "R", action)
        return record.text
