"""Order flows for the load generator: built before the clock starts, the same for every server."""

import random
import time
from collections.abc import Iterator
from decimal import Decimal

import msgspec
from msgspec import Struct

from venue.core import commands as c
from venue.core.instrument import InstrumentSpec
from venue.core.types import OrdType, Side, TimeInForce
from venue.core.venue import Venue
from venue.fix.message import SOH, format_time

SYMBOL = "AAPL"
SPEC = InstrumentSpec(
    SYMBOL,
    Decimal("0.01"),
    Decimal(1),
    Decimal(100),
    Decimal(1),
    Decimal(10**6),
    Decimal(50),
    "USD",
)
MIDDLE = 10_000
SIDES = tuple(Side)
QTY = 100
RESTING = 10_000
"""Orders that rest before a `mixed` flow is measured."""
CANCELS = 0.45
REACH = 10
"""New orders of `mixed` are 0 to this many ticks behind the best of the other side; 0 crosses."""

Step = c.NewOrder | c.CancelOrder


class Flow(Struct):
    """`first` is sent before the clock starts; each list has one FIX message an element.

    The counts are of the reports that the venue answers with.
    """

    first: list[bytes]
    first_reports: int
    measured: list[bytes]
    measured_reports: int


def add_steps(orders: int, rng: random.Random) -> Iterator[Step]:
    """Orders that rest."""
    for number in range(orders):
        yield add_order(number, rng)


def varied_steps(orders: int, rng: random.Random) -> Iterator[Step]:
    """Orders that rest, of which no two that follow each other soon are alike."""
    for number in range(orders):
        yield msgspec.structs.replace(add_order(number, rng), order_qty=QTY + number % 1000)


def mixed_steps(orders: int, rng: random.Random, venue: Venue) -> Iterator[Step]:
    """New orders around the touch, some of which cross, and cancels of random live orders.

    `venue` is where the caller carries out each step before it asks for the next.
    """
    live: list[c.NewOrder] = []
    for number in range(RESTING + orders):
        if number < RESTING:
            order = add_order(number, rng)
            live.append(order)
            yield order
        elif rng.random() < CANCELS:
            yield cancel_order(number, _take_live(live, rng, venue))
        else:
            order = _near_touch(number, rng, venue)
            live.append(order)
            yield order


def add_order(number: int, rng: random.Random) -> c.NewOrder:
    """An order at one of 100 levels of its side, none of which reaches the other side."""
    distance = rng.randint(1, 100)
    side = rng.choice(SIDES)
    return _limit(number, side, MIDDLE - distance if side is Side.BUY else MIDDLE + distance)


def _limit(number: int, side: Side, price: int) -> c.NewOrder:
    return c.NewOrder(
        "B", "B", f"N{number:07d}", SYMBOL, side, OrdType.LIMIT, TimeInForce.DAY, price, QTY
    )


def _near_touch(number: int, rng: random.Random, venue: Venue) -> c.NewOrder:
    side = rng.choice(SIDES)
    best = venue.markets[SYMBOL].book.opposite(side).best
    assert best is not None
    distance = rng.randint(0, REACH)
    return _limit(
        number, side, best.price - distance if side is Side.BUY else best.price + distance
    )


def _take_live(live: list[c.NewOrder], rng: random.Random, venue: Venue) -> c.NewOrder:
    known = venue.orders.clients["B"].orders
    while True:
        at = rng.randrange(len(live))
        live[at], live[-1] = live[-1], live[at]
        chosen = live.pop()
        order = known[chosen.cl_ord_id]
        if order is not None and order.live:
            return chosen


def cancel_order(number: int, order: c.NewOrder) -> c.CancelOrder:
    cl_ord_id = f"C{number:07d}"
    return c.CancelOrder("B", "B", cl_ord_id, order.cl_ord_id, "", SYMBOL, order.side)


def build_flow(name: str, orders: int, comp_id: str, seed: int = 1) -> Flow:
    """The messages of flow `name` from sequence number 2 on, and how many reports they cause."""
    venue = Venue()
    venue.handle(c.DefineInstrument(SPEC))
    rng = random.Random(seed)
    mixed = name == "mixed"
    resting = varied_steps if name == "varied" else add_steps
    steps = mixed_steps(orders, rng, venue) if mixed else resting(orders, rng)
    sending_time = format_time(time.time_ns())
    flow = Flow([], 0, [], 0)
    for number, step in enumerate(steps):
        reports = len(venue.handle(step))
        message = encode_step(step, number + 2, comp_id, sending_time)
        if mixed and number < RESTING:
            flow.first.append(message)
            flow.first_reports += reports
        else:
            flow.measured.append(message)
            flow.measured_reports += reports
    return flow


def encode_step(step: Step, seq_num: int, comp_id: str, sending_time: str) -> bytes:
    """The FIX message of `step`, complete with BodyLength(9) and CheckSum(10)."""
    if isinstance(step, c.NewOrder):
        msg_type = "D"
        assert step.price is not None
        own = f"38={step.order_qty}|40=2|44={step.price / 100:.2f}|54={step.side}|55={SYMBOL}|59=0"
    else:
        msg_type = "F"
        own = f"38={QTY}|41={step.orig_cl_ord_id}|54={step.side}|55={SYMBOL}"
    return frame(
        f"35={msg_type}|34={seq_num}|49={comp_id}|52={sending_time}|56=VENUE|11={step.cl_ord_id}|"
        f"{own}|60={sending_time}|"
    )


def frame(body: str) -> bytes:
    """A whole FIX.4.4 message around `body`, in which | stands for SOH."""
    text = body.replace("|", SOH).encode("ascii")
    head = b"8=FIX.4.4\x019=%d\x01" % len(text)
    return head + text + b"10=%03d\x01" % (sum(head + text) % 256)
