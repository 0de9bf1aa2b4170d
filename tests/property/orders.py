"""Orders as Hypothesis draws them: every type and qualifier, at prices that meet now and then.

Whole tables are drawn from, as every draw costs. Dates are drawn as distances from now, `("time",
seconds)` or `("date", days)`: see `dated`.
"""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from hypothesis import strategies as st

Words = dict[str, Any]

SECOND = 10**9
SIDES = ("buy", "sell")
DISTANCES = (1, 2, 3, 1, 2, 3, 0, -1, -2, -3, 12)
"""Ticks from 100 to the passive side: bids and offers that meet now and then, and few prices."""
QTYS = (*range(1, 7), *range(1, 7), 9, 10)
RESTING_TIMES = st.sampled_from(["day", "day", "gtc", "gtc", "gtd"])
TAKING_TIMES = st.sampled_from(["ioc", "fok", "fok"])
LEFT_OVER_TIMES = st.sampled_from(["day", "gtc", "gtd", "ioc", "fok"])
SOON = [("time", 1), ("time", 2), ("date", 0), ("date", 1)]
EXPIRIES = st.sampled_from(
    [*SOON, *SOON, *SOON, ("time", 40), ("date", 2), ("time", 0), ("date", -1)]
)
INSTRUCTIONS = ("cancel resting", "cancel aggressor", "cancel both", "decrement", "decrement")


def price(side: str, distance: int) -> int:
    return 100 - distance if side == "buy" else 100 + distance


def pick(rows: list[Words]) -> st.SearchStrategy[Words]:
    """One of many rows, for `sampled_from` writes them all into its messages."""
    return st.integers(0, len(rows) - 1).map(lambda number: rows[number])


LIMIT_ORDERS = pick(
    [
        {
            "symbol": symbol,
            "side": side,
            "ord_type": "limit",
            "time_in_force": time_in_force,
            "price": price(side, distance),
            "order_qty": qty,
            "poss_resend": resend,
        }
        for symbol, time_in_force, distance, qty, side, resend in product(
            "AAAB", ("day", "gtc", "ioc", "fok"), DISTANCES, QTYS, SIDES, (False, False, True)
        )
    ]
)
MARKET: Words = {"ord_type": "market", "price": None}

SELF_MATCH: list[Words] = [
    {"self_match_prevention_id": name, "self_match_prevention_instruction": instruction}
    for name, instruction in product("xxxy", INSTRUCTIONS)
]
ICEBERG: list[Words] = [
    {"display_qty": display, "refresh_qty": refresh or display}
    for display, refresh in product((1, 2, 3), (0, 1, 2, 3))
]
MIN_QTY: list[Words] = [{"min_qty": qty} for qty in (1, 2, 3, 4)]
POST_ONLY: list[Words] = [{"post_only": how} for how in ("refuse", "reprice")]


def some(*kinds: list[Words]) -> st.SearchStrategy[Words]:
    """None of the kinds, or one, or one with self-match prevention."""
    rows = [row for kind in kinds for row in (kind * 12)[:12]]
    both = [row | SELF_MATCH[n % len(SELF_MATCH)] for n, row in enumerate(rows)]
    return pick([{}] * 12 + rows + both + SELF_MATCH)


ON_HALT: list[Words] = [{"cancel_on_halt": True}]
RESTING = some(ICEBERG, ICEBERG, MIN_QTY, POST_ONLY, ON_HALT)
TAKING = some(MIN_QTY)
TRIGGERED = some(ICEBERG, MIN_QTY)
TRIGGERED_AT_MARKET = some(MIN_QTY)
AT_AUCTION = some(ON_HALT, ICEBERG, MIN_QTY, POST_ONLY)
CALLED = some(ICEBERG, ICEBERG, ON_HALT)
CALL_TIMES = st.sampled_from(["day", "gtc", "at the opening", "at the opening", "at the close"])
TRIGGERS = pick(
    [
        {"stop_px": stop_px, "trigger_price_type": watched, "offset": offset, "ord_type": ord_type}
        for ord_type, watched, stop_px, offset in product(
            ("stop", "stop limit", "stop limit", "limit if touched", "market if touched"),
            ("last trade", "best quote"),
            (100, 99, 101, 98, 102, 97, 103),
            (0, 1, -1, 2, -2, 3, -3, 8),
        )
    ]
)


def qualified(draw: st.DrawFn, order: Words, kinds: st.SearchStrategy[Words]) -> Words:
    """The order with some of those qualifiers, and a date if it needs one."""
    qualifiers = dict(draw(kinds))
    least = max(qualifiers.get("display_qty", 0), qualifiers.get("min_qty", 0))
    order["order_qty"] = max(order["order_qty"], least)
    if order["time_in_force"] == "gtd":
        order["expiry"] = draw(EXPIRIES)
    has = qualifiers or order["time_in_force"] == "gtd"
    return order | {"qualifiers": qualifiers if has else None}


@st.composite
def resting_orders(draw: st.DrawFn) -> Words:
    order = draw(LIMIT_ORDERS) | {"time_in_force": draw(RESTING_TIMES)}
    return qualified(draw, order, RESTING)


@st.composite
def taking_orders(draw: st.DrawFn) -> Words:
    """What wants to trade at once, on conditions."""
    order = draw(LIMIT_ORDERS) | {"time_in_force": draw(TAKING_TIMES)}
    return qualified(draw, order | draw(st.sampled_from([{}, {}, MARKET])), TAKING)


@st.composite
def left_over_orders(draw: st.DrawFn) -> Words:
    order = draw(LIMIT_ORDERS) | {"ord_type": "market with left over as limit", "price": None}
    order["time_in_force"] = draw(LEFT_OVER_TIMES)
    rests = order["time_in_force"] not in ("ioc", "fok")
    return qualified(draw, order, TRIGGERED if rests else TAKING)


@st.composite
def triggered_orders(draw: st.DrawFn) -> Words:
    trigger = dict(draw(TRIGGERS))
    offset, ord_type = trigger.pop("offset"), trigger.pop("ord_type")
    order = draw(LIMIT_ORDERS) | {"ord_type": ord_type, "time_in_force": draw(RESTING_TIMES)}
    at_limit = "limit" in ord_type
    order["price"] = trigger["stop_px"] + offset if at_limit else None
    order = qualified(draw, order, TRIGGERED if at_limit else TRIGGERED_AT_MARKET)
    return order | {"qualifiers": (order["qualifiers"] or {}) | trigger}


@st.composite
def auction_orders(draw: st.DrawFn) -> Words:
    at = draw(st.sampled_from(["at the close", "at the close", "at the opening"]))
    order = draw(LIMIT_ORDERS) | {"time_in_force": at}
    how = draw(st.sampled_from(["limit", "limit", "market", "left over"]))
    if how == "market":
        return order | MARKET
    if how == "left over":
        order |= {"ord_type": "market with left over as limit", "price": None}
    return qualified(draw, order, AT_AUCTION if how == "limit" else TRIGGERED)


@st.composite
def called_orders(draw: st.DrawFn) -> Words:
    """What a call collects: the limits of buyers and sellers are the same."""
    order = draw(LIMIT_ORDERS) | {"symbol": "A", "price": draw(st.integers(97, 103))}
    order["time_in_force"] = draw(CALL_TIMES)
    return qualified(draw, order, CALLED)


MARKET_ORDERS = LIMIT_ORDERS.map(lambda order: order | MARKET)
PLAIN_ORDERS = st.one_of(LIMIT_ORDERS, LIMIT_ORDERS, LIMIT_ORDERS, MARKET_ORDERS)
RESTING_ORDERS = resting_orders()
TRIGGERED_ORDERS = triggered_orders()
AUCTION_ORDERS = auction_orders()
CALLED_ORDERS = called_orders()
RICH_ORDERS = st.one_of(
    RESTING_ORDERS,
    RESTING_ORDERS,
    taking_orders(),
    left_over_orders(),
    TRIGGERED_ORDERS,
    AUCTION_ORDERS,
)
ORDERS = PLAIN_ORDERS | RICH_ORDERS
CANCELED_ON_HALT = st.one_of(RESTING_ORDERS, TRIGGERED_ORDERS, AUCTION_ORDERS).map(
    lambda order: order | {"qualifiers": (order.get("qualifiers") or {}) | ON_HALT[0]}
)

NEW_TERMS = pick(
    [
        {"distance": distance, "order_qty": qty, "poss_resend": resend, "called": called}
        for distance, qty, resend, called in product(
            (None, None, *DISTANCES), QTYS, (False, False, True), (None, "limit")
        )
    ]
)
NEW_TIMES = st.sampled_from([None, None, None, "day", "gtc", "gtd", "gtd", "ioc"])
NEW_QUALIFIERS: st.SearchStrategy[Words | None] = st.sampled_from(
    [
        *[None] * 12,
        *({"stop_px": stop_px} for stop_px in range(97, 104)),
        *({"display_qty": display} for display in range(4)),
        *({"refresh_qty": refresh} for refresh in range(1, 4)),
        *({"display_qty": 2, "refresh_qty": refresh} for refresh in range(1, 4)),
        *({"stop_px": stop_px, "display_qty": 1} for stop_px in (99, 101)),
        *({"repeated": (name,)} for name in ("min_qty", "stop_px", "post_only")),
        {"stop_px": 100, "repeated": ("min_qty", "post_only", "all_or_none")},
        {"repeated": ("self_match_prevention_id", "self_match_prevention_instruction")},
        *({"wrong": name} for name in ("min_qty", "post_only", "all_or_none", "stop_px")),
        {"wrong": "cancel_on_halt"},
        *({"wrong": name} for name in SELF_MATCH[0]),
    ]
)


@st.composite
def changes(draw: st.DrawFn) -> Words:
    """What a replace request asks for; `repeated` is as the order has it, `wrong` is not."""
    time_in_force = draw(NEW_TIMES)
    expiry = draw(EXPIRIES) if time_in_force == "gtd" else None
    asked = {"time_in_force": time_in_force, "expiry": expiry, "changes": draw(NEW_QUALIFIERS)}
    return draw(NEW_TERMS) | asked


CHANGES = changes()


def dated(expiry: tuple[str, int], now: int) -> Words:
    """The qualifiers of a GTD order that expires so far from `now`."""
    kind, distance = expiry
    if kind == "time":
        return {"expire_time": now + distance * SECOND}
    day = datetime.fromtimestamp(now // SECOND, UTC) + timedelta(days=distance)
    return {"expire_date": day.strftime("%Y%m%d")}
