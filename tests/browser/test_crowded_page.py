"""A thousand own orders in a deep book: what is drawn is bounded, and says of what is not."""

import re
from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.e2e.web_process import Deployment
from venue.client import Client

Open = Callable[..., Screen]

ORDERS, LEVELS = 150, 1_200
FIRST = 100
"""Rows of a list before more are asked for."""


def test_a_thousand_levels_and_many_orders(
    screen: Open, deployment: Deployment, trader: Client, symbol: str
) -> None:
    for step in range(1, LEVELS // 2 + 1):
        away = Decimal("0.01") * step
        trader.new_order(symbol, "buy", 10, Decimal("100") - away)
        trader.new_order(symbol, "sell", 10, Decimal("100") + away)
    for number in range(ORDERS):
        terms = {"side": "buy", "type": "limit", "price": "94", "quantity": f"{number + 1}"}
        answer = deployment.ask("POST", "/v1/orders", {"symbol": symbol} | terms)
        assert answer.status == 201, answer
    page = screen(symbol)
    page("label", has_text="This symbol").locator("input").check()
    expect(page.working).to_have_count(FIRST)
    expect(page("#tab-working .count")).to_have_text(f"{ORDERS}")
    more = page("#panel-working .more-rows")
    expect(more).to_contain_text(f"{ORDERS - FIRST} more, not shown")
    expect(page("#ladder-farther")).to_have_text(f"Mine: {ORDERS} below")
    expect(page("#depth-legend")).to_have_text(re.compile("^200 bids · 200 asks$"))
    assert page("#ladder tbody tr").count() < 100
    page.working.first.get_by_role("button", name="Amend").click()
    page.amending("Quantity").fill("7")
    page.press("Enter")
    expect(page.working.first).to_contain_text("0 / 7")
    page.is_accessible()
    more.get_by_role("button").click()
    expect(page.working).to_have_count(ORDERS)
    expect(more).to_be_hidden()
    assert deployment.ask("DELETE", f"/v1/orders?symbol={symbol}").status == 200
    expect(page.working).to_have_count(0)
