"""A short session of two traders and a market data subscriber, told and verified step by step.

Each step is typed at a console as a person would. What every console must say in answer stands
beside it; a line that ends with ... may go on as it likes.
"""

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from decimal import Decimal

import msgspec
from rich.columns import Columns
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from venue.client import Client, ClientError, connect
from venue.console.commands import Cancel, Enter, Replace, Status
from venue.console.desk import Desk
from venue.console.grammar import parse_command
from venue.console.view import ladder, remark_text, tape_table
from venue.console.words import Remark
from venue.sim.local_venue import VenueFailed, local_venue

SYMBOL = "AAPL"
PATIENCE = 5.0
SETTLED = 0.05


class DemoFailed(Exception):  # noqa: N818 - what happened is the better name
    """Something was not as it had to be."""


class Step(msgspec.Struct, frozen=True):
    """A line typed by one trader, and what each of them is told."""

    trader: str
    line: str
    answers: dict[str, list[str]]
    title: str = ""


STEPS = (
    Step(
        "TRADER1",
        "sell 200 AAPL 100.40",
        {"TRADER1": ["#1 sell 200 AAPL @ 100.40: accepted"]},
        "Orders rest in the book until somebody wants them",
    ),
    Step("TRADER1", "sell 100 AAPL 100.50", {"TRADER1": ["#2 sell 100 AAPL @ 100.50: accepted"]}),
    Step("TRADER1", "buy 300 AAPL 100.00", {"TRADER1": ["#3 buy 300 AAPL @ 100.00: accepted"]}),
    Step(
        "TRADER1",
        "buy 500 AAPL 99.90 gtc",
        {"TRADER1": ["#4 buy 500 AAPL @ 99.90 gtc: accepted"]},
    ),
    Step(
        "TRADER3",
        "buy 60 AAPL 100.40",
        {
            "TRADER3": [
                "#1 buy 60 AAPL @ 100.40: accepted",
                "#1 bought 60 AAPL @ 100.40, filled",
            ],
            "TRADER1": ["#1 sold 60 AAPL @ 100.40, 140 left"],
        },
        "A buyer takes a part of the best offer",
    ),
    Step(
        "TRADER3",
        "buy 200 AAPL 100.60",
        {
            "TRADER3": [
                "#2 buy 200 AAPL @ 100.60: accepted",
                "#2 bought 140 AAPL @ 100.40, 60 left",
                "#2 bought 60 AAPL @ 100.50, filled",
            ],
            "TRADER1": [
                "#1 sold 140 AAPL @ 100.40, filled",
                "#2 sold 60 AAPL @ 100.50, 40 left",
            ],
        },
        "A bigger one sweeps two levels, each at its own price, not at the buyer's limit",
    ),
    Step(
        "TRADER1",
        "replace 3 250 @ 100.10",
        {"TRADER1": ["#3 replaced: buy 250 AAPL @ 100.10, nothing traded yet"]},
        "A bid is replaced by a better, smaller one",
    ),
    Step(
        "TRADER3",
        "sell 120 AAPL 101",
        {"TRADER3": ["#3 sell 120 AAPL @ 101.00: accepted"]},
        "An offer comes and goes",
    ),
    Step("TRADER3", "cancel 3", {"TRADER3": ["#3 canceled, nothing traded"]}),
    Step(
        "TRADER3",
        "sell 400 AAPL 100.10 ioc",
        {
            "TRADER3": [
                "#4 sell 400 AAPL @ 100.10 ioc: accepted",
                "#4 sold 250 AAPL @ 100.10, 150 left",
                "#4 canceled, 250 of 400 traded...",
            ],
            "TRADER1": ["#3 bought 250 AAPL @ 100.10, filled"],
        },
        "Immediate or cancel: what finds nobody does not rest",
    ),
    Step(
        "TRADER3",
        "buy 10 AAPL 100.005",
        {"TRADER3": ["#5 buy 10 AAPL @ 100.005 refused: ..."]},
        "An order between two ticks is refused, and told why",
    ),
)
FINAL_BIDS = [("99.90", 500)]
FINAL_OFFERS = [("100.50", 40)]
FINAL_TAPE = [("100.40", 60), ("100.40", 140), ("100.50", 60), ("100.10", 250)]


def main() -> int:
    """Play the session; return 0 if everything was as it had to be."""
    console = Console(highlight=False)
    start = time.monotonic()
    try:
        with local_venue() as port:
            console.print(f"[bold]venue ready on 127.0.0.1:{port}")
            play(port, console)
    except (DemoFailed, VenueFailed, ClientError) as error:
        console.print(Text(f"demo failed: {error}", style="bold red"), soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        return 130
    console.print(f"[bold green]all as expected[/] in {time.monotonic() - start:.1f} s")
    return 0


def play(port: int, console: Console) -> None:
    """Play every step on a venue that has just started, and verify the market in the end."""
    with ExitStack() as sessions:
        desks = {
            comp_id: Desk(sessions.enter_context(connect(comp_id, port=port)))
            for comp_id in ("TRADER1", "TRADER3")
        }
        subscriber = sessions.enter_context(connect("MD1", port=port))
        subscriber.subscribe(SYMBOL)
        for desk in desks.values():
            while not desk.knows_orders and any(desk.hear(PATIENCE)):
                pass
        for step in STEPS:
            _play(step, desks, console)
        _show_market(subscriber, console)


def _play(step: Step, desks: dict[str, Desk], console: Console) -> None:
    if step.title:
        console.print(f"\n[bold]{step.title}")
    console.print(f"  {step.trader}> {step.line}")
    command = parse_command(step.line)
    assert isinstance(command, Enter | Cancel | Replace | Status)
    desks[step.trader].perform(command)
    for comp_id in sorted(desks, key=lambda comp_id: comp_id != step.trader):
        desk = desks[comp_id]
        expected = step.answers.get(comp_id, [])
        heard = _hear(desk, len(expected))
        for remark in heard:
            who = Text(f"    {comp_id}  ", style="dim")
            console.print(who, remark_text(remark), sep="", soft_wrap=True)
        _compare(f"{comp_id} after {step.line!r}", [remark.text for remark in heard], expected)


def _hear(desk: Desk, count: int) -> list[Remark]:
    heard: list[Remark] = []
    deadline = time.monotonic() + PATIENCE
    while len(heard) < count and time.monotonic() < deadline:
        heard += [remark for _, remark in desk.hear(SETTLED) if remark]
    return heard + [remark for _, remark in desk.hear(SETTLED) if remark]


def _show_market(subscriber: Client, console: Console) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(subscriber.tape(SYMBOL)) < len(FINAL_TAPE) and time.monotonic() < deadline:
        list(subscriber.events(SETTLED))
    book, tape = subscriber.book(SYMBOL), subscriber.tape(SYMBOL)
    panels = [
        Panel(ladder(book), title=f"{SYMBOL}, the book", width=34),
        Panel(tape_table(tape), title="the tape", width=32),
    ]
    console.print("\n[bold]The market as its subscriber MD1 has it", Columns(panels), sep="\n")
    _compare("faults of the feed", book.faults, [])
    _compare("bids", _numbers(book.bids), _expected(FINAL_BIDS))
    _compare("offers", _numbers(book.offers), _expected(FINAL_OFFERS))
    _compare("tape", _numbers([(t.price, t.qty) for t in tape]), _expected(FINAL_TAPE))


def _numbers(levels: Sequence[tuple[Decimal, Decimal]]) -> list[str]:
    return [f"{qty.normalize():f} @ {price.normalize():f}" for price, qty in levels]


def _expected(levels: Sequence[tuple[str, int]]) -> list[str]:
    return _numbers([(Decimal(price), Decimal(qty)) for price, qty in levels])


def _compare(what: str, found: list[str], expected: list[str]) -> None:
    if len(found) != len(expected) or not all(map(_is_as_expected, found, expected)):
        raise DemoFailed(f"{what}: found {found}, expected {expected}")


def _is_as_expected(found: str, expected: str) -> bool:
    start, dots, _ = expected.partition("...")
    return found.startswith(start) if dots else found == expected


if __name__ == "__main__":
    sys.exit(main())
