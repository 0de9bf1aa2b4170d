"""The core alone: no FIX, no journal, no sockets. 40 % cancels with 20,000 orders resting."""

import gc
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from venue.bench.flows import SPEC, SYMBOL, Step, add_order, cancel_order
from venue.core.book import Book
from venue.core.commands import CancelOrder, DefineInstrument, NewOrder
from venue.core.order import Order
from venue.core.types import Side
from venue.core.venue import Venue

RESTING = 20_000
OPERATIONS = 200_000
CANCELS = 0.4
ROUNDS = 3

Operation = tuple[Callable[..., object], Sequence[Any]]


def steps(seed: int = 1) -> tuple[list[Step], list[Step]]:
    """Orders to rest first, and the operations to measure; nothing of it ever crosses."""
    rng = random.Random(seed)
    live: list[NewOrder] = []
    first: list[Step] = []
    measured: list[Step] = []
    for number in range(RESTING + OPERATIONS):
        if number >= RESTING and rng.random() < CANCELS:
            at = rng.randrange(len(live))
            live[at], live[-1] = live[-1], live[at]
            measured.append(cancel_order(number, live.pop()))
        else:
            order = add_order(number, rng)
            live.append(order)
            (first if number < RESTING else measured).append(order)
    return first, measured


def venue_operations(first: list[Step], measured: list[Step]) -> list[Operation]:
    venue = Venue()
    venue.handle(DefineInstrument(SPEC))
    for step in first:
        venue.handle(step)
    return [(venue.handle, (step,)) for step in measured]


def book_operations(first: list[Step], measured: list[Step]) -> list[Operation]:
    book = Book("AAPL", set())
    orders: dict[str, Order] = {}
    operations: list[Operation] = []
    for number, step in enumerate([*first, *measured]):
        if isinstance(step, CancelOrder):
            order = orders[step.orig_cl_ord_id]
            operation: Operation = book.side(order.side).remove, (order, order.leaves_qty)
        else:
            order = orders[step.cl_ord_id] = _order(number, step)
            operation = book.side(order.side).add, (order,)
        if number < len(first):
            operation[0](*operation[1])
        else:
            operations.append(operation)
    return operations


def _order(number: int, step: NewOrder) -> Order:
    return Order(
        number,
        step.session,
        step.firm,
        step.cl_ord_id,
        SYMBOL,
        Side(step.side),
        step.ord_type,
        step.time_in_force,
        step.price,
        step.order_qty,
        step.order_qty,
    )


def operations_per_second() -> dict[str, int]:
    """The best of `ROUNDS` for the book's add and remove, and for `Venue.handle`."""
    first, measured = steps()
    builders = {"book": book_operations, "venue": venue_operations}
    best = dict.fromkeys(builders, 0)
    for _ in range(ROUNDS):
        for name, build in builders.items():
            operations = build(first, measured)
            gc.collect()
            gc.disable()
            start = time.perf_counter()
            for function, arguments in operations:
                function(*arguments)
            seconds = time.perf_counter() - start
            gc.enable()
            best[name] = max(best[name], int(len(operations) / seconds))
    return best
