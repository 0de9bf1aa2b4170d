"""Trading in the page: each kind of order placed, amended and canceled, fills, refusals, keys."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.e2e.web_process import Deployment
from venue.client import Client

Open = Callable[..., Screen]

COMMON = {"quantity"}
KINDS = {
    "limit": ({"price", "time_in_force"}, {"price": "90.00"}, "Limit"),
    "market": ({"time_in_force"}, {"time_in_force": "at_open"}, None),
    "market_to_limit": ({"time_in_force"}, {}, None),
    "stop_market": ({"trigger_price", "time_in_force"}, {"trigger_price": "120.00"}, "Stop market"),
    "stop_limit": (
        {"trigger_price", "price", "time_in_force"},
        {"trigger_price": "120.00", "price": "121.00"},
        "Stop limit",
    ),
    "take_profit": ({"trigger_price", "time_in_force"}, {"trigger_price": "80.00"}, "Take profit"),
    "take_profit_limit": (
        {"trigger_price", "price", "time_in_force"},
        {"trigger_price": "80.00", "price": "81.00"},
        "Take profit limit",
    ),
    "post_only": ({"price", "time_in_force"}, {"price": "90.00"}, "Limit"),
    "iceberg": (
        {"price", "display_quantity", "time_in_force"},
        {"price": "90.00", "display_quantity": "2"},
        "Limit",
    ),
    "ioc": ({"price"}, {"price": "90.00"}, None),
    "fok": ({"price"}, {"price": "90.00"}, None),
    "gtd": ({"price", "expires"}, {"price": "90.00", "expires": "2040-01-02T03:04"}, "Limit"),
}


@pytest.fixture(scope="module")
def shared(browser: object, deployment: Deployment, pictures: object) -> object:
    """One page for the tests that leave nothing behind; nor has any file before this one."""
    assert deployment.ask("DELETE", "/v1/orders").status == 200
    made = Screen(browser, deployment, pictures)  # type: ignore[arg-type]
    made.open("SYM0")
    yield made
    made.refusals_expected = True
    made.close()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_order(kind: str, shared: Screen) -> None:
    """The ticket shows what matters for it and nothing else; it can be amended and canceled."""
    fields, values, resting = KINDS[kind]
    shared.refusals_expected = True
    shared.fill(type=kind)
    assert shared.shown_fields() == COMMON | fields
    shared.fill(quantity="10", **values)
    shared("#send").click()
    if resting is None:
        expect(shared("#ticket :is(#ticket-answer, #ticket-problem):not(:empty)")).to_be_visible()
        expect(shared.working).to_have_count(0)
        return
    trigger = f", trigger {values['trigger_price']}" if "trigger_price" in values else ""
    told = f"Buy 10 SYM0 at {values.get('price', 'market')}{trigger}"
    expect(shared("#ticket-answer")).to_have_text(f"{told}: {'waiting' if trigger else 'new'}")
    expect(shared.toasts.last).to_contain_text(told)
    row = shared.working
    expect(row).to_have_count(1)
    expect(row).to_contain_text(resting)
    row.get_by_role("button", name="Amend").click()
    shared.amending("Quantity").fill("12")
    name = "Trigger" if resting in ("Stop market", "Take profit") else "Price"
    new = {"Stop limit": "122.00", "Stop market": "122.00"}.get(resting, "79.50")
    shared.amending(name).fill(new)
    shared.press("Enter")
    expect(row).to_contain_text("0 / 12")
    expect(row).to_contain_text(new)
    expect(shared.toasts.last).to_contain_text("Amended: Buy 12 SYM0")
    expect(shared.toasts.last).to_contain_text(new)
    row.get_by_role("button", name="Cancel").click()
    expect(row).to_have_count(0)


def test_the_book_moves(screen: Open, trader: Client, symbol: str) -> None:
    """Orders of a FIX client come and go in ladder, quotes and depth chart; own ones are marked."""
    page = screen(symbol)
    trader.new_order(symbol, "buy", 300, Decimal("99.50"))
    sold = trader.new_order(symbol, "sell", 200, Decimal("100.25"))
    expect(page.level("bid", "99.50").locator(".bid-size")).to_have_text("300")
    expect(page.level("ask", "100.25").locator(".ask-size")).to_have_text("200")
    expect(page("#figure-bid")).to_contain_text("99.50")
    expect(page("#figure-spread")).to_contain_text("0.75")
    expect(page("#depth")).to_have_attribute(
        "aria-label", f"Depth chart of {symbol}: 1 bid prices, 1 ask prices"
    )
    page.level("bid", "99.50").locator(".bid-size").click()
    expect(page("#ticket-price")).to_have_value("99.50")
    page.fill(quantity="40")
    page.send("new")
    expect(page.level("bid", "99.50").locator(".bid-size")).to_have_text("340")
    expect(page.level("bid", "99.50").locator(".bid-mine")).to_have_text("40")
    trader.cancel(sold)
    expect(page("#figure-ask")).to_have_text(re.compile(r"^\W$"))
    expect(page("#ladder tr.ask.level")).to_have_count(0)


def test_a_fill_by_a_fix_client(screen: Open, trader: Client, symbol: str) -> None:
    """It appears in the working order, the fills, the tape, the candles and the position."""
    page = screen(symbol)
    page.fill(quantity="100", price="100.00")
    page.send("new")
    trader.new_order(symbol, "sell", 60, Decimal("100.00"))
    expect(page.working.filter(has_text=symbol)).to_contain_text("60 / 100")
    expect(page("#toasts")).to_contain_text(f"Bought 60 {symbol} at 100")
    expect(page("#tape tbody tr").first).to_contain_text("100.00")
    expect(page("#figure-last")).to_contain_text("100.00")
    expect(page("#candles")).to_have_attribute(
        "aria-label", f"Candles of {symbol}, 1m: 1 of them, last 100.00"
    )
    page("#tab-fills").click()
    expect(page("#panel-fills tbody tr").filter(has_text=symbol)).to_contain_text("60")
    page("#tab-positions").click()
    expect(page("#panel-positions tbody tr").filter(has_text=symbol)).to_contain_text("60")
    page("#tab-working").click()
    page.working.filter(has_text=symbol).get_by_role("button", name="Cancel").click()
    page("#tab-history").click()
    expect(page("#panel-history tbody tr").filter(has_text=symbol)).to_contain_text("Canceled")


def test_refusals_in_the_venues_words(screen: Open, symbol: str) -> None:
    page = screen(symbol)
    page.refusals_expected = True
    page.fill(quantity="2000000", price="100.00")
    page("#send").click()
    expect(page("#ticket-problem")).to_contain_text("OrderQty(38) 2000000 is above the maximum")
    expect(page("#toasts")).to_contain_text("OrderQty(38) 2000000 is above the maximum")
    page.fill(quantity="10", price="100.005")
    page("#send").click()
    expect(page("#ticket-price-hint")).to_have_text("100.005 is no multiple of the tick 0.01.")
    expect(page("#ticket-price")).to_have_attribute("aria-invalid", "true")
    page.fill(price="one")
    page("#send").click()
    expect(page("#ticket-price-hint")).to_have_text("one is no decimal number.")
    expect(page.working.filter(has_text=symbol)).to_have_count(0)


def test_with_the_keyboard_alone(screen: Open, trader: Client, symbol: str) -> None:
    """Choose the instrument, take a price from the ladder, send, amend and cancel."""
    trader.new_order(symbol, "sell", 500, Decimal("101.00"))
    trader.new_order(symbol, "buy", 500, Decimal("100.00"))
    page = screen("SYM0")
    page.press("/")
    page.page.keyboard.type(symbol)
    expect(page("#symbol-list [role=option]").first).to_contain_text(symbol)
    page.press("Enter")
    expect(page("#symbol-name")).to_have_text(symbol)
    expect(page.level("bid", "100.00")).to_be_visible()
    page.press("l", ".", "b")
    expect(page("#ticket-quantity")).to_be_focused()
    expect(page("#ticket-price")).to_have_value("100.00")
    page.page.keyboard.type("7")
    page.press("Enter")
    row = page.working.filter(has_text=symbol)
    expect(row).to_contain_text("0 / 7")
    page.press("Escape", "w")
    expect(row).to_be_focused()
    page.press("e", "ArrowDown", "Shift+ArrowDown", "Enter")
    expect(row).to_contain_text("99.89")
    expect(row).to_be_focused()
    page.press("Delete")
    expect(row).to_have_count(0)
    page.page.locator("#main").focus()
    page.press("s")
    expect(page("#ticket .sides input[value=sell]")).to_be_checked()
    expect(page("#send")).to_contain_text("Sell")
    page.press("Escape", "?")
    expect(page("#help")).to_be_visible()
    page.press("Escape")
    expect(page("#help")).to_have_count(0)


def test_exact_decimals(screen: Open) -> None:
    """Steps and values of 18 digits, where a float would have lost some."""
    page = screen("BTC-USD")
    page.fill(quantity="1.00000001", price="9007199254740993.01")
    page("#ticket-price").press("ArrowUp")
    expect(page("#ticket-price")).to_have_value("9007199254740993.02")
    expect(page("#ticket-value")).to_have_text("9,007,199,344,812,985.57 USD")
    page("#ticket-price").press("Shift+ArrowDown")
    expect(page("#ticket-price")).to_have_value("9007199254740992.92")
