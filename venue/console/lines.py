"""The console without a terminal: a line in, its answers out, then the next line."""

import time
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from venue.client.errors import ClientError
from venue.client.events import LoggedOut
from venue.console.commands import (
    Command,
    Help,
    Quit,
    ShowBook,
    ShowOrders,
    ShowTape,
    Subscribe,
    Unsubscribe,
)
from venue.console.desk import Answers, Desk
from venue.console.grammar import HELP, parse_command
from venue.console.line import GrammarError
from venue.console.view import ladder, orders_table, remark_text, tape_table
from venue.console.words import Remark

ANSWER_TIMEOUT = 5.0
SETTLED = 0.05  # seconds of silence after which an answer is taken to be complete
LONGEST_SETTLING = 0.5


def run_lines(desk: Desk, lines: Iterable[str], console: Console | None = None) -> int:
    """Answer each line before reading the next; return 1 if one was wrong or not answered."""
    console = console or Console(highlight=False, soft_wrap=True)
    status = 0
    for _ in desk.hear(ANSWER_TIMEOUT):  # the logon itself is no news
        if desk.knows_orders:
            break
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        console.print(Text(f"> {line.strip()}", style="bold"))
        try:
            command = parse_command(line)
            if isinstance(command, Quit):
                break
            _answer(console, desk, command)
        except (GrammarError, ClientError) as error:
            console.print(remark_text(Remark(str(error), "bad")))
            status = 1
    return status


def _answer(console: Console, desk: Desk, command: Command) -> None:
    match command:
        case Help():
            console.print(HELP, markup=False)
        case ShowOrders():
            _settle(console, desk)
            orders = desk.numbered_orders(command.ended_too)
            console.print(orders_table(orders) if orders else "no own orders")
        case ShowBook(symbol):
            if _watch(console, desk, symbol):
                book = desk.trader.book(symbol)
                console.print(ladder(book, desk.own_quantities(symbol)))
        case ShowTape(symbol):
            if _watch(console, desk, symbol):
                trades = desk.trader.tape(symbol)
                console.print(tape_table(trades) if trades else "no trades yet")
        case Subscribe(symbols):
            for symbol in symbols:
                _watch(console, desk, symbol)
        case Unsubscribe(symbols):
            for symbol in symbols:
                desk.unwatch(symbol)
        case Quit():
            pass
        case _:
            _listen(console, desk, desk.perform(command))


def _watch(console: Console, desk: Desk, symbol: str) -> bool:
    answers = desk.watch(symbol)
    if answers is None:
        _settle(console, desk)
    else:
        _listen(console, desk, answers)
    return symbol in desk.watched


def _listen(console: Console, desk: Desk, answers: Answers) -> None:
    deadline = time.monotonic() + ANSWER_TIMEOUT
    for event, remark in desk.hear(ANSWER_TIMEOUT):
        _say(console, remark)
        if isinstance(event, LoggedOut):
            raise ClientError("the session ended before the answer came")
        if answers(event):
            return _settle(console, desk)
        if time.monotonic() > deadline:
            break
    raise ClientError(f"no answer within {ANSWER_TIMEOUT:g} s")


def _settle(console: Console, desk: Desk) -> None:
    deadline = time.monotonic() + LONGEST_SETTLING
    for _, remark in desk.hear(SETTLED):
        _say(console, remark)
        if time.monotonic() > deadline:
            break


def _say(console: Console, remark: Remark | None) -> None:
    if remark is not None:
        console.print(remark_text(remark))
