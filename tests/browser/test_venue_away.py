"""While the venue is away nothing on the page is of now, and nothing says that it is."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen
from tests.e2e.client import DEADLINE
from tests.e2e.web_process import Deployment

Open = Callable[..., Screen]
UNKNOWN = "Not known while the venue is down."


def is_grey(place: Locator) -> None:
    expect(place).to_have_css("filter", "grayscale(1)")


def test_the_operators_screen(screen: Open, deployment: Deployment, symbol: str) -> None:
    """Greyed, what was is said to be past, and no button does anything; then all is back."""
    page = screen(symbol, user="operator", view="operator")
    page.losses_expected = page.refusals_expected = True
    session = page("#sessions tbody tr").filter(has_text="WEB1").filter(has_text="FIX.5.0SP2")
    halt = page("#halts tbody tr").filter(has=page.page.get_by_text(symbol, exact=True))
    firm = page("#firms tbody tr").filter(has_text="ALPHA")
    parts = (session, halt, firm)
    expect(session).to_contain_text("● On")
    for part in parts:
        expect(part.get_by_role("button")).to_be_enabled()
    deployment.venue.kill()
    expect(page("#banner")).to_contain_text("The venue is down since")
    try:
        for part in parts:
            expect(part.get_by_role("button")).to_be_disabled()
            expect(part.locator(":is(.badge.good, .buy)")).to_have_count(0)
        expect(session).to_contain_text("Was on")
        expect(page("#sessions-legend")).to_have_text("not of now")
        for place in (".sessions-panel", ".halts-panel", ".firms-panel", "#symbol-phase"):
            is_grey(page(place))
        page.is_accessible()
        page.picture("operator-venue-down")
    finally:
        deployment.start_venue()
    expect(page("#banner")).to_contain_text("Connected again", timeout=3_000 * DEADLINE)
    expect(session).to_contain_text("● On")
    for part in parts:
        expect(part.get_by_role("button")).to_be_enabled()


def test_a_page_that_is_loaded_meanwhile(screen: Open, deployment: Deployment, symbol: str) -> None:
    """It says that it does not know, and not since when."""
    deployment.wait_until_up()
    assert deployment.ask("DELETE", "/v1/orders").status == 200
    page = screen(symbol)
    page.losses_expected = page.refusals_expected = True
    deployment.venue.kill()
    try:
        deployment.wait_until("down")
        page.page.reload()
        expect(page("#banner")).to_have_text(
            "The venue is down. Orders cannot be sent; waiting for it…"
        )
        for name in ("working", "history", "fills", "positions"):
            page(f"#tab-{name}").click()
            expect(page(f"#panel-{name} .empty")).to_have_text(UNKNOWN)
        page("#tab-working").click()
        for place in ("#ladder", "#depth", "#candles", "#tape"):
            expect(page(f"{place} .empty")).to_have_text(UNKNOWN)
        expect(page("#symbol-name")).to_have_text("Not known")
        page.is_accessible()
        page.picture("loaded-while-down")
    finally:
        deployment.start_venue()
    expect(page("#symbol-name")).to_have_text(symbol, timeout=3_000 * DEADLINE)
    expect(page("#panel-working .empty")).to_contain_text("No working orders.")
    expect(page("#ladder .empty")).to_contain_text("No orders yet.")
