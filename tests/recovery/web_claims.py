"""What one user of the web was told, and what he may therefore rely on. It believes nothing: every
later answer is held against all that was answered before its request was sent.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from tests.recovery.web_http import Reply
from tests.recovery.wire import ViolationError

Item = dict[str, Any]
Verdict = Literal["open", "accepted", "refused", "in use", "unsent", "unknown"]
"""What became of a request. `in use`: it was sent more than once, and refused for that, as may be
where the first was refused; `unsent`: no answer but that it was not sent; `unknown`: its answer was
lost, and it was not repeated.
"""


@dataclass
class Outcome:
    """A request that was repeated until there was an answer, or it was given up (`reply` None)."""

    reply: Reply | None
    times: int
    may_have_arrived: bool

    @property
    def is_first(self) -> bool:
        """Whether the venue cannot have had it before the answer's request."""
        return self.times == 1 or not self.may_have_arrived

    @property
    def lost(self) -> Verdict:
        """What is known of it without an answer."""
        return "unknown" if self.may_have_arrived else "unsent"


@dataclass(eq=False)
class Claim:
    """An order. Its `ids` are those that it has for sure, the last is the present one."""

    id: str
    terms: Item
    is_bad: bool
    verdict: Verdict = "open"
    order_id: str | None = None
    ids: list[str] = field(default_factory=list)
    filled: Decimal = Decimal(0)
    has_ended: bool = False
    is_canceled: bool = False
    is_asked_to_change: bool = False
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_working(self) -> bool:
        """As far as was told."""
        return self.verdict == "accepted" and not self.has_ended

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing about it that the venue may refuse."""
        return not self.is_bad and self.terms["type"] in ("limit", "market", "ioc")

    @property
    def may_be_amended_at_its_end(self) -> bool:
        """Whether an amendment may have filled it: nobody who has forgotten that can ask for it."""
        return self.is_asked_to_change and self.has_ended and not self.is_canceled

    @property
    def known(self) -> tuple[Decimal, bool]:
        """What can only grow: what is filled, and whether it has ended."""
        return self.filled, self.has_ended


class Claims:
    """`orders` by the id that they were entered with, `amended` what became of amendments by their
    new ids, `fills` by trade and order.
    """

    def __init__(self, user: str, session: str) -> None:
        self.user, self.session = user, session
        self.orders: dict[str, Claim] = {}
        self.amended: dict[str, Verdict] = {}
        self.fills: dict[tuple[str, str], Item] = {}
        self.counts: Counter[str] = Counter()
        self._by_order_id: dict[str, Claim] = {}

    def fail(self, text: str, *what: object) -> ViolationError:
        said = "; ".join(repr(each)[:2500] for each in what)
        return ViolationError(f"{self.user}: {text}: {said}")

    @property
    def working(self) -> list[Claim]:
        return [each for each in self.orders.values() if each.is_working]

    def placed(self, claim: Claim, outcome: Outcome) -> None:
        """Take the answer to POST /v1/orders, the first or another one."""
        reply = outcome.reply
        self.counts[f"POST {None if reply is None else reply.status}"] += 1
        if reply is None:
            if claim.verdict in ("open", "unsent"):
                claim.verdict = outcome.lost
        elif reply.status in (200, 201):
            self._accepted(claim, reply, outcome)
        elif reply.status == 422 and reply.code == "refused":
            self._refused(claim, reply)
        elif not claim.is_plain and not outcome.is_first and _is_of_no_order(reply):
            if claim.verdict != "refused":
                claim.verdict = "in use"
        elif claim.may_be_amended_at_its_end and _is_of_other_terms(reply):
            self.counts["POST 409 of an order amended to its end"] += 1
        else:
            raise self.fail("an order is answered", claim, reply, outcome)

    def _accepted(self, claim: Claim, reply: Reply, outcome: Outcome) -> None:
        if claim.is_bad or claim.verdict in ("refused", "in use"):
            raise self.fail("what has to be refused is accepted", claim, reply)
        if reply.status == 201 and claim.verdict == "accepted":
            raise self.fail("an order is new a second time", claim, reply)
        if reply.status == 200 and claim.verdict == "open" and outcome.is_first:
            raise self.fail("a new order was there before", claim, reply)
        if claim.verdict != "accepted":
            claim.verdict = "accepted"
            claim.ids.append(claim.id)
        self.seen(claim, reply.body, (Decimal(0), False))

    def _refused(self, claim: Claim, reply: Reply) -> None:
        if claim.verdict == "accepted" or claim.is_plain:
            raise self.fail("a sound order is refused", claim, reply)
        claim.verdict = "refused"

    def seen(self, claim: Claim, order: Item, before: tuple[Decimal, bool]) -> None:
        """Take an order that was told; `before` is what was known when it was asked for."""
        if claim.order_id is None:
            other = self._by_order_id.setdefault(order["order_id"], claim)
            if other is not claim:
                raise self.fail("two requests are one order", claim, other, order)
            claim.order_id = order["order_id"]
        told = set(order["client_order_ids"])
        if order["order_id"] != claim.order_id or not order["is_own"]:
            raise self.fail("it is another order", claim, order)
        if len(told) != len(order["client_order_ids"]):
            raise self.fail("it has an id twice", claim, order)
        filled = Decimal(order["filled_quantity"])
        if filled < before[0] or (before[1] and order["is_working"]):
            raise self.fail("it was further", claim, order, before)
        for name in ("symbol", "side"):
            if order[name] != claim.terms[name]:
                raise self.fail(f"its {name} is another", claim, order)
        if order["status"] in ("unknown", "rejected"):
            raise self.fail("it was accepted", claim, order)
        claim.has_ended |= not order["is_working"]
        claim.filled = max(claim.filled, filled)
        for fill in order["fills"]:
            self.filled(fill)

    def filled(self, fill: Item) -> None:
        """Take a fill, which is never another than it was."""
        before = self.fills.setdefault((fill["trade_id"], fill["order_id"]), fill)
        for name in ("execution_id", "symbol", "side", "quantity", "price", "status"):
            if before[name] != fill[name]:
                raise self.fail("a fill is another than before", before, fill)

    def amend_answered(
        self, claim: Claim, new_id: str, wanted: Item, outcome: Outcome
    ) -> Item | None:
        """Take the answer to PATCH; return the order where it was amended."""
        reply = outcome.reply
        self.counts[f"PATCH {None if reply is None else reply.status}"] += 1
        if reply is None:
            self.amended[new_id] = outcome.lost
        elif reply.status == 200:
            order: Item = reply.body
            if new_id not in order["client_order_ids"]:
                raise self.fail("amended without its id", claim, new_id, order)
            if order["client_order_id"] == new_id:
                price, quantity = Decimal(wanted["price"]), Decimal(wanted["quantity"])
                filled = Decimal(order["filled_quantity"])
                if Decimal(order["price"]) != price or (
                    Decimal(order["quantity"]) != max(quantity, filled)
                ):
                    raise self.fail("amended otherwise", claim, wanted, order)
            self.amended[new_id] = "accepted"
            claim.ids.append(new_id)
            return order
        elif reply.status in (409, 422) and reply.code in ("refused", "id_in_use"):
            if reply.status == 409 and outcome.is_first:
                raise self.fail("a new id is in use", claim, new_id, reply)
            self.amended[new_id] = "refused" if outcome.is_first else "unknown"
        else:
            raise self.fail("an amendment is answered", claim, reply)
        return None

    def canceled(self, claim: Claim, order: Item) -> None:
        """Take an order that was told to be canceled."""
        if order["is_working"] or order["status"] != "canceled":
            raise self.fail("it is not canceled", claim, order)
        claim.is_canceled = claim.has_ended = True

    def with_order_id(self, order_id: str) -> Claim | None:
        return self._by_order_id.get(order_id)


def _is_of_no_order(reply: Reply) -> bool:
    """Tell whether an id is said to be used up by a request that was refused."""
    return reply.status == 409 and "no order" in reply.body["detail"]


def _is_of_other_terms(reply: Reply) -> bool:
    return reply.status == 409 and "with other" in reply.body["detail"]
