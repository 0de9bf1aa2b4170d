"""An auction's call on the page: phase, price, volume and imbalance, until it trades."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.e2e.web_process import Deployment
from venue.client import Client

Open = Callable[..., Screen]


def operate(deployment: Deployment, action: str, **terms: object) -> None:
    """Do something as the operator."""
    origin = {"Origin": deployment.url}
    login = deployment.ask("POST", "/v1/login", {"user": "operator"}, origin)
    cookie = {"Cookie": str(login.headers["Set-Cookie"]).partition(";")[0]}
    headers = origin | cookie | {"X-CSRF-Token": login.json["csrf"]}
    answer = deployment.ask("POST", f"/v1/operator/{action}", terms, headers)
    assert answer.json["accepted"], answer


def test_another_instrument_without_a_book(
    screen: Open, trader: Client, symbol: str, symbols: Iterator[str]
) -> None:
    """As in a call: nothing is left of the book that was shown before."""
    trader.new_order(symbol, "buy", 10, Decimal("99.00"))
    page = screen(symbol)
    expect(page("#ladder tr.level")).to_have_count(1)
    page.page.evaluate("name => { location.hash = `trade/${name}`; }", next(symbols))
    expect(page("#symbol-name")).not_to_have_text(symbol)
    expect(page("#ladder tr.level")).to_have_count(0)
    expect(page("#depth-legend")).to_have_text("")


def test_a_call_and_its_auction(
    screen: Open, deployment: Deployment, trader: Client, symbol: str
) -> None:
    """Nobody sees the book; everybody sees what would trade, and own orders stand in the ladder."""
    page = screen(symbol)
    expect(page("#figure-bid")).to_be_visible()
    expect(page("#figure-indicative")).to_be_hidden()
    operate(deployment, "halt", symbol=symbol)
    operate(deployment, "resume", symbol=symbol, auction_seconds=600)
    expect(page("#symbol-phase")).to_have_text("Volatility auction")
    expect(page("#figure-bid")).to_be_hidden()
    expect(page("#figure-indicative")).to_contain_text("volatility auction")
    expect(page("#ladder tr.middle")).to_have_text("Volatility auctionnothing would trade yet")
    page.fill(quantity="50", price="100.10")
    page.send("new")
    expect(page.level("bid", "100.10").locator(".bid-mine")).to_have_text("50")
    trader.new_order(symbol, "sell", 20, Decimal("99.00"))
    expect(page("#figure-indicative")).to_contain_text("100.10")
    expect(page("#figure-volume-in-auction")).to_have_text("20")
    expect(page("#figure-imbalance")).to_have_text("30 to buy")
    expect(page("#ladder tr.middle")).to_have_text(re.compile(r"^100\.10. 20 in the auction$"))
    page.is_accessible()
    page.picture("auction")
    operate(deployment, "halt", symbol=symbol)
    expect(page("#figure-indicative")).to_be_hidden()
    operate(deployment, "resume", symbol=symbol)
    expect(page("#symbol-phase")).to_have_text("Continuous")
    expect(page.toasts.last).to_have_text(f"Bought 20 {symbol} at 100.10")
    expect(page.level("bid", "100.10").locator(".bid-size")).to_have_text("30")
    expect(page("#figure-bid")).to_contain_text("100.10")
