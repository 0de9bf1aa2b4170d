"""The venue and the reference side by side: every request goes to both, and both must agree."""

from decimal import Decimal
from typing import Any

from tests.property.bookkeeper import SCHEDULE
from tests.reference import Reference, Terms, Told
from venue.core import commands as c
from venue.core import events as e
from venue.core import types as t
from venue.core.instrument import InstrumentSpec
from venue.core.qualifiers import PLAIN, Changes, Details, Qualifiers
from venue.core.venue import Venue

FIRMS = {"ANN": "NORTH", "BOB": "SOUTH", "CAT": "NORTH"}
"""Session to firm: two traders of one firm against another's."""
ACCOUNTS = {"ANN": "1", "BOB": "1"}
TERMS = {
    "A": Terms(reference_price=100, min_qty=1, max_qty=9, collar=6),
    "B": Terms(reference_price=100, min_qty=2, max_qty=9, collar=50),
}
WORDS: dict[str, dict[str, Any]] = {
    name: {member.name.lower().replace("_", " "): member for member in kind}
    for name, kind in {
        "side": t.Side,
        "ord_type": t.OrdType,
        "time_in_force": t.TimeInForce,
        "status": t.OrdStatus,
        "liquidity": t.Liquidity,
        "trigger_price_type": t.TriggerPriceType,
        "self_match_prevention_instruction": t.SelfMatchPreventionInstruction,
        "post_only": t.PostOnly,
        "scope": t.MassScope,
        "phase": t.TradingPhase,
    }.items()
}
"""The reference's words and the venue's codes, by the field that holds them."""
REASON: dict[type[e.Event], dict[Any, str]] = {
    e.CancelRejected: {
        t.CxlRejReason.PRICE_EXCEEDS_BAND: "collar",
    },
    e.OrderRejected: {
        t.OrdRejReason.INCORRECT_QUANTITY: "quantity",
        t.OrdRejReason.PRICE_EXCEEDS_BAND: "collar",
    },
}
"""Where the reference's word for a reason is not the code's name."""
WHAT: dict[type[e.Event], str] = {
    e.OrderAccepted: "accepted",
    e.OrderTriggered: "triggered",
    e.OrderFilled: "filled",
    e.OrderTradeBusted: "busted",
    e.OrderTradeCorrected: "corrected",
    e.OrderCanceled: "canceled",
    e.OrderExpired: "expired",
    e.OrderRestated: "restated",
    e.OrderReplaced: "replaced",
    e.OrderStatusReported: "status",
    e.DuplicateRejected: "duplicate",
    e.OrderRejected: "rejected",
    e.CancelRejected: "cancel rejected",
    e.UnknownStatusReported: "unknown",
    e.NoOrdersReported: "no orders",
    e.MassCancelReported: "mass cancel",
    e.DayEnded: "day ended",
    e.InstrumentDefined: "instrument",
    e.InstrumentDelisted: "delisted",
    e.MarketPhaseEntered: "market phase",
    e.PhaseEntered: "phase",
    e.AuctionHeld: "auction",
    e.TradeChanged: "trade changed",
}
UNTOLD = {
    e.OrderRejected: ("symbol", "side", "ord_type", "time_in_force", "price", "order_qty"),
    e.UnknownStatusReported: ("symbol", "side"),
}
"""What is echoed as it came, and the reference does not echo."""


def told(event: e.Event) -> Told:
    """An event of the venue in the reference's words."""
    fields = {name: getattr(event, name, None) for name in Told._fields}
    fields |= {"to": event.session, "what": WHAT[type(event)]}
    fields |= {"status": getattr(event, "ord_status", None)}
    fields |= dict.fromkeys(UNTOLD.get(type(event), ()))
    if isinstance(event, e.OrderEvent):
        fields |= _details(event)
    if isinstance(event, e.OrderStatusReported) and not event.mass_status_req_id:
        fields |= dict.fromkeys(("mass_status_req_id", "total_reports", "last_report"))
    for name in WORDS:
        if fields.get(name):
            fields[name] = _WORD[name].get(fields[name], fields[name])
    if fields["reason"] is not None:
        word = fields["reason"].name.lower().replace("_", " ")
        fields["reason"] = REASON.get(type(event), {}).get(fields["reason"], word)
    return Told(**fields)


def _details(event: e.OrderEvent) -> dict[str, Any]:
    """What an order without any details might as well say of itself."""
    details = event.details or Details(PLAIN, True, event.leaves_qty, False, 0, 0)
    named = {name: getattr(details.qualifiers, name, None) for name in Told._fields}
    how = {name: getattr(details, name) for name in Details.__struct_fields__[1:]}
    return {name: value for name, value in (named | how).items() if value is not None}


_WORD = {name: {code: word for word, code in codes.items()} for name, codes in WORDS.items()}


def codes(words: dict[str, Any]) -> dict[str, Any]:
    """The venue's codes for the reference's words."""
    return {name: WORDS.get(name, {}).get(word, word) for name, word in words.items()}


def spec(symbol: str, terms: Terms) -> InstrumentSpec:
    """The same terms for the venue; tick and lot are unequal to 1 so that none passes for text."""
    tick, lot = Decimal("0.25"), Decimal("0.1")
    dynamic, static = (
        None if percent is None else Decimal(percent)
        for percent in (terms.dynamic_collar, terms.static_collar)
    )
    return InstrumentSpec(
        symbol,
        tick,
        lot,
        terms.reference_price * tick,
        terms.min_qty * lot,
        terms.max_qty * lot,
        Decimal(terms.collar),
        "USD",
        terms.market,
        "CS",
        dynamic,
        static,
        terms.interruption_seconds,
        terms.interruption_random_seconds,
    )


class Twins:
    """Sends each request to the venue and to the reference, in the reference's words."""

    def __init__(self, terms: dict[str, Terms] = TERMS) -> None:
        self.venue = Venue()
        self.reference = Reference(terms)
        self.commands: list[c.Command] = []
        """What a journal would hold."""
        self._handle(c.DefineFees(SCHEDULE), [])
        for symbol in terms:
            defined = Told("", "instrument", symbol=symbol, is_new=True)
            self._handle(c.DefineInstrument(spec(symbol, terms[symbol])), [defined])

    # One order

    def new(
        self,
        session: str,
        cl_ord_id: str,
        qualifiers: dict[str, Any] | None = None,
        **terms: Any,
    ) -> list[e.Event]:
        who = session, FIRMS[session], cl_ord_id
        expected = self.reference.new(*who, qualifiers=qualifiers, **terms)
        given = None if qualifiers is None else Qualifiers(**codes(qualifiers))
        account = ACCOUNTS.get(session, "")
        order = c.NewOrder(*who, **codes(terms), account=account, qualifiers=given)
        events = self._handle(order, expected)
        if given is None and terms["time_in_force"] != "at the close":
            first = events[0]
            assert not isinstance(first, e.OrderAccepted) or first.details is None
        return events

    def refused(self, session: str, cl_ord_id: str, poss_resend: bool) -> list[e.Event]:
        expected = self.reference.rejected(session, cl_ord_id, "other", poss_resend)
        who = session, FIRMS[session], cl_ord_id
        echoed = ("text", "symbol", "side", "ord_type", "time_in_force", "price", "order_qty")
        fields: Any = dict.fromkeys(echoed, "?") | {"poss_resend": poss_resend}
        return self._handle(c.RefuseOrder(*who, t.OrdRejReason.OTHER, **fields), expected)

    def cancel(self, session: str, cl_ord_id: str, **names: Any) -> list[e.Event]:
        who = session, FIRMS[session], cl_ord_id
        expected = self.reference.cancel(*who, **names)
        return self._handle(c.CancelOrder(*who, **codes(_by_id(names))), expected)

    def replace(
        self,
        session: str,
        cl_ord_id: str,
        changes: dict[str, Any] | None = None,
        **names: Any,
    ) -> list[e.Event]:
        who = session, FIRMS[session], cl_ord_id
        expected = self.reference.replace(*who, changes=changes, **names)
        given = None if changes is None else Changes(**codes(changes))
        command = c.ReplaceOrder(*who, **codes(_by_id(names)), changes=given)
        return self._handle(command, expected)

    def refused_cancel(self, session: str, cl_ord_id: str, **names: Any) -> list[e.Event]:
        who = session, FIRMS[session], cl_ord_id
        expected = self.reference.refuse_cancel(*who, reason="other", **names)
        fault: Any = {
            "response_to": t.CxlRejResponseTo.REPLACE,
            "reason": t.CxlRejReason.OTHER,
            "text": "?",
        }
        return self._handle(c.RefuseCancel(*who, **_by_id(names), **fault), expected)

    def status(self, session: str, cl_ord_id: str, order_id: int | None) -> list[e.Event]:
        who = session, FIRMS[session], cl_ord_id
        expected = self.reference.status(*who, order_id)
        return self._handle(
            c.RequestStatus(*who, **_by_id({"order_id": order_id}), **ANY), expected
        )

    # Many orders

    def mass_cancel(
        self, session: str, cl_ord_id: str, symbol: str, side: str | None
    ) -> list[e.Event]:
        """Of one symbol, or of all where `symbol` is empty."""
        scope = "security" if symbol else "all"
        expected = self.reference.mass_cancel(session, cl_ord_id, scope, symbol, side)
        of = codes({"scope": scope, "symbol": symbol, "side": side})
        return self._handle(c.MassCancel(session, FIRMS[session], cl_ord_id, **of), expected)

    def refused_mass_cancel(self, session: str, cl_ord_id: str) -> list[e.Event]:
        expected = self.reference.refuse_mass_cancel(
            session, cl_ord_id, "not supported", "?", "?", None
        )
        why = t.MassCancelRejectReason.NOT_SUPPORTED, "?"
        who = session, FIRMS[session], cl_ord_id
        return self._handle(c.RefuseMassCancel(*who, "?", "?", "", *why), expected)

    def mass_status(self, session: str, symbol: str, side: str | None) -> list[e.Event]:
        scope = "security" if symbol else "all"
        expected = self.reference.mass_status(session, "?", symbol, side)
        of = codes({"scope": scope, "symbol": symbol, "side": side})
        return self._handle(c.RequestMassStatus(session, FIRMS[session], "?", **of), expected)

    # Sessions and time

    def connected(self, session: str, cancel_on_disconnect: bool) -> list[e.Event]:
        expected = self.reference.connected(session, cancel_on_disconnect)
        command = c.SessionConnected(session, FIRMS[session], cancel_on_disconnect)
        return self._handle(command, expected)

    def disconnected(self, session: str, reason: str, witnesses: tuple[str, ...]) -> list[e.Event]:
        expected = self.reference.disconnected(session, reason, witnesses)
        why = {"logout": t.ExecRestatementReason.LOGOUT}.get(
            reason, t.ExecRestatementReason.CONNECTION_LOSS
        )
        return self._handle(c.SessionDisconnected(session, why, witnesses), expected)

    def define_trading_day(self, ends: int) -> list[e.Event]:
        return self._handle(c.DefineTradingDay(ends), self.reference.define_trading_day(ends))

    def define_retention(self, cl_ord_ids: int) -> list[e.Event]:
        expected = self.reference.define_retention(cl_ord_ids)
        return self._handle(c.DefineRetention(cl_ord_ids), expected)

    def define_accounting(self, trades: int, method: t.CostMethod) -> list[e.Event]:
        expected = self.reference.define_accounting(trades)
        return self._handle(c.DefineAccounting(method, trades), expected)

    # Instruments and phases

    def define_seed(self, seed: int) -> list[e.Event]:
        return self._handle(c.DefineSeed(seed), self.reference.define_seed(seed))

    def define_instrument(self, symbol: str, terms: Terms) -> list[e.Event]:
        expected = self.reference.define_instrument(symbol, terms)
        return self._handle(c.DefineInstrument(spec(symbol, terms)), expected)

    def delist(self, symbol: str) -> list[e.Event]:
        return self._handle(c.DelistInstrument(symbol), self.reference.delist(symbol))

    def enter_phase(self, market: str, phase: str | None) -> list[e.Event]:
        expected = self.reference.enter_phase(market, phase)
        entered = None if phase is None else WORDS["phase"][phase]
        return self._handle(c.EnterPhase(market, entered), expected)

    def halt(self, symbol: str) -> list[e.Event]:
        return self._handle(c.HaltInstrument(symbol), self.reference.halt(symbol))

    def resume(self, symbol: str, seconds: int) -> list[e.Event]:
        expected = self.reference.resume(symbol, seconds)
        return self._handle(c.ResumeInstrument(symbol, seconds), expected)

    def bust(self, trade_id: int) -> list[e.Event]:
        return self._handle(c.BustTrade(trade_id), self.reference.bust(trade_id))

    def correct(self, trade_id: int, qty: int, price: int) -> list[e.Event]:
        expected = self.reference.correct(trade_id, qty, price)
        return self._handle(c.CorrectTrade(trade_id, qty, price), expected)

    def cancel_by_venue(self, order_id: int, firm: str = "") -> list[e.Event]:
        expected = self.reference.cancel_by_venue(order_id, firm)
        return self._handle(c.CancelByVenue(order_id, firm), expected)

    def end_trading_day(self) -> list[e.Event]:
        return self._handle(c.EndTradingDay(), self.reference.end_trading_day())

    def advance_time(self, time: int) -> list[e.Event]:
        return self._handle(c.AdvanceTime(time), self.reference.advance_time(time))

    def _handle(self, command: c.Command, expected: list[Told]) -> list[e.Event]:
        if not isinstance(command, c.RequestStatus | c.RequestMassStatus | c.AdvanceTime):
            self.commands.append(command)
        events = self.venue.handle(command)
        assert [told(event) for event in events] == expected
        return events


ANY: Any = {"symbol": "", "side": "", "ord_status_req_id": ""}


def _by_id(names: dict[str, Any]) -> dict[str, Any]:
    """The same names, the OrderID as a client writes it."""
    order_id = names["order_id"]
    return names | {"order_id": "" if order_id is None else str(order_id)}
