"""How the page looks and who it is for: themes, the phone, logging in, accessibility, pictures."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.e2e.web_process import Deployment
from venue.client import Client, ExecutionReport

Open = Callable[..., Screen]


@pytest.fixture
def lively(trader: Client, deployment: Deployment, symbol: str) -> str:
    """An instrument with a book of both sides, a trade and an order of alpha's."""
    for step in range(1, 9):
        trader.new_order(symbol, "buy", 100 * step, Decimal("100") - Decimal("0.05") * step)
        last = trader.new_order(symbol, "sell", 90 * step, Decimal("100") + Decimal("0.05") * step)
    trader.wait(ExecutionReport, cl_ord_id=last)
    order = {"symbol": symbol, "type": "limit"}
    for terms in (
        {"side": "buy", "price": "99.90", "quantity": "25"},
        {"side": "sell", "price": "99.95", "quantity": "30"},
        {"side": "buy", "price": "100.05", "quantity": "10"},
        {
            "side": "sell",
            "type": "stop_limit",
            "trigger_price": "99",
            "price": "98.50",
            "quantity": "5",
        },
    ):
        answer = deployment.ask("POST", "/v1/orders", order | terms)
        assert answer.status == 201, answer
    return symbol


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [1440, 375])
def test_every_view_is_accessible(screen: Open, lively: str, width: int, scheme: str) -> None:
    page = screen(lively, width=width, scheme=scheme)
    name = f"{'phone' if width == 375 else 'desktop'}-{scheme}"
    expect(page("#ladder tr.bid.level").first).to_be_attached()
    expect(page.working.filter(has_text=lively).first).to_be_attached()
    one_minute_or_two = re.compile(f"^Candles of {lively}, 1m: [12] of them, last 100.05$")
    expect(page("#candles")).to_have_attribute("aria-label", one_minute_or_two)
    tabs = ["book", "chart", "ticket", "orders", "tape"] if width == 375 else [""]
    for tab in tabs:
        if tab:
            page(f"#tabs [data-tab={tab}]").click()
            wide = page.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{tab} is {wide} px wide"
        page.is_accessible()
        page.picture(f"{name}-{tab or 'trade'}")
    if width == 375:
        page("#tabs [data-tab=orders]").click()
    for blotter in ("history", "fills", "positions"):
        page(f"#tab-{blotter}").click()
        expect(page(f"#panel-{blotter} table.data, #panel-{blotter} .empty").first).to_be_visible()
        page.picture(f"{name}-{blotter}")
    page.is_accessible()
    page.press("2")
    expect(page("#sessions tbody tr").first).to_be_visible()
    expect(page("#messages tbody tr").first).to_be_visible()
    page("#messages tbody tr").first.click()
    expect(page("#decoded")).to_contain_text("MsgType")
    page.is_accessible()
    page.picture(f"{name}-messages")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_dialogs_are_accessible(screen: Open, scheme: str) -> None:
    page = screen("SYM0", scheme=scheme)
    for key, name in (("/", "#symbols"), ("?", "#help")):
        page.press(key)
        expect(page(name)).to_be_visible()
        page.is_accessible()
        page.press("Escape")
        expect(page(name)).to_have_count(0)
    page("#user-button").click()
    expect(page("#login button").first).to_be_visible()
    page.is_accessible()


def test_the_theme_is_remembered(screen: Open) -> None:
    page = screen("SYM0", scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.page.evaluate(background)
    page.press("t")
    light = page.page.evaluate(background)
    assert dark != light
    page.page.reload()
    page.is_live()
    assert page.page.evaluate(background) == light
    page("#theme-button").click()
    assert page.page.evaluate(background) == dark


def test_the_instrument_is_remembered(screen: Open, symbol: str) -> None:
    page = screen(symbol)
    page.page.goto("about:blank")
    page.page.goto(page.url)
    page.is_live()
    expect(page("#symbol-name")).to_have_text(symbol)
    page.press("]")
    expect(page("#symbol-name")).not_to_have_text(symbol)


def test_logging_in_as_somebody_else(screen: Open, symbol: str) -> None:
    """Nobody needs to log in here: it is alpha. Then beta, who sees none of alpha's orders."""
    page = screen(symbol, user=None)
    expect(page("#user-button")).to_have_text("alpha")
    page.fill(quantity="5", price="90.00")
    page.send("new")
    expect(page.working.filter(has_text=symbol)).to_have_count(1)
    page("#user-button").click()
    page.is_accessible()
    page.picture("login")
    page("#login").get_by_role("button", name="beta").click()
    expect(page("#user-button")).to_have_text("beta")
    expect(page("#login")).to_have_count(0)
    expect(page.working.filter(has_text=symbol)).to_have_count(0)
    page.fill(quantity="6", price="91.00")
    page.send("new")
    expect(page.working.filter(has_text=symbol)).to_have_count(1)
    page("#user-button").click()
    page("#login").get_by_label("Name").fill("nobody")
    page("#login").get_by_label("Password").fill("wrong")
    page.refusals_expected = True
    page("#login").get_by_role("button", name="Log in").click()
    expect(page("#login .problem")).not_to_be_empty()


def test_the_description_of_rest(screen: Open) -> None:
    """/docs works, too: offline, accessible, and an operation can be tried."""
    page = screen("SYM0")
    page.page.goto(f"{page.url}docs")
    operation = page("details.operation", has_text="/v1/instruments").first
    operation.locator("summary").first.click()
    operation.get_by_role("button", name="Send").click()
    expect(operation.locator("pre").first).to_contain_text("200")
    page.is_accessible()


def test_nothing_comes_from_elsewhere() -> None:
    """No file of the page names another host, but for a link of its help and SVG's namespace."""
    static = Path(__file__).parents[2] / "venue/web/static"
    known = ("http://www.w3.org/2000/svg", "https://www.tradingview.com/")
    for path in static.rglob("*"):
        if path.suffix not in (".html", ".css", ".js", ".svg"):
            continue
        text = path.read_text()
        for allowed in known:
            text = text.replace(allowed, "")
        assert not re.search(r"\b(https?|wss?)://[\w.]", text), path
        assert not re.search(r"\bstyle=|<script>|\bon\w+=\"", text), path
