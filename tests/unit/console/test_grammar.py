from decimal import Decimal

import pytest

from venue.console.grammar import (
    HELP,
    Cancel,
    Command,
    Enter,
    GrammarError,
    Help,
    Quit,
    Replace,
    ShowBook,
    ShowOrders,
    ShowTape,
    Status,
    Subscribe,
    Unsubscribe,
    parse_command,
)

TEN, PRICE = Decimal(10), Decimal("190.25")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("buy 10 AAPL 190.25", Enter("buy", TEN, "AAPL", PRICE)),
        ("  SELL 10 aapl @ 190.25 ", Enter("sell", TEN, "AAPL", PRICE)),
        ("b 10 AAPL at 190.25 gtc", Enter("buy", TEN, "AAPL", PRICE, "gtc")),
        ("s 0.5 BTC-USD mkt IOC", Enter("sell", Decimal("0.5"), "BTC-USD", None, "ioc")),
        ("buy 10 AAPL market", Enter("buy", TEN, "AAPL", None)),
        ("cancel 3", Cancel((3,))),
        ("c 3 #4", Cancel((3, 4))),
        ("cancel all", Cancel(None)),
        ("cancel all aapl", Cancel(None, "AAPL")),
        ("replace 3 10", Replace(3, TEN, None)),
        ("replace 3 @ 190.25", Replace(3, None, PRICE)),
        ("r 3 10 @ 190.25", Replace(3, TEN, PRICE)),
        ("replace 3 10 190.25", Replace(3, TEN, PRICE)),
        ("status 3", Status(3)),
        ("orders", ShowOrders()),
        ("orders all", ShowOrders(ended_too=True)),
        ("book aapl", ShowBook("AAPL")),
        ("tape AAPL", ShowTape("AAPL")),
        ("sub AAPL BTC-USD", Subscribe(("AAPL", "BTC-USD"))),
        ("unsub AAPL", Unsubscribe(("AAPL",))),
        ("help", Help()),
        ("?", Help()),
        ("q", Quit()),
        ("exit", Quit()),
    ],
)
def test_a_line_is_its_command(line: str, command: Command) -> None:
    assert parse_command(line) == command


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("bye", "'bye' is not a command: help lists them"),
        ("buy", "expected a quantity at the end of the line"),
        ("buy ten AAPL 1", "'ten' is not a quantity"),
        ("buy NaN AAPL 1", "'NaN' is not a quantity"),
        ("buy 10", "expected a symbol at the end of the line"),
        ("buy 10 AAPL", "expected a price or mkt at the end of the line"),
        ("buy 10 AAPL cheap", "'cheap' is not a price or mkt"),
        ("buy 10 AAPL 1 now", "'now' is not a time in force: expected day, gtc, ioc, fok"),
        ("buy 10 AAPL 1 day please", "'please' is one word too many"),
        ("cancel", "expected the number of an own order at the end of the line"),
        ("cancel it", "'it' is not the number of an own order"),
        ("cancel ²", "'²' is not the number of an own order"),
        ("replace 3", "expected a quantity, or @ and a price at the end of the line"),
        ("replace 3 @", "expected a price at the end of the line"),
        ("replace 3 8 @ x", "'x' is not a price"),
        ("book", "expected a symbol at the end of the line"),
        ("quit now", "'now' is one word too many"),
    ],
)
def test_a_wrong_line_is_told_what_is_wrong(line: str, problem: str) -> None:
    with pytest.raises(GrammarError) as error:
        parse_command(line)
    assert str(error.value).startswith(problem)


def test_help_fits_a_small_terminal_and_shows_what_can_be_typed() -> None:
    assert max(map(len, HELP.splitlines())) <= 76
    assert len(HELP.splitlines()) <= 11
    for example in ("buy 5 AAPL mkt ioc", "cancel all AAPL", "replace 3 8 @ 190.30"):
        assert example in HELP
        parse_command(example)
