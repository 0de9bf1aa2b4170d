from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from venue.console.commands import (
    Cancel,
    Command,
    Enter,
    Help,
    Quit,
    Replace,
    ShowBook,
    ShowOrders,
    ShowTape,
    Status,
    Subscribe,
    Unsubscribe,
)
from venue.console.grammar import HELP, parse_command
from venue.console.line import GrammarError
from venue.console.terms import ENTER_TERMS, REPLACE_TERMS

TEN, PRICE = Decimal(10), Decimal("190.25")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("buy 10 AAPL 190.25", Enter("buy", TEN, "AAPL", PRICE)),
        ("buy 10 AAPL 190.25  # a comment", Enter("buy", TEN, "AAPL", PRICE)),
        ("  SELL 10 aapl @ 190.25 ", Enter("sell", TEN, "AAPL", PRICE)),
        ("b 10 AAPL at 190.25 gtc", Enter("buy", TEN, "AAPL", PRICE, "gtc")),
        ("s 0.5 BTC-USD mkt IOC", Enter("sell", Decimal("0.5"), "BTC-USD", None, "ioc")),
        ("buy 10 AAPL market", Enter("buy", TEN, "AAPL", None)),
        ("buy 10 AAPL stop 190.25", Enter("buy", TEN, "AAPL", None, stop_px=PRICE)),
        (
            "sell 10 AAPL stop 190.25 limit 10 gtc",
            Enter("sell", TEN, "AAPL", TEN, "gtc", stop_px=PRICE),
        ),
        (
            "sell 10 AAPL touch 190.25",
            Enter("sell", TEN, "AAPL", None, ord_type="market_if_touched", stop_px=PRICE),
        ),
        (
            "sell 10 AAPL touch 190.25 limit 10",
            Enter("sell", TEN, "AAPL", TEN, ord_type="limit_if_touched", stop_px=PRICE),
        ),
        ("buy 10 AAPL mtl gtc", Enter("buy", TEN, "AAPL", None, "gtc", "market_to_limit")),
        (
            "buy 10 AAPL 190.25 show 2 refresh 3",
            Enter("buy", TEN, "AAPL", PRICE, display_qty=Decimal(2), refresh_qty=Decimal(3)),
        ),
        ("buy 10 AAPL 190.25 post", Enter("buy", TEN, "AAPL", PRICE, post_only=True)),
        (
            "buy 10 AAPL 190.25 fok aon min 5",
            Enter("buy", TEN, "AAPL", PRICE, "fok", min_qty=Decimal(5), all_or_none=True),
        ),
        ("buy 10 AAPL mkt close", Enter("buy", TEN, "AAPL", None, "at_the_close")),
        (
            "buy 10 AAPL 190.25 gtd 2026-12-01",
            Enter("buy", TEN, "AAPL", PRICE, "gtd", expire=date(2026, 12, 1)),
        ),
        (
            "buy 10 AAPL 190.25 gtd 2026-12-01T15:30 post",
            Enter(
                "buy",
                TEN,
                "AAPL",
                PRICE,
                "gtd",
                expire=datetime(2026, 12, 1, 15, 30, tzinfo=UTC),
                post_only=True,
            ),
        ),
        (
            "buy 10 AAPL 190.25 smp desk",
            Enter("buy", TEN, "AAPL", PRICE, self_match_prevention_id="desk"),
        ),
        (
            "buy 10 AAPL 190.25 smp desk Decrement gtc",
            Enter(
                "buy",
                TEN,
                "AAPL",
                PRICE,
                "gtc",
                self_match_prevention_id="desk",
                self_match_prevention_instruction="decrement",
            ),
        ),
        ("cancel 3", Cancel((3,))),
        ("c 3 #4", Cancel((3, 4))),
        ("cancel all", Cancel(None)),
        ("cancel all aapl", Cancel(None, "AAPL")),
        ("cancel all aapl sell", Cancel(None, "AAPL", "sell")),
        ("cancel all BUY", Cancel(None, None, "buy")),
        ("cancel aapl", Cancel(None, "AAPL")),
        ("cancel aapl buy", Cancel(None, "AAPL", "buy")),
        ("replace 3 stop 190.25", Replace(3, stop_px=PRICE)),
        ("replace 3 10 stop 190.25 limit 10", Replace(3, TEN, TEN, stop_px=PRICE)),
        (
            "replace 3 10 @ 190.25 touch 10 show 2 refresh 1 gtc",
            Replace(3, TEN, PRICE, "gtc", TEN, display_qty=Decimal(2), refresh_qty=Decimal(1)),
        ),
        (
            "replace 3 gtd 2026-12-01",
            Replace(3, time_in_force="gtd", expire=date(2026, 12, 1)),
        ),
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
        ("buy 10 AAPL", "expected a price, mkt, mtl, stop or touch at the end of the line"),
        ("buy 10 AAPL cheap", "'cheap' is not a price, mkt, mtl, stop or touch"),
        ("buy 10 ÄÄPL 1", "'ÄÄPL' is not a symbol"),
        ("buy 10 AAPL 1 now", "'now' is not a term: expected day, gtc, ioc, fok, open, close, gtd"),
        ("buy 10 AAPL 1 day please", "'please' is not a term"),
        ("buy 10 AAPL 1 day gtc", "'gtc' says again what has been said"),
        ("buy 10 AAPL 1 gtd 2026-12-01 ioc", "'ioc' says again what has been said"),
        ("buy 10 AAPL 1 show 2 show 3", "'show' says again what has been said"),
        ("buy 10 AAPL 1 gtd", "expected a date such as 2026-12-01"),
        ("buy 10 AAPL 1 gtd 2026-13-01", "'2026-13-01' is not a date such as"),
        ("buy 10 AAPL 1 gtd tomorrow", "'tomorrow' is not a date such as"),
        ("buy 10 AAPL 1 show", "expected a quantity at the end of the line"),
        ("buy 10 AAPL 1 min few", "'few' is not a quantity"),
        ("buy 10 AAPL 1 smp", "expected an id at the end of the line"),
        ("buy 10 AAPL stop", "expected a trigger price at the end of the line"),
        ("buy 10 AAPL stop low", "'low' is not a trigger price"),
        ("buy 10 AAPL stop 1 limit", "expected a price at the end of the line"),
        ("buy 10 AAPL stop 1 touch 2", "'touch' is not a term"),
        ("cancel", "expected the number of an own order, a symbol or all at the end of the line"),
        ("cancel 3 it", "'it' is not the number of an own order"),
        ("cancel ²", "'²' is not the number of an own order"),
        ("cancel AAPL buy sell", "'sell' is one word too many"),
        ("replace 3", "expected a quantity, @ and a price, or a term such as stop at the end"),
        ("replace 3 @", "expected a price at the end of the line"),
        ("replace 3 8 @ x", "'x' is not a price"),
        (
            "replace 3 x",
            "'x' is not a term: expected day, gtc, gtd, stop, touch, limit, show, refresh",
        ),
        ("replace 3 8 post", "'post' is not a term"),
        ("replace 3 @ 8 limit 9", "'limit' says again what has been said"),
        ("replace 3 stop 8 touch 9", "'touch' says again what has been said"),
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
    assert len(HELP.splitlines()) <= 12
    for example in (
        "buy 10 AAPL 190.25",
        "buy 5 AAPL mkt ioc",
        "sell 10 AAPL stop 95 limit 94.5",
        "buy 10 AAPL 100 show 2 gtd 2026-12-01",
        "cancel 3 4",
        "cancel all",
        "cancel AAPL buy",
        "replace 3 8 @ 190.30 stop 191 gtc",
    ):
        assert example in HELP
        parse_command(example)
    for term in (*ENTER_TERMS, *REPLACE_TERMS):
        assert term in HELP or term == "open"  # which no venue takes yet


@pytest.mark.parametrize(
    ("line", "may_rest"),
    [
        ("buy 10 AAPL 1", True),
        ("buy 10 AAPL 1 gtc", True),
        ("buy 10 AAPL 1 ioc", False),
        ("buy 10 AAPL 1 fok", False),
        ("buy 10 AAPL mkt", False),
        ("buy 10 AAPL stop 1", True),
        ("buy 10 AAPL touch 1", True),
        ("buy 10 AAPL mtl", True),
    ],
)
def test_what_may_rest(line: str, may_rest: bool) -> None:
    command = parse_command(line)
    assert isinstance(command, Enter)
    assert command.may_rest is may_rest
