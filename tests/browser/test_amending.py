"""Amending a working order under its row: every term the venue lets change, and no other."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen, box
from tests.e2e.web_process import Deployment

Open = Callable[..., Screen]

FIELDS = {
    "limit": ({"price": "90"}, {"quantity", "price", "display_quantity", "time_in_force"}),
    "stop_market": ({"trigger_price": "120"}, {"quantity", "trigger_price", "time_in_force"}),
    "take_profit_limit": (
        {"trigger_price": "80", "price": "81"},
        {"quantity", "trigger_price", "price", "display_quantity", "time_in_force"},
    ),
    "gtd": (
        {"price": "90", "expires": "2040-01-02"},
        {
            *("quantity", "price", "display_quantity", "time_in_force"),
            *("expires", "expires_time"),
        },
    ),
    "at the close": (
        {"type": "limit", "price": "90", "time_in_force": "at_close"},
        {"quantity", "price", "display_quantity"},
    ),
}


def place(deployment: Deployment, symbol: str, **terms: str) -> None:
    order = {"symbol": symbol, "side": "buy", "quantity": "10"} | terms
    answer = deployment.ask("POST", "/v1/orders", order)
    assert answer.status == 201, answer


def amending(page: Screen, symbol: str) -> None:
    row = page.working.filter(has_text=symbol)
    row.get_by_role("button", name="Amend").click()


@pytest.mark.parametrize("kind", FIELDS)
def test_the_fields_that_matter(
    kind: str, screen: Open, deployment: Deployment, symbol: str
) -> None:
    terms, fields = FIELDS[kind]
    place(deployment, symbol, **({"type": kind} | terms))
    page = screen(symbol)
    amending(page, symbol)
    shown = page("form.amend .amend-field:visible :is(input, select)")
    expect(shown.first).to_be_visible()
    assert set(shown.evaluate_all("each => each.map(one => one.name)")) == fields
    page.is_accessible()


def test_time_in_force_expiry_and_display_quantity(
    screen: Open, deployment: Deployment, symbol: str
) -> None:
    """Day to a trading day to a moment to good till canceled; hidden, and all shown again."""
    place(deployment, symbol, type="limit", price="90")
    page = screen(symbol)
    row = page.working.filter(has_text=symbol)

    def amended(*terms: str, without: str = "nothing") -> None:
        page.press("Enter")
        expect(page("form.amend")).to_have_count(0)
        for text in terms:
            expect(row).to_contain_text(text)
        expect(row).not_to_contain_text(without)

    amending(page, symbol)
    expect(page.amending("Expires on")).to_be_hidden()
    page.amending("In force").select_option("gtd")
    page("form.amend").get_by_role("button", name="Save").click()
    expect(page("form.amend")).to_contain_text("Say when it expires.")
    page.amending("Expires on").fill("2040-01-02")
    page.amending("Show").fill("2")
    page.amending("Show").focus()
    amended("GTD", "shows 2", "2040-01-02", without="03:04")
    expect(row).to_be_focused()
    page.press("e")
    page.amending("at, UTC").fill("03:04")
    page.amending("at, UTC").focus()
    amended("2040-01-02 03:04", "shows 2")
    page.press("e")
    expect(page.amending("at, UTC")).to_have_value("03:04")
    page.amending("In force").select_option("gtc")
    page.amending("Show").fill("")
    page.amending("Show").focus()
    amended("GTC", without="shows")
    (order,) = deployment.ask("GET", f"/v1/orders?symbol={symbol}").json
    assert (order["time_in_force"], order["expires"]) == ("gtc", None)
    assert order["display_quantity"] in (None, "0") and len(order["client_order_ids"]) == 4


def test_escape_leaves_and_a_refusal_stays(
    screen: Open, deployment: Deployment, symbol: str
) -> None:
    """The venue's words are under the fields, which keep what was typed."""
    place(deployment, symbol, type="limit", price="90")
    page = screen(symbol)
    page.refusals_expected = True
    amending(page, symbol)
    expect(page.amending("Price")).to_have_value("90.00")
    page.amending("Price").fill("90.005")
    page.press("Enter")
    expect(page("form.amend")).to_contain_text("90.005 is no multiple of the tick 0.01.")
    page.amending("Price").fill("91")
    page.amending("Show").fill("20")
    page.amending("Show").press("Enter")
    expect(page("form.amend .problem")).to_have_text(
        "DisplayQty(1138) 20 is more than OrderQty(38) 10"
    )
    expect(page.toasts.last).to_have_text(
        re.compile(rf"Not amended: Buy 10 {symbol} at 90.00: DisplayQty")
    )
    expect(page.amending("Price")).to_have_value("91")
    page.amending("Price").press("Escape")
    expect(page("form.amend")).to_have_count(0)
    row = page.working.filter(has_text=symbol)
    expect(row).to_be_focused()
    expect(row).to_contain_text("90.00")


def test_an_order_that_ends_takes_its_form_along(
    screen: Open, deployment: Deployment, symbol: str
) -> None:
    """And while it is open, the row above it tells what becomes of the order."""
    place(deployment, symbol, type="limit", price="90")
    page = screen(symbol)
    amending(page, symbol)
    place(deployment, symbol, type="limit", price="89", client_order_id=f"second-{symbol}")
    expect(page.working.filter(has_text=symbol)).to_have_count(2)
    expect(page.amending("Price")).to_be_focused()
    expect(page("#panel-working tr.editing")).to_have_count(1)
    below = page("#panel-working tr.editing + tr.amending")
    expect(below).to_have_count(1)
    assert deployment.ask("DELETE", f"/v1/orders?symbol={symbol}").status == 200
    expect(page("form.amend")).to_have_count(0)


def test_a_phone_tells_kind_trigger_and_state(
    screen: Open, deployment: Deployment, symbol: str
) -> None:
    """In a line under the symbol, as there is no room for the columns that say it on a desktop."""
    place(deployment, symbol, type="stop_limit", trigger_price="120", price="121")
    page = screen(symbol, width=375)
    page("#tabs [data-tab=orders]").click()
    row = page.working.filter(has_text=symbol)
    expect(row.locator(".note")).to_have_text("Stop limit 120.00 · Day · Waiting")
    assert "Stop limit 120.00" in row.inner_text()
    page.is_accessible()
    page.picture("phone-working")
    assert deployment.ask("DELETE", f"/v1/orders?symbol={symbol}").status == 200
    place(deployment, symbol, type="iceberg", price="90", display_quantity="2")
    expect(row.locator(".note")).to_have_text("Limit · Day, shows 2 · New")
    wide = screen(symbol).working.filter(has_text=symbol).locator(".note")
    expect(wide).to_have_count(1)
    expect(wide).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 375])
@pytest.mark.parametrize("quantity", ["2", "0.12345678"])
def test_a_quantity_of_many_decimals(
    quantity: str, width: int, screen: Open, deployment: Deployment
) -> None:
    """Is shown without zeros that say nothing, and as a whole."""
    place(deployment, "BTC-USD", type="limit", price="50000", quantity=quantity)
    page = screen("BTC-USD", width=width)
    if width == 375:
        page("#tabs [data-tab=orders]").click()
    amending(page, "BTC-USD")
    field = page.amending("Quantity")
    expect(field).to_have_value(quantity)
    assert field.evaluate("field => field.scrollWidth <= field.clientWidth")
    assert box(page("form.amend .amend-field.quantity button").last).right <= width
    page.picture(f"amending-{width}")
    assert deployment.ask("DELETE", "/v1/orders?symbol=BTC-USD").status == 200


@pytest.mark.parametrize("width", [1440, 1000, 375])
def test_news_leave_the_orders_free(
    width: int, screen: Open, deployment: Deployment, symbol: str
) -> None:
    """As many as there may be of them, each of two lines on a phone."""
    place(deployment, symbol, type="limit", price="90")
    page = screen(symbol, width=width)
    page.refusals_expected = True
    if width == 375:
        page("#tabs [data-tab=orders]").click()
    amending(page, symbol)
    for count in (1, 2, 3):
        page.amending("Show").fill(f"{count + 20}")
        page.amending("Show").press("Enter")
        expect(page.toasts).to_have_count(count)
    page.picture(f"news-{width}")
    news = box(page("#toasts"))
    assert news.top < news.bottom <= box(page("#panel-working tbody")).top
