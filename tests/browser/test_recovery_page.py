"""The venue is killed, the web is killed: the page says so, recovers by itself, and says that."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.test_auction_page import operate
from tests.e2e.client import DEADLINE
from tests.e2e.web_process import Deployment

Open = Callable[..., Screen]


def test_the_venue_is_killed_and_comes_back(
    screen: Open, deployment: Deployment, symbol: str
) -> None:
    page = screen(symbol)
    page.losses_expected = page.refusals_expected = True
    page.fill(quantity="10", price="99.00")
    page.send("new")
    expect(page.level("bid", "99.00")).to_be_visible()
    deployment.venue.kill()
    expect(page("#banner")).to_contain_text("The venue is down since")
    expect(page("#send")).to_be_disabled()
    page.is_accessible()
    page.picture("venue-down")
    deployment.start_venue()
    expect(page("#banner")).to_contain_text("Connected again", timeout=3_000 * DEADLINE)
    expect(page.working.filter(has_text=symbol)).to_have_count(1)
    expect(page.level("bid", "99.00").locator(".bid-mine")).to_have_text("10")
    page.fill(quantity="4", price="98.00")
    page.send("new")
    expect(page.level("bid", "98.00").locator(".bid-size")).to_have_text("4")
    expect(page.working.filter(has_text=symbol)).to_have_count(2)


def test_the_web_is_killed_and_comes_back(
    screen: Open, deployment: Deployment, symbol: str
) -> None:
    page = screen(symbol)
    page.losses_expected = page.refusals_expected = True
    page.fill(quantity="10", price="99.00")
    page.send("new")
    deployment.web.kill()
    expect(page("#banner")).to_contain_text("Connection to the web lost")
    deployment.start_web()
    expect(page("#banner")).to_contain_text("Connected again", timeout=3_000 * DEADLINE)
    expect(page("#user-button")).to_have_text("alpha")
    expect(page.level("bid", "99.00").locator(".bid-mine")).to_have_text("10")
    row = page.working.filter(has_text=symbol)
    row.get_by_role("button", name="Cancel").click()
    expect(row).to_have_count(0)


def test_the_users_session_is_away(screen: Open, deployment: Deployment, symbol: str) -> None:
    """The market goes on, orders do not: the page says which session it is, and why."""
    page, other = screen(symbol), screen(symbol, user="beta")
    page.losses_expected = page.refusals_expected = True
    operate(deployment, "disable", session="WEB1")
    expect(page("#banner")).to_contain_text("Session WEB1 is not logged on: ")
    expect(page("#banner")).to_contain_text("Orders cannot be sent")
    expect(page("#send")).to_be_disabled()
    expect(page("#send")).to_have_text("Not connected")
    page.is_accessible()
    page.picture("session-away")
    other.fill(quantity="7", price="99.00")
    other.send("new")
    expect(other("#banner")).to_be_hidden()
    expect(page.level("bid", "99.00").locator(".bid-size")).to_have_text("7")
    expect(page("#symbol-phase")).to_have_css("filter", "none")
    operate(deployment, "enable", session="WEB1")
    expect(page("#banner")).to_contain_text("Connected again", timeout=3_000 * DEADLINE)
    page.fill(quantity="4", price="98.00")
    page.send("new")
