"""At rest: what the web says at the end and said on the way, held against what the venue says."""

import asyncio
import time
from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from tests.recovery.flow import SYMBOLS
from tests.recovery.web_claims import Claim, Item
from tests.recovery.web_clearing import STATUS_WORDS, Clearing, Trade, Truth
from tests.recovery.web_listener import OWN, Listener
from tests.recovery.web_processes import FIRMS, PEOPLE
from tests.recovery.web_user import User
from tests.recovery.wire import ViolationError

SIDE_WORDS = {"1": "buy", "2": "sell"}
MOST = 1_000
"""Of a list."""
MOST_SHOWN = 500
"""Of a snapshot of fills, or of orders that have ended."""
SECONDS = 20.0
"""In which what was told has to be what is."""
Figures = dict[Any, Any]


def check_claims(users: list[User], clearing: Clearing) -> None:
    """Raise `ViolationError` where the venue has not done what users were told, or has more."""
    claimed: set[tuple[str, str]] = set()
    for user in users:
        claims, session = user.claims, user.person.session
        for claim in claims.orders.values():
            claimed.add((session, claim.id))
            times = clearing.entered[session, claim.id]
            most = 1 if claim.verdict in ("accepted", "unknown") else 0
            if times > most or (claim.verdict == "accepted" and times != 1):
                raise claims.fail(f"the venue has it {times} times", claim)
            if claim.verdict == "accepted":
                _check_claim(user, claim, clearing)
        for new_id, verdict in claims.amended.items():
            times = clearing.replaced[session, new_id]
            most = 1 if verdict in ("accepted", "unknown") else 0
            if times > most or (verdict == "accepted" and times != 1):
                raise claims.fail(f"the venue has amended {times} times", new_id, verdict)
        for name, fill in claims.fills.items():
            _check_fill(user.person.name, fill, clearing.sides.get(name))
    sessions = {person.session for person in PEOPLE}
    invented = [key for key in clearing.entered if key[0] in sessions and key not in claimed]
    if invented:
        raise ViolationError(f"orders that nobody has asked for: {invented[:10]}")


def _check_claim(user: User, claim: Claim, clearing: Clearing) -> None:
    truth = clearing.by_id[user.person.session, claim.id]
    if truth.order_id != claim.order_id or not set(claim.ids) <= set(truth.cl_ord_ids):
        raise user.claims.fail("it is another order of the venue", claim, truth)
    if claim.filled > truth.filled or (claim.has_ended and truth.is_live):
        raise user.claims.fail("more was told than was done", claim, truth)
    if claim.is_canceled and (truth.order_id not in clearing.canceled or truth.status != "4"):
        raise user.claims.fail("told to be canceled", claim, truth)


def _check_fill(name: str, fill: Item, side: Trade | None) -> None:
    told = (fill["symbol"], fill["side"], Decimal(fill["quantity"]), Decimal(fill["price"]))
    if side is None or told != (
        *(side.symbol, SIDE_WORDS[side.side], side.quantity),
        side.price,
    ):
        raise ViolationError(f"{name}: a fill was told that is none: {fill}, {side}")


def _seen_by(user: User) -> set[str]:
    """The sessions whose orders a user sees."""
    person = user.person
    if person.drop_copy is None:
        return {person.session}
    return {session for session, firm in FIRMS.items() if firm == person.firm}


async def check_orders(user: User, clearing: Clearing) -> None:
    """Raise `ViolationError` where REST tells other orders than the venue has."""
    name, sees = user.person.name, _seen_by(user)
    working = await _list(user, f"orders?status=working&limit={MOST}")
    live = {key: _true(each) for key, each in clearing.live().items() if each.session in sees}
    told = {order["order_id"]: _told(order) for order in working}
    _compare(f"{name}: live orders", told, live)
    if len(told) != len(working):
        raise ViolationError(f"{name}: an order is listed twice")
    for order in await _list(user, f"orders?limit={MOST}"):
        truth = clearing.orders[order["order_id"]]
        _compare(f"{name}: an order", {0: _told(order, truth)}, {0: _true(truth)})


async def check_fills(user: User, clearing: Clearing) -> None:
    """Raise `ViolationError` where REST tells other fills than the venue has."""
    name, sees = user.person.name, _seen_by(user)
    sides = [side for side in clearing.sides.values() if side.session in sees]
    sides.sort(key=lambda side: int(side.trade_id), reverse=True)
    for symbol in (None, *SYMBOLS):
        query = "" if symbol is None else f"symbol={symbol}&"
        fills = await _list(user, f"fills?{query}limit={MOST}")
        user.fills(fills)
        newest = [side for side in sides if symbol in (None, side.symbol)][:MOST]
        told = {(fill["trade_id"], fill["order_id"]): fill["quantity"] for fill in fills}
        true = {(side.trade_id, side.order_id): str(side.quantity) for side in newest}
        if len(newest) == len(fills) == MOST:  # of the oldest trade one side may be left out
            oldest = newest[-1].trade_id
            for each in (told, true):
                for key in [key for key in each if key[0] == oldest]:
                    del each[key]
        _compare(f"{name}: fills", told, true)


async def check_positions(user: User, clearing: Clearing) -> None:
    """Raise `ViolationError` where a firm's positions are not its trades added up."""
    wanted: Counter[str] = Counter()
    for side in clearing.sides.values():
        if FIRMS[side.session] == user.person.firm:
            wanted[side.symbol] += int(side.quantity) * (1 if side.side == "1" else -1)
    positions = await _list(user, "positions")
    told = {each["symbol"]: (int(each["quantity"]),) for each in positions}
    traded = {side.symbol for side in clearing.sides.values()} & told.keys()
    known = {symbol: (quantity,) for symbol, quantity in wanted.items()}
    _compare(f"{user.person.name}: positions", told, known | {s: (wanted[s],) for s in traded})


async def check_each(user: User, clearing: Clearing, claims: list[Claim]) -> None:
    """Raise `ViolationError` where single orders are not told as the venue has them."""
    for claim in claims:
        outcome = await user.insist("GET", f"/v1/orders/{claim.id}")
        while outcome.reply is None:
            outcome = await user.insist("GET", f"/v1/orders/{claim.id}")
        truth = clearing.by_id.get((user.person.session, claim.id))
        reply = outcome.reply
        if truth is None:
            if reply.status != 404:
                raise user.claims.fail("an order that is none is told", claim, reply)
            continue
        if reply.status != 200 or _told(reply.body, truth) != _true(truth):
            raise user.claims.fail("an order is told otherwise", claim, reply, truth)
        told = {fill["trade_id"]: Decimal(fill["quantity"]) for fill in reply.body["fills"]}
        true = {trade_id: trade.quantity for trade_id, trade in truth.trades.items()}
        if told != true or len(reply.body["fills"]) != len(true):
            raise user.claims.fail("the fills of an order", claim, told, true)
        unknown = set(reply.body["client_order_ids"]) - set(truth.cl_ord_ids)
        if unknown:
            raise user.claims.fail("ids that it never had", claim, reply, truth)


async def check_books(user: User, clearing: Clearing) -> None:
    """Raise `ViolationError` where the book is not that of the live orders."""
    for symbol in SYMBOLS:
        sides: dict[str, Counter[Decimal]] = defaultdict(Counter)
        for order in clearing.live().values():
            if order.symbol == symbol and order.price is not None and not order.is_waiting:
                shown = order.leaves if order.shown is None else order.shown
                sides[order.side][order.price] += int(shown)
        book = await _list(user, f"book/{symbol}?levels={MOST}")
        for side, name in (("1", "bids"), ("2", "asks")):
            told = {Decimal(row["price"]): (int(row["quantity"]),) for row in book[name]}
            known = {price: (quantity,) for price, quantity in sides[side].items() if quantity}
            _compare(f"{symbol}: {name}", told, known)


async def check_listener(listener: Listener, user: User, clearing: Clearing) -> None:
    """Raise `ViolationError` unless what was told over the WebSocket is what the lists say."""
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            _check_known(listener, _seen_by(user), clearing)
            await _check_shown(listener, user)
            return
        except ViolationError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.1)


def _check_known(listener: Listener, sees: set[str], clearing: Clearing) -> None:
    """What was shown is what the venue has; before anything is asked for over REST."""
    if not listener.is_informed:
        raise ViolationError(f"{listener.name}: not everything was shown")
    orders = listener.known["orders"].values()
    live = {key: _true(each) for key, each in clearing.live().items() if each.session in sees}
    shown = {each["order_id"]: _told(each) for each in orders if each["is_working"]}
    _compare(f"{listener.name}: live orders", shown, live)
    sides = [name for name, side in clearing.sides.items() if side.session in sees]
    sides.sort(key=lambda name: int(name[0]), reverse=True)
    recent = sides[: MOST_SHOWN - 1]  # of the trade before one side may be left out
    missed = [name for name in recent if name not in listener.known["fills"]]
    if missed:
        raise ViolationError(
            f"{listener.name}: {len(missed)} fills were not told: {missed[:10]},"
            f" of {len(listener.known['fills'])}"
        )


async def _check_shown(listener: Listener, user: User) -> None:
    lists = {
        "orders": await _list(user, f"orders?limit={MOST_SHOWN}"),
        "fills": await _list(user, f"fills?limit={MOST_SHOWN}"),
        "positions": await _list(user, "positions"),
    }
    lists["orders"] += await _list(user, f"orders?status=working&limit={MOST}")
    names = {"orders": ("order_id",), "fills": ("trade_id", "order_id")}
    names["positions"] = ("account", "symbol")
    for channel in OWN:
        for item in lists[channel]:
            shown = listener.known[channel].get(tuple(item[name] for name in names[channel]))
            if shown is None or _content(channel, shown) != _content(channel, item):
                raise ViolationError(f"{listener.name}: shown {shown}, listed {item}")
    for (symbol, levels), book in listener.books.items():
        told = await _list(user, f"book/{symbol}?levels={levels or MOST}")
        for side, rows in book.rows().items():
            listed = [[Decimal(row["price"]), row["quantity"], row["orders"]] for row in told[side]]
            if rows != listed:
                raise ViolationError(f"{listener.name}: {symbol} {levels} {side}: {rows}, {listed}")


def check_told(listener: Listener, clearing: Clearing) -> None:
    """Raise `ViolationError` where a fill was told on any connection that the venue has not."""
    for name, fill in listener.told_fills.items():
        _check_fill(listener.name, fill, clearing.sides.get(name))


def _content(channel: str, item: Item) -> Item:
    if channel != "positions":
        return item
    return {name: item[name] for name in ("symbol", "account", "quantity", "fees", "currency")}


async def _list(user: User, path: str) -> Any:
    while (reply := await user.listed(path)) is None:
        pass
    return reply.body


def _told(order: Item, truth: Truth | None = None) -> tuple[Any, ...]:
    """As `_true` has it. Of an order that has ended any id may be told as the present one: after a
    restart the venue tells no more than what it is asked for by.
    """
    price, present = order["price"], order["client_order_id"]
    if truth is not None and not truth.is_live and present in truth.cl_ord_ids:
        present = truth.cl_ord_ids[-1]
    return (
        *(order["session"], order["symbol"], order["side"], order["is_working"], order["status"]),
        *(Decimal(order["quantity"]), None if price is None else Decimal(price)),
        *(Decimal(order["filled_quantity"]), present),
        Decimal(order["remaining_quantity"]),
    )


def _true(truth: Truth) -> tuple[Any, ...]:
    return (
        *(truth.session, truth.symbol, SIDE_WORDS[truth.side], truth.is_live),
        *(STATUS_WORDS[truth.status], truth.quantity, truth.price, truth.filled),
        *(truth.cl_ord_ids[-1], truth.leaves),
    )


def _compare(what: str, told: Figures, known: Figures) -> None:
    if told != known:
        keys = [key for key in told.keys() | known.keys() if told.get(key) != known.get(key)]
        differ = [(key, told.get(key), known.get(key)) for key in keys[:5]]
        raise ViolationError(f"{what}, (told, true): {len(keys)}: {differ}")
