"""The venue and the reference side by side: every request goes to both, and both must agree."""

from decimal import Decimal
from typing import Any

from tests.reference import Reference, Terms, Told
from venue.core import commands as c
from venue.core import events as e
from venue.core.instrument import InstrumentSpec
from venue.core.types import (
    CxlRejReason,
    CxlRejResponseTo,
    Liquidity,
    OrdRejReason,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
)
from venue.core.venue import Venue

FIRMS = {"ANN": "NORTH", "BOB": "SOUTH", "CAT": "NORTH"}
"""Session to firm: two traders of one firm against another's."""
TERMS = {
    "A": Terms(reference_price=100, min_qty=1, max_qty=9, collar=6),
    "B": Terms(reference_price=100, min_qty=2, max_qty=9, collar=50),
}
CODES: dict[str, str] = {
    "buy": Side.BUY,
    "sell": Side.SELL,
    "market": OrdType.MARKET,
    "limit": OrdType.LIMIT,
    "day": TimeInForce.DAY,
    "gtc": TimeInForce.GTC,
    "ioc": TimeInForce.IOC,
    "fok": TimeInForce.FOK,
}
WHAT: dict[type[e.Event], str] = {
    e.OrderAccepted: "accepted",
    e.OrderFilled: "filled",
    e.OrderCanceled: "canceled",
    e.OrderReplaced: "replaced",
    e.OrderStatusReported: "status",
    e.DuplicateRejected: "duplicate",
    e.OrderRejected: "rejected",
    e.CancelRejected: "cancel rejected",
    e.UnknownStatusReported: "unknown",
}
ORD_REJ_REASON = {
    OrdRejReason.DUPLICATE_ORDER: "duplicate",
    OrdRejReason.INCORRECT_QUANTITY: "quantity",
    OrdRejReason.PRICE_EXCEEDS_BAND: "collar",
    OrdRejReason.OTHER: "other",
}
CXL_REJ_REASON = {
    CxlRejReason.DUPLICATE_CL_ORD_ID: "duplicate",
    CxlRejReason.PRICE_EXCEEDS_BAND: "collar",
    CxlRejReason.UNKNOWN_ORDER: "unknown order",
    CxlRejReason.TOO_LATE: "too late",
    CxlRejReason.OTHER: "other",
}


def told(event: e.Event) -> Told:
    """An event of the venue in the reference's words."""
    fields = {name: getattr(event, name, None) for name in Told._fields}
    fields |= {"to": event.session, "what": WHAT[type(event)]}
    if isinstance(event, e.OrderRejected | e.UnknownStatusReported):
        echoed = ("symbol", "side", "ord_type", "time_in_force", "price", "order_qty")
        fields |= dict.fromkeys(echoed)
    if isinstance(event, e.CancelRejected):
        fields["reason"] = CXL_REJ_REASON[event.reason]
    elif fields["reason"] is not None:
        fields["reason"] = ORD_REJ_REASON[fields["reason"]]
    for name, kind in (
        ("status", OrdStatus),
        ("side", Side),
        ("ord_type", OrdType),
        ("time_in_force", TimeInForce),
        ("liquidity", Liquidity),
    ):
        code = fields[name] if name != "status" else getattr(event, "ord_status", None)
        fields[name] = None if code is None else _word(kind, code)
    return Told(**fields)


def _word(kind: type[Any], code: str) -> str:
    member = kind(code)
    words = {code: word for word, code in CODES.items() if type(code) is kind}
    return words.get(member) or str(member.name).lower().replace("_", " ")


def spec(symbol: str, terms: Terms) -> InstrumentSpec:
    """The same terms for the venue; tick and lot are unequal to 1 so that none passes for text."""
    tick, lot = Decimal("0.25"), Decimal("0.1")
    return InstrumentSpec(
        symbol,
        tick,
        lot,
        terms.reference_price * tick,
        terms.min_qty * lot,
        terms.max_qty * lot,
        Decimal(terms.collar),
        "USD",
    )


class Twins:
    """Sends each request to the venue and to the reference, in the reference's words."""

    def __init__(self, terms: dict[str, Terms] = TERMS) -> None:
        self.venue = Venue()
        self.reference = Reference(terms)
        self.commands: list[c.Journaled] = []
        """What a journal would hold."""
        for symbol in terms:
            self._handle(c.DefineInstrument(spec(symbol, terms[symbol])), [])

    def new(self, session: str, cl_ord_id: str, **terms: Any) -> list[e.Event]:
        expected = self.reference.new(session, FIRMS[session], cl_ord_id, **terms)
        return self._ask(c.NewOrder, expected, session, cl_ord_id, **terms)

    def refused(self, session: str, cl_ord_id: str, poss_resend: bool) -> list[e.Event]:
        expected = self.reference.rejected(session, cl_ord_id, "other", poss_resend)
        echoed = ("text", "symbol", "side", "ord_type", "time_in_force", "price", "order_qty")
        fields = {
            "reason": OrdRejReason.OTHER,
            "poss_resend": poss_resend,
            **dict.fromkeys(echoed, "?"),
        }
        return self._ask(c.RefuseOrder, expected, session, cl_ord_id, **fields)

    def cancel(self, session: str, cl_ord_id: str, **names: Any) -> list[e.Event]:
        expected = self.reference.cancel(session, FIRMS[session], cl_ord_id, **names)
        return self._ask(c.CancelOrder, expected, session, cl_ord_id, **names)

    def replace(self, session: str, cl_ord_id: str, **names: Any) -> list[e.Event]:
        expected = self.reference.replace(session, FIRMS[session], cl_ord_id, **names)
        return self._ask(c.ReplaceOrder, expected, session, cl_ord_id, **names)

    def refused_cancel(self, session: str, cl_ord_id: str, **names: Any) -> list[e.Event]:
        who = session, FIRMS[session], cl_ord_id
        expected = self.reference.refuse_cancel(*who, reason="other", **names)
        fault = {"response_to": CxlRejResponseTo.REPLACE, "reason": CxlRejReason.OTHER, "text": "?"}
        return self._ask(c.RefuseCancel, expected, session, cl_ord_id, **names, **fault)

    def status(self, session: str, cl_ord_id: str, order_id: int | None) -> list[e.Event]:
        expected = self.reference.status(session, FIRMS[session], cl_ord_id, order_id)
        fields = {"order_id": order_id, "symbol": "", "side": "", "ord_status_req_id": ""}
        return self._ask(c.RequestStatus, expected, session, cl_ord_id, **fields)

    def _ask(
        self,
        kind: type[c.Command],
        expected: list[Told],
        session: str,
        cl_ord_id: str,
        **words: Any,
    ) -> list[e.Event]:
        fields = {name: CODES.get(word, word) for name, word in words.items()}
        if "order_id" in fields:
            fields["order_id"] = "" if words["order_id"] is None else str(words["order_id"])
        who = {"session": session, "firm": FIRMS[session], "cl_ord_id": cl_ord_id}
        return self._handle(kind(**who, **fields), expected)

    def _handle(self, command: c.Command, expected: list[Told]) -> list[e.Event]:
        if not isinstance(command, c.RequestStatus):
            self.commands.append(command)
        events = self.venue.handle(command)
        assert [told(event) for event in events] == expected
        return events
