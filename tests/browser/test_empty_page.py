"""What the page says where there is nothing to show: no orders yet, a call, no such instrument."""

import re
from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.test_auction_page import operate
from tests.e2e.web_process import Deployment
from venue.client import Client

Open = Callable[..., Screen]


def test_a_market_without_an_order(screen: Open, trader: Client, symbol: str) -> None:
    """It says where prices are, in place of the last one, and draws no axis of nothing."""
    page = screen(symbol)
    ladder, depth = page("#ladder .empty"), page("#depth .empty")
    expect(ladder).to_contain_text("No orders yet. Prices are about 100.00, the reference price")
    expect(ladder).to_contain_text("a limit farther than 50% from it is refused")
    expect(depth).to_have_text("No orders yet.")
    expect(page("#depth canvas").first).to_be_hidden()
    expect(page("#candles canvas").first).to_be_hidden()
    expect(page("#figure-last")).to_have_text("100.00 reference")
    expect(page("#ladder tr.middle")).to_have_text("100.00reference price")
    expect(page("#ticket-price")).to_have_attribute("placeholder", "100.00")
    page("#ticket-price").press("ArrowUp")
    expect(page("#ticket-price")).to_have_value("100.01")
    expect(page("#ticket .quick button").first).to_be_disabled()
    page.is_accessible()
    page.picture("empty")
    order = trader.new_order(symbol, "buy", 10, Decimal("99.00"))
    expect(ladder).to_be_hidden()
    expect(depth).to_be_hidden()
    expect(page("#depth canvas").first).to_be_visible()
    expect(page("#depth + .axis span")).not_to_have_count(0)
    expect(page("#ticket .quick button").first).to_be_enabled()
    trader.cancel(order)
    expect(ladder).to_contain_text("No orders yet.")
    expect(page("#depth canvas").first).to_be_hidden()
    expect(page("#depth + .axis span")).to_have_count(0)


def test_trades_that_are_not_kept_any_more(screen: Open, symbol: str) -> None:
    """The statistics of the day still tell the last price, and that there were any."""
    page = screen(symbol)
    expect(page("#tape .empty")).to_have_text("No trades yet.")
    page.page.evaluate(FORGOTTEN)
    for place in ("#tape .empty", "#candles .empty"):
        expect(page(place)).to_have_text("Its trades are older than those that are kept.")
    expect(page("#figure-last")).to_have_text("49.80")
    expect(page("#ladder tr.middle b")).to_have_text("49.80")
    expect(page("#ticket-price")).to_have_attribute("placeholder", "49.80")


FORGOTTEN = """async () => {
  const { statistics } = await import("/static/js/state.js");
  statistics.set({ last: "49.8", open: "50", trades: 36, volume: "209", volatility: {} });
}"""


def test_a_call_shows_no_book(
    screen: Open, deployment: Deployment, trader: Client, symbol: str
) -> None:
    trader.new_order(symbol, "buy", 10, Decimal("99.00"))
    page = screen(symbol)
    expect(page("#ladder tr.level")).to_have_count(1)
    operate(deployment, "halt", symbol=symbol)
    operate(deployment, "resume", symbol=symbol, auction_seconds=600)
    expect(page("#ladder .empty")).to_have_text(
        "In the call of an auction nobody is shown the book."
    )
    expect(page("#depth .empty")).to_have_text("Not shown in a call.")
    expect(page("#depth canvas").first).to_be_hidden()
    page.is_accessible()


def test_an_address_of_no_instrument(screen: Open, symbol: str) -> None:
    """Nothing of another instrument takes its place, until one is chosen."""
    page = screen("NOBODY")
    expect(page("#symbol-name")).to_have_text("NOBODY")
    expect(page("#symbol-phase")).to_have_text("Not listed")
    expect(page("#ticket")).to_contain_text("NOBODY is not listed.")
    expect(page("#ticket input")).to_have_count(0)
    for place in ("#ladder .empty", "#depth .empty", "#candles .empty", "#tape .empty"):
        expect(page(place)).to_have_text("NOBODY is not listed.")
    page.is_accessible()
    page("#ticket").get_by_role("button", name="Choose an instrument").click()
    page.page.keyboard.type(symbol)
    page.press("Enter")
    expect(page("#symbol-name")).to_have_text(symbol)
    expect(page("#send")).to_contain_text(symbol)
    page.page.evaluate("location.hash = 'trade/NOBODY'")
    expect(page("#ticket")).to_contain_text("NOBODY is not listed.")
    page.page.evaluate("name => { location.hash = `trade/${name}`; }", symbol)
    expect(page("#send")).to_contain_text(symbol)
    expect(page("#symbol-phase")).to_have_text("Continuous")


def test_an_instrument_that_is_delisted(screen: Open, deployment: Deployment, symbol: str) -> None:
    page = screen(symbol)
    expect(page("#send")).to_contain_text(symbol)
    operate(deployment, "halt", symbol=symbol)
    operate(deployment, "delist", symbol=symbol)
    expect(page("#ticket")).to_contain_text(f"{symbol} is not listed.")


def test_who_does_not_trade_is_not_told_to(
    screen: Open, deployment: Deployment, symbol: str
) -> None:
    assert deployment.ask("DELETE", "/v1/orders").status == 200
    page = screen(symbol, user="operator")
    expect(page("#panel-working .empty")).to_have_text("operator does not trade.")
    reader = screen(symbol, user="viewer")
    expect(reader("#panel-working .empty")).to_have_text(re.compile(r"^No working orders\.$"))
