"""The ladder: where own orders stand, and what waits at its trigger price."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen
from tests.e2e.web_process import Deployment
from venue.client import Client, ExecutionReport

Open = Callable[..., Screen]


@pytest.fixture
def placed(trader: Client, deployment: Deployment, symbol: str) -> Callable[..., None]:
    """A book from 99.50 to 100.50, and a way to place alpha's orders before it."""
    for step in range(1, 11):
        trader.new_order(symbol, "buy", 100, Decimal("100") - Decimal("0.05") * step)
        last = trader.new_order(symbol, "sell", 100, Decimal("100") + Decimal("0.05") * step)
    trader.wait(ExecutionReport, cl_ord_id=last)

    def place(side: str, kind: str, **terms: str) -> None:
        order = {"symbol": symbol, "side": side, "type": kind, "quantity": "5"} | terms
        answer = deployment.ask("POST", "/v1/orders", order)
        assert answer.status == 201, answer

    return place


def waits(page: Screen, half: str, price: str, side: str) -> Locator:
    return page.level(half, price).locator(f".{side}-mine .waits")


def test_what_waits_stands_at_its_trigger(
    placed: Callable[..., None], screen: Open, symbol: str
) -> None:
    """Marked, said in words, in a row of its own where the book has none, gone with the order."""
    placed("buy", "limit", price="99.90")
    placed("sell", "stop_limit", trigger_price="99.72", price="99.50")
    placed("sell", "take_profit", trigger_price="100.20", quantity="15")
    placed("buy", "stop_market", trigger_price="100.20", quantity="12")
    page = screen(symbol)
    expect(page.level("bid", "99.90").locator(".bid-mine")).to_have_text("5")
    expect(page.level("bid", "99.90").locator(".bid-size")).to_have_attribute(
        "title", "105 in 2 orders"
    )
    expect(page.level("bid", "99.90").locator(".waits")).to_have_count(0)
    stop = waits(page, "bid", "99.72", "ask")
    expect(stop).to_contain_text("S5Sell 5, stop limit: waits for 99.72")
    expect(page.level("bid", "99.72").locator(".bid-size")).to_have_text("")
    expect(waits(page, "ask", "100.20", "ask")).to_contain_text("T15Sell 15, take profit")
    expect(waits(page, "ask", "100.20", "bid")).to_contain_text("S12Buy 12, stop market")
    expect(page.level("ask", "100.20").locator(".ask-size")).to_have_text("100")
    page.is_accessible()
    page.level("bid", "99.72").locator(".price").click()
    expect(page("#ticket-price")).to_have_value("99.72")
    page("#ladder tr[tabindex='0']").focus()
    page.press("Delete")
    expect(page.level("bid", "99.72")).to_have_count(0)
    expect(page.toasts.last).to_have_text(f"Sell 5 {symbol} at 99.50, trigger 99.72: canceled")


def test_a_trigger_that_is_met_is_a_trigger_no_more(
    placed: Callable[..., None], trader: Client, screen: Open, symbol: str
) -> None:
    placed("buy", "stop_limit", trigger_price="100.05", price="100.00")
    page = screen(symbol)
    expect(waits(page, "ask", "100.05", "bid")).to_have_count(1)
    trader.new_order(symbol, "buy", 1, Decimal("100.05"))
    expect(page.level("bid", "100.00").locator(".bid-mine")).to_have_text("5")
    expect(page("#ladder .waits")).to_have_count(0)


def test_what_is_farther_away_is_counted(
    placed: Callable[..., None], trader: Client, screen: Open, symbol: str
) -> None:
    for step in range(11, 31):
        trader.new_order(symbol, "buy", 100, Decimal("100") - Decimal("0.05") * step)
        trader.new_order(symbol, "sell", 100, Decimal("100") + Decimal("0.05") * step)
    placed("buy", "limit", price="99.90")
    placed("buy", "limit", price="50")
    placed("buy", "stop_market", trigger_price="150")
    placed("sell", "stop_market", trigger_price="60")
    placed("sell", "stop_market", trigger_price="99.72")
    page = screen(symbol)
    expect(page("#ladder-farther")).to_have_text("Mine: 1 above, 2 below")
    expect(page("#ladder .waits")).to_have_count(1)
    expect(waits(page, "bid", "99.72", "ask")).to_have_count(1)


def test_steps_put_triggers_together(
    placed: Callable[..., None], screen: Open, symbol: str
) -> None:
    placed("buy", "stop_market", trigger_price="100.21")
    placed("buy", "stop_market", trigger_price="100.23")
    page = screen(symbol)
    expect(page("#ladder .waits")).to_have_count(2)
    page("#grouping").select_option("5")
    expect(waits(page, "ask", "100.25", "bid")).to_contain_text("S10")
    expect(page("#ladder .waits")).to_have_count(1)
