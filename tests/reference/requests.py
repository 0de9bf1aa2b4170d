"""What a session may ask for, and what it is answered."""

from typing import Any

from tests.reference.order import Order, Terms, Told
from tests.reference.terms import Conditions


class Requests(Conditions):
    def __init__(self, terms: dict[str, Terms]) -> None:
        super().__init__(terms)
        self.canceled_on_disconnect: dict[str, bool] = {}

    # New orders

    def new(self, session: str, firm: str, cl_ord_id: str, **terms: Any) -> list[Told]:
        resend = terms.pop("poss_resend")
        qualifiers = terms.pop("qualifiers", None)
        order = Order(0, session, firm, cl_ord_id, **terms, **qualifiers or {})
        reason = self.refuses(order)
        if reason or cl_ord_id in self.used[session]:
            return self.rejected(session, cl_ord_id, reason or "", resend)
        order.order_id = next(self.order_ids)
        self.orders.append(order)
        self.use(session, cl_ord_id, order)
        return [*self.enter(order), *self.settle()]

    def rejected(self, session: str, cl_ord_id: str, reason: str, resend: bool) -> list[Told]:
        """A new order that cannot be one."""
        order = self.used[session].get(cl_ord_id)
        if cl_ord_id in self.used[session]:
            reason = "duplicate order"
        else:
            self.use(session, cl_ord_id, None)
        if order and resend:
            return [self.tell("status", order, session, cl_ord_id)]
        if order:
            return [self.tell("duplicate", order, session, cl_ord_id, reason=reason)]
        ids = {"exec_id": next(self.exec_ids), "order_id": next(self.order_ids)}
        return [Told(session, "rejected", cl_ord_id, reason=reason, **ids)]

    # Cancel and replace

    def cancel(self, session: str, firm: str, cl_ord_id: str, **names: Any) -> list[Told]:
        order, answer = self.find(session, firm, cl_ord_id, **names)
        if order is None:
            return answer
        if (names["symbol"], names["side"]) != (order.symbol, order.side):
            return self.cancel_rejected(session, cl_ord_id, order, "other", **names)
        self.use(session, cl_ord_id, order)
        orig = order.cl_ord_id
        told = [self.end("canceled", order, session, cl_ord_id, orig_cl_ord_id=orig)]
        if session != order.session:
            told.append(self.tell("canceled", order))
        return [*told, *self.settle()]

    def replace(self, session: str, firm: str, cl_ord_id: str, **names: Any) -> list[Told]:
        order, answer = self.find(session, firm, cl_ord_id, **names)
        if order is None:
            return answer
        reason = self.refuses_change(order, session, **names)
        if reason:
            return self.cancel_rejected(session, cl_ord_id, order, reason, **names)
        orig, order.cl_ord_id = order.cl_ord_id, cl_ord_id
        self.use(session, cl_ord_id, order)
        return [*self.change(order, orig, **names), *self.settle()]

    def refuse_cancel(self, session: str, firm: str, cl_ord_id: str, **names: Any) -> list[Told]:
        """A cancel or replace request with a fault of its own."""
        reason = names.pop("reason")
        order, answer = self.find(session, firm, cl_ord_id, **names)
        if order is None:
            return answer
        return self.cancel_rejected(session, cl_ord_id, order, reason, **names)

    def find(
        self, session: str, firm: str, cl_ord_id: str, **names: Any
    ) -> tuple[Order | None, list[Told]]:
        """The live order that a request names by its current id, or why there is none."""
        orig_cl_ord_id = names["orig_cl_ord_id"]
        order = self.named(session, firm, orig_cl_ord_id, names["order_id"])
        if cl_ord_id in self.used[session]:
            known = self.used[session][cl_ord_id]
            if known and names["poss_resend"]:
                return None, [self.tell("status", known, session, cl_ord_id)]
            reason = "duplicate cl ord id"
        elif order is None:
            reason = "unknown order"
        elif not order.leaves_qty:
            reason = "too late"
        elif orig_cl_ord_id not in ("", order.cl_ord_id):
            reason = "unknown order"
        else:
            return order, []
        return None, self.cancel_rejected(session, cl_ord_id, order, reason, **names)

    def named(self, session: str, firm: str, cl_ord_id: str, order_id: int | None) -> Order | None:
        if order_id is None:
            return self.used[session].get(cl_ord_id)
        return next((o for o in self.orders if (o.order_id, o.firm) == (order_id, firm)), None)

    def cancel_rejected(
        self, session: str, cl_ord_id: str, order: Order | None, reason: str, **names: Any
    ) -> list[Told]:
        """The id is used up but never was the order's; 41 names the last id accepted (D.2.c)."""
        orig = names["orig_cl_ord_id"]
        if order and (not orig or (session, orig) in self.refused):
            orig = order.cl_ord_id
        if cl_ord_id not in self.used[session]:
            self.refused.add((session, cl_ord_id))
            self.use(session, cl_ord_id, order)
        order_id, status = (order.order_id, order.status) if order else (None, "rejected")
        told = Told(session, "cancel rejected", cl_ord_id, orig, reason=reason)
        return [told._replace(order_id=order_id, status=status)]

    # Many orders at once

    def live(self, session: str, symbol: str, side: str | None) -> list[Order]:
        """The session's live orders, of one symbol or side or any."""
        orders = [o for o in self.orders if o.session == session and o.leaves_qty]
        return [o for o in orders if symbol in ("", o.symbol) and side in (None, o.side)]

    def mass_cancel(
        self, session: str, cl_ord_id: str, scope: str, symbol: str, side: str | None
    ) -> list[Told]:
        if symbol and symbol not in self.terms:
            return self.refuse_mass_cancel(
                session, cl_ord_id, "unknown security", scope, symbol, side
            )
        if cl_ord_id in self.used[session]:
            return self.refuse_mass_cancel(session, cl_ord_id, "other", scope, symbol, side)
        self.use(session, cl_ord_id, None)
        orders = self.live(session, symbol, side)
        told = [
            Told(
                session,
                "mass cancel",
                cl_ord_id,
                order_id=next(self.order_ids),
                scope=scope,
                symbol=symbol,
                side=side or "",
                total_affected_orders=len(orders),
            )
        ]
        for order in orders:
            orig = order.cl_ord_id
            told.append(self.end("canceled", order, session, cl_ord_id, orig_cl_ord_id=orig))
        return [*told, *self.settle()]

    def refuse_mass_cancel(
        self, session: str, cl_ord_id: str, reason: str, scope: str, symbol: str, side: str | None
    ) -> list[Told]:
        if cl_ord_id in self.used[session]:
            reason = "other"
        else:
            self.use(session, cl_ord_id, None)
        told = Told(session, "mass cancel", cl_ord_id, order_id=next(self.order_ids), reason=reason)
        of = {"scope": scope, "symbol": symbol, "side": side or ""}
        return [told._replace(total_affected_orders=0, **of)]

    def connected(self, session: str, cancel_on_disconnect: bool) -> list[Told]:
        self.canceled_on_disconnect[session] = cancel_on_disconnect
        return []

    def disconnected(self, session: str, reason: str, witnesses: tuple[str, ...]) -> list[Told]:
        """The owner and each witness are told the same, under the same ExecID."""
        told = []
        if self.canceled_on_disconnect.pop(session, False):
            for order in self.live(session, "", None):
                told.append(self.end("canceled", order, reason=reason))
                told += [told[-1]._replace(to=witness) for witness in witnesses]
        return [*told, *self.settle()]

    # Questions

    def status(self, session: str, firm: str, cl_ord_id: str, order_id: int | None) -> list[Told]:
        order = self.named(session, firm, cl_ord_id, order_id)
        if order is None:
            return [Told(session, "unknown", cl_ord_id)]
        return [self.tell("status", order, session, cl_ord_id)]

    def mass_status(
        self, session: str, mass_status_req_id: str, symbol: str, side: str | None
    ) -> list[Told]:
        asked = {"mass_status_req_id": mass_status_req_id}
        orders = self.live(session, symbol, side)
        if not orders:
            known = symbol in ("", *self.terms)
            reason = "unknown order" if known else "unknown symbol"
            of = {"symbol": symbol, "side": side or ""}
            return [Told(session, "no orders", reason=reason, **of, **asked)]
        told = [self.tell("status", o, total_reports=len(orders), **asked) for o in orders]
        return [each._replace(last_report=each is told[-1]) for each in told]
