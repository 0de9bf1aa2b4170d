"""A user of the web who trades by the dice, and repeats what was not answered under the same id."""

import asyncio
import random
from collections.abc import Callable
from decimal import Decimal

from tests.recovery.flow import CENTRE, SPREAD, SYMBOLS
from tests.recovery.ledger import TICK
from tests.recovery.web_claims import Claim, Claims, Item, Outcome
from tests.recovery.web_http import Http, Lost, Reply
from tests.recovery.web_processes import Person

MOST_LIVE = 30
"""Orders from which on he rather cancels."""
WORKERS = 4
"""Requests of his that are under way at once."""
PAUSE = 0.02
"""Seconds between two of them, at most."""
GIVES_UP = 0.04
"""How often he takes no answer for one."""
LOSSES = (503, 504, 429)
SIDES = ("buy", "sell")


class User:
    """`on_sent` is called with each request on its way. Who does not `list` asks for single orders
    alone.
    """

    def __init__(
        self, person: Person, port: int, seed: int, on_sent: Callable[[], None], lists: bool
    ) -> None:
        self.person, self.lists = person, lists
        self.claims = Claims(person.name, person.session)
        self.http = Http(port, person.token, on_sent)
        self._dice = random.Random(f"{seed} {person.name}")
        self._used = 0
        self._busy = 0
        self._may = asyncio.Event()

    async def work(self) -> None:
        """One of his WORKERS: act for ever, while there is no rest."""
        while True:
            await self._may.wait()
            self._busy += 1
            await self._act()
            self._busy -= 1
            await asyncio.sleep(self._dice.uniform(0, PAUSE))

    def go_on(self) -> None:
        self._may.set()

    async def rest(self) -> None:
        """Begin nothing any more, and wait for every answer."""
        self._may.clear()
        while self._busy:
            await asyncio.sleep(0.01)

    async def _act(self) -> None:
        working = self.claims.working
        weights = {"place": 60, "amend": 14, "cancel": 18, "mass": 0.6, "look": 5}
        weights |= {"list": 2 if self.lists else 0, "again": 4, "twice": 2}
        if not working:
            weights["amend"] = weights["cancel"] = 0
        elif len(working) > MOST_LIVE:
            weights["place"], weights["cancel"] = 10, 70
        [kind] = self._dice.choices(list(weights), list(weights.values()))
        if kind in ("amend", "cancel"):
            claim = self._dice.choice(working)
            if claim.changing.locked():
                return
            async with claim.changing:
                await (self._amend(claim) if kind == "amend" else self._cancel(claim))
        else:
            acts = {"place": self._place, "mass": self._mass_cancel, "look": self._look}
            acts |= {"list": self._list, "again": self._again, "twice": self._twice}
            await acts[kind]()

    async def insist(self, method: str, path: str, body: object = None) -> Outcome:
        """Repeat a request until it is answered; now and then give up."""
        times, may_have_arrived = 0, False
        while True:
            times += 1
            try:
                reply = await self.http.ask(method, path, body)
            except Lost as loss:
                may_have_arrived |= loss.may_have_arrived
                self.claims.counts["lost"] += 1
            else:
                if reply.status not in LOSSES:
                    return Outcome(reply, times, may_have_arrived)
                self.claims.counts[f"{reply.status}"] += 1
                may_have_arrived |= reply.status == 504
            if self._dice.random() < GIVES_UP:
                return Outcome(None, times, may_have_arrived)
            await asyncio.sleep(self._dice.uniform(0.02, 0.3))

    def _id(self) -> str:
        self._used += 1
        return f"{self.person.name}-{self._used}"

    async def _place(self) -> None:
        claim = self._order()
        self.claims.placed(claim, await self._post(claim))

    async def _twice(self) -> None:
        """The same order in two requests at the same time, which are one."""
        claim = self._order()
        outcomes = await asyncio.gather(self._post(claim), self._post(claim))
        for outcome in sorted(outcomes, key=_is_not_new):
            outcome.may_have_arrived, outcome.times = True, 2
            self.claims.placed(claim, outcome)

    async def _again(self) -> None:
        """An order of before, maybe changed or ended meanwhile: what was told is told again."""
        claims = self.claims.orders
        if not claims:
            return
        claim = claims[self._dice.choice(list(claims))]
        if claim.verdict == "open":
            return
        before = claim.known
        outcome = await self._post(claim)
        outcome.times += 1
        outcome.may_have_arrived |= claim.verdict != "unsent"
        self.claims.placed(claim, outcome)
        reply = outcome.reply
        if reply is not None and reply.status != 409 and claim.verdict == "accepted":
            self.claims.seen(claim, reply.body, before)

    async def _post(self, claim: Claim) -> Outcome:
        return await self.insist("POST", "/v1/orders", claim.terms)

    def _order(self) -> Claim:
        dice = self._dice
        quantity = dice.randint(1, 200)
        terms: Item = {
            "symbol": dice.choice(SYMBOLS),
            "side": dice.choice(SIDES),
            "quantity": str(quantity),
            "type": "limit",
            "price": self._price(),
            "client_order_id": self._id(),
        }
        kinds = {"limit": 75, "ioc": 6, "market": 3, "iceberg": 7, "post_only": 3, "stop_limit": 3}
        [kind] = dice.choices([*kinds, "bad"], [*kinds.values(), 3])
        if kind == "market":
            terms |= {"type": "market"}
            del terms["price"]
        elif kind == "iceberg":
            shown = dice.randint(max(1, quantity // 10), max(1, quantity // 2))
            terms |= {"type": kind, "display_quantity": str(shown)}
        elif kind == "stop_limit":
            terms |= {"type": kind, "trigger_price": self._price()}
        elif kind == "bad":
            terms |= {"price": "100000"}
        else:
            terms["type"] = kind
        claim = Claim(terms["client_order_id"], terms, kind == "bad")
        self.claims.orders[claim.id] = claim
        return claim

    def _price(self) -> str:
        return str((CENTRE + self._dice.randint(-SPREAD, SPREAD)) * TICK)

    def _name(self, claim: Claim) -> str:
        return self._dice.choice(claim.ids)

    async def _amend(self, claim: Claim) -> None:
        if "price" not in claim.terms or "trigger_price" in claim.terms:
            return
        new_id, before = self._id(), claim.known
        claim.is_asked_to_change = True
        quantity = self._dice.randint(1, 200)
        wanted = {"price": self._price(), "quantity": str(quantity), "client_order_id": new_id}
        outcome = await self.insist("PATCH", f"/v1/orders/{self._name(claim)}", wanted)
        order = self.claims.amend_answered(claim, new_id, wanted, outcome)
        if order is not None:
            self.claims.seen(claim, order, before)
        elif outcome.reply is not None:
            await self._look_at(claim)

    async def _cancel(self, claim: Claim) -> None:
        before = claim.known
        outcome = await self.insist("DELETE", f"/v1/orders/{self._name(claim)}")
        reply = outcome.reply
        self.claims.counts[f"DELETE {None if reply is None else reply.status}"] += 1
        if reply is None:
            return
        if reply.status == 200:
            self.claims.seen(claim, reply.body, before)
            self.claims.canceled(claim, reply.body)
        elif reply.status != 422 or reply.code != "refused":
            raise self.claims.fail("a cancel is answered", claim, reply)
        else:
            order = await self._look_at(claim)
            if order is not None and order["is_working"]:
                raise self.claims.fail("no cancel, and it works", claim, reply, order)

    async def _mass_cancel(self) -> None:
        """Cancel all of a symbol that there are; others may be entered meanwhile."""
        symbol = self._dice.choice(SYMBOLS)
        before = [claim for claim in self.claims.working if claim.terms["symbol"] == symbol]
        outcome = await self.insist("DELETE", f"/v1/orders?symbol={symbol}")
        reply = outcome.reply
        if reply is None:
            return
        if reply.status != 200:
            raise self.claims.fail("a mass cancel is answered", reply)
        self.claims.counts["mass cancels"] += 1
        for order in reply.body["canceled"]:
            claim = self.claims.with_order_id(order["order_id"])
            if claim is not None:
                self.claims.canceled(claim, order)
        for claim in before:
            claim.has_ended = True

    async def _look(self) -> None:
        accepted = [each for each in self.claims.orders.values() if each.verdict == "accepted"]
        if accepted:
            await self._look_at(self._dice.choice(accepted[-200:]))

    async def _look_at(self, claim: Claim) -> Item | None:
        """An order that was accepted, by any id of its own; None where he gave up."""
        before = claim.known
        reply = (await self.insist("GET", f"/v1/orders/{self._name(claim)}")).reply
        if reply is None:
            return None
        if reply.status != 200:
            raise self.claims.fail("an order is forgotten", claim, reply)
        self.claims.counts["looks"] += 1
        order: Item = reply.body
        self.claims.seen(claim, order, before)
        return order

    async def _list(self) -> None:
        """Orders and fills as they are told in the midst of it all."""
        working = {claim.order_id: claim.known for claim in self.claims.working}
        reply = await self.listed("orders?status=working&limit=1000")
        if reply is None:
            return
        told = [order["order_id"] for order in reply.body]
        if len(set(told)) != len(told):
            raise self.claims.fail("an order is listed twice", told)
        for order in reply.body:
            claim = self.claims.with_order_id(order["order_id"])
            if claim is not None and order["is_own"]:
                self.claims.seen(claim, order, working.get(claim.order_id, (Decimal(0), False)))
        reply = await self.listed("fills?limit=300")
        if reply is not None:
            self.fills(reply.body)

    def fills(self, fills: list[Item]) -> None:
        """Take a list of fills, newest first, each once."""
        names = [(fill["trade_id"], fill["order_id"]) for fill in fills]
        if len(set(names)) != len(names):
            raise self.claims.fail("a fill is listed twice", names)
        ages = [int(trade) for trade, _ in names]
        if ages != sorted(ages, reverse=True):
            raise self.claims.fail("fills are not in order", ages)
        for fill in fills:
            self.claims.filled(fill)

    async def listed(self, path: str) -> Reply | None:
        reply = (await self.insist("GET", f"/v1/{path}")).reply
        if reply is not None and reply.status != 200:
            raise self.claims.fail(f"/v1/{path}", reply)
        return reply


def _is_not_new(outcome: Outcome) -> bool:
    return outcome.reply is None or outcome.reply.status != 201
