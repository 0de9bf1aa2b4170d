from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console, RenderableType

from venue.client.book import Book, Trade
from venue.client.events import MDEntry
from venue.client.orders import Order
from venue.console.view import input_line, ladder, orders_table, tape_table

OwnQuantities = dict[tuple[str, Decimal], Decimal]


def rows_of(renderable: RenderableType) -> list[list[str]]:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(renderable)
    return [line.split() for line in capture.get().splitlines()]


def book_of(bids: list[tuple[str, int]], offers: list[tuple[str, int]]) -> Book:
    book = Book("A")
    sides = [("0", level) for level in bids] + [("1", level) for level in offers]
    book.restart(
        MDEntry(md_entry_type=kind, symbol="A", md_entry_px=Decimal(px), md_entry_size=Decimal(qty))
        for kind, (px, qty) in sides
    )
    return book


BOOK = book_of([("9.5", 20), ("9", 10)], [("10.25", 5), ("11", 6)])


def test_the_ladder_has_offers_over_bids_with_aligned_prices() -> None:
    assert rows_of(ladder(BOOK, {}))[1:] == [
        ["11.00", "6"],
        ["10.25", "5"],
        ["20", "9.50"],
        ["10", "9.00"],
    ]


def test_own_quantities_stand_in_front_of_their_level_and_side() -> None:
    own: OwnQuantities = {("1", Decimal("9.50")): Decimal(7), ("2", Decimal("9")): Decimal(3)}
    assert rows_of(ladder(BOOK, own))[3:] == [["7", "20", "9.50"], ["10", "9.00"]]
    own = {("2", Decimal("11")): Decimal(3), ("1", Decimal("10.25")): Decimal(7)}
    assert rows_of(ladder(BOOK, own))[1:3] == [["3", "11.00", "6"], ["10.25", "5"]]


def test_a_ladder_of_nobody_has_no_column_for_own_quantities() -> None:
    assert rows_of(ladder(BOOK))[:2] == [["bid", "price", "offer"], ["11.00", "6"]]


def test_a_small_ladder_keeps_the_touch() -> None:
    assert rows_of(ladder(BOOK, {}, rows=2))[1:] == [["10.25", "5"], ["20", "9.50"]]


def test_one_side_gets_the_rows_the_other_does_not_need() -> None:
    deep = book_of([(str(px), 1) for px in range(1, 9)], [("10", 5)])
    assert [row[1] for row in rows_of(ladder(deep, {}, rows=6))[2:]] == [
        "8.00",
        "7.00",
        "6.00",
        "5.00",
        "4.00",
    ]


def test_an_empty_book_is_not_an_unknown_one() -> None:
    assert rows_of(ladder(book_of([], []), {}))[1] == ["empty"]
    assert rows_of(ladder(Book("A"), {}))[1] == ["..."]


STOP: dict[str, Any] = {"stop_px": Decimal(95), "ord_type": "3"}


@pytest.mark.parametrize(
    ("fields", "row"),
    [
        (
            {
                "price": Decimal("190.20"),
                "time_in_force": "1",
                "cum_qty": Decimal(4),
                "avg_px": Decimal("190.25"),
                "ord_status": "1",
            },
            "3 sell 10 AAPL @ 190.20 gtc 4 @ 190.25 part filled",
        ),
        (STOP | {"is_waiting": True}, "3 sell 10 AAPL stop 95.00 0 waiting"),
        (
            STOP | {"price": Decimal("94.5"), "ord_type": "4", "is_triggered": True},
            "3 sell 10 AAPL stop 95.00 limit 94.50 0 triggered",
        ),
        (
            STOP | {"ord_type": "J", "is_waiting": True, "ord_status": "C"},
            "3 sell 10 AAPL touch 95.00 0 expired",
        ),
        (
            {
                "price": Decimal(100),
                "display_qty": Decimal(2),
                "expire": "20261201",
                "time_in_force": "6",
            },
            "3 sell 10 AAPL @ 100.00 show 2 gtd 2026-12-01 0 working",
        ),
        ({"ord_type": "K", "price": Decimal(100)}, "3 sell 10 AAPL @ 100.00 0 working"),
    ],
)
def test_orders_say_what_was_asked_what_was_done_and_how_they_stand(
    fields: dict[str, Any], row: str
) -> None:
    terms: dict[str, Any] = {"symbol": "AAPL", "side": "2", "order_qty": Decimal(10)}
    order = Order(cl_ord_id="A", cl_ord_ids=["A"], order_id="O", **terms | fields)
    assert " ".join(rows_of(orders_table([(3, order)]))[1]) == row


def test_the_tape_shows_seconds_and_plain_quantities() -> None:
    trades = [
        Trade(Decimal("190.2"), Decimal("5.0"), "12:00:01.123"),
        Trade(Decimal(190), Decimal(1)),
    ]
    assert rows_of(tape_table(trades[1:])) == [["price", "qty"], ["190.00", "1"]]
    assert rows_of(tape_table(trades))[1:] == [["12:00:01", "190.20", "5"], ["190.00", "1"]]


def test_a_long_line_shows_its_cursor() -> None:
    line = input_line("x" * 100 + "end", 103, [], width=40)
    assert line.plain.endswith("end ")
    assert len(line.plain) <= 40
    assert input_line("ab", 1, ["one", "two"], width=40).plain == "> ab   one two"
