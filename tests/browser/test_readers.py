"""Who may only look: he sees what his session has and does, and the page offers no change of it."""

from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.e2e.web_process import Deployment
from venue.client import Client

Open = Callable[..., Screen]


def test_a_reader_sees_orders_fills_and_positions(
    screen: Open, deployment: Deployment, trader: Client, symbol: str
) -> None:
    page = screen(symbol, user="viewer")
    terms = {"symbol": symbol, "side": "buy", "type": "limit", "quantity": "10", "price": "100"}
    assert deployment.ask("POST", "/v1/orders", terms).status == 201
    row = page.working.filter(has_text=symbol)
    expect(row).to_contain_text("0 / 10")
    expect(page.level("bid", "100.00").locator(".bid-mine")).to_have_text("10")
    trader.new_order(symbol, "sell", 4, Decimal("100"))
    expect(row).to_contain_text("4 / 10")
    for tab in ("fills", "positions"):
        page(f"#tab-{tab}").click()
        expect(page(f"#panel-{tab} tbody tr").filter(has_text=symbol)).to_contain_text("4")
    page("#tab-working").click()
    expect(page("#ticket")).to_contain_text("viewer may only look.")
    expect(page("#ticket input")).to_have_count(0)
    expect(row.get_by_role("button")).to_have_count(0)
    expect(page("#cancel-all")).to_be_hidden()
    page.is_accessible()


def test_a_reader_changes_nothing(screen: Open, deployment: Deployment, symbol: str) -> None:
    """Neither with keys nor past the page."""
    order = {"symbol": symbol, "side": "buy", "type": "limit", "quantity": "10", "price": "100"}
    placed = deployment.ask("POST", "/v1/orders", order).json
    page = screen(symbol, user="viewer")
    row = page.working.filter(has_text=symbol)
    row.focus()
    page.press("e", "Enter", "Delete")
    expect(page("form.amend")).to_have_count(0)
    page.level("bid", "100.00").locator(".price").click()
    page.press("Delete")
    page("#main").focus()
    page.press("b")
    expect(page("#login")).to_be_visible()
    page.press("Escape")
    page.refusals_expected = True
    told = page.page.evaluate(ASK, [f"/v1/orders/{placed['client_order_id']}", "/v1/orders"])
    assert told == [[200, 403, 403], [200, 403, 403]]
    expect(row).to_contain_text("0 / 10")


ASK = """async (paths) => {
  const csrf = (await (await fetch("/v1/me")).json()).csrf;
  const status = async (method, path, body) => (await fetch(path, {
    method, body, headers: {"X-CSRF-Token": csrf, "Content-Type": "application/json"}})).status;
  return [
    [await status("GET", paths[0]), await status("DELETE", paths[0]),
     await status("PATCH", paths[0], '{"price": "99"}')],
    [await status("GET", paths[1]), await status("DELETE", paths[1]),
     await status("POST", paths[1], "{}")],
  ];
}"""
