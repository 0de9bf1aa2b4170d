"""How many accounts a firm may have."""

import pytest

from tests.unit.core.desk import BUY, SELL, Desk, assert_accepted, assert_rejected
from venue.core import ledger
from venue.core.image import copy, restore
from venue.core.types import OrdRejReason

FULL = "Account(1) THREE is new, and NORTH has 2 accounts, the most it may"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(ledger, "MOST_ACCOUNTS", 2)
    return Desk()


def test_a_firm_has_so_many_accounts_at_most(desk: Desk) -> None:
    for cl_ord_id, account in (("A", "ONE"), ("B", "TWO"), ("C", "ONE")):
        assert_accepted(desk.new(cl_ord_id, account=account)[0], cl_ord_id)
    refused = desk.new("D", account="THREE")
    assert_rejected(refused[0], OrdRejReason.UNKNOWN_ACCOUNT, FULL)
    assert_accepted(desk.new("E", account="TWO")[0], "E")


def test_an_account_without_a_trade_counts_after_a_restart(desk: Desk) -> None:
    desk.new("A", account="ONE")
    desk.new("B", account="TWO")
    desk.venue = restore(copy(desk.venue))
    refused = desk.new("C", account="THREE")
    assert_rejected(refused[0], OrdRejReason.UNKNOWN_ACCOUNT, FULL)


def test_the_positions_of_a_firm_are_found_without_those_of_others() -> None:
    desk = Desk()
    desk.trade(10000, 10100)
    desk.define("MSFT")
    desk.new("s", SELL, 5, 10000, symbol="MSFT", session="TRADER2", account="S1")
    desk.new("b", BUY, 5, 10000, symbol="MSFT", account="N1")
    books = restore(copy(desk.venue)).ledger
    books.accounts.clear()
    for firm in ("NORTH", "SOUTH"):
        mine = [each for each in desk.venue.ledger.positions() if each.firm == firm]
        found = list(books.positions(firm))
        assert [(p.account, p.symbol, p.qty) for p in found] == [
            (p.account, p.symbol, p.qty) for p in mine
        ]
        assert len(found) == 2
    assert list(books.positions("EAST")) == []


def test_an_account_of_a_refused_order_does_not_count(desk: Desk) -> None:
    desk.new("A", account="ONE")
    desk.new("A", account="GONE")
    assert_accepted(desk.new("B", account="TWO")[0], "B")
