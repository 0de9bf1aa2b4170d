"""What has to be seen is seen: on a desktop, on a small one and on a phone."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.screen import Screen, box
from tests.browser.test_auction_page import operate
from tests.e2e.web_process import Deployment
from venue.client import Client, ExecutionReport

Open = Callable[..., Screen]

LONG = "BTC-USD"
"""An instrument of long prices and quantities."""
ALL_INSIDE = """(each, place) => {
  const outer = document.querySelector(place).getBoundingClientRect();
  return each.filter((one) => one.offsetParent).every((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    return left >= outer.left && right <= outer.right && top >= outer.top && bottom <= outer.bottom;
  });
}"""


def are_inside(each: Locator, place: str) -> bool:
    """Whether all of them that are shown are wholly within an element."""
    expect(each.first).to_be_attached()
    found: bool = each.evaluate_all(ALL_INSIDE, place)
    return found


@pytest.fixture
def quoted(trader: Client, deployment: Deployment) -> Iterator[None]:
    """A book of both sides in `LONG`, and a trade; orders of it are gone afterwards."""
    ids = [
        trader.new_order(LONG, side, Decimal("1.0487144"), Decimal(50_000) + sign * step)
        for step in range(1, 11)
        for side, sign in (("buy", -1), ("sell", 1))
    ]
    trader.wait(ExecutionReport, cl_ord_id=ids[-1])
    terms = {"symbol": LONG, "side": "buy", "type": "ioc", "price": "50001", "quantity": "0.5"}
    assert deployment.ask("POST", "/v1/orders", terms).status == 201
    yield
    for each in ids:
        trader.cancel(each)
    assert deployment.ask("DELETE", f"/v1/orders?symbol={LONG}").status == 200


@pytest.mark.parametrize("width", [1440, 1024])
def test_side_and_button_of_the_ticket_are_always_seen(
    width: int, screen: Open, symbol: str
) -> None:
    """Its fields between them are scrolled, also where the venue's answer takes room."""
    page = screen(symbol, width=width)
    page.fill(type="take_profit_limit")
    page("#ticket .more summary").click()
    expect(page("#ticket-account")).to_be_visible()
    both = page("#ticket .sides, #send")
    assert are_inside(both, ".ticket-panel")
    page.refusals_expected = True
    page.fill(quantity="2000000", trigger_price="90.00", price="100.00", account="A")
    page("#send").click()
    expect(page("#ticket-problem")).not_to_be_empty()
    assert are_inside(both, ".ticket-panel")
    page.is_accessible()
    page.picture(f"ticket-{width}")


def test_every_figure_is_seen_on_a_small_desktop(screen: Open, quoted: None) -> None:
    page = screen(LONG, width=1024)
    expect(page("#figure-ask")).to_contain_text("50,001.00")
    expect(page("#figure-volatility")).to_contain_text("min")
    assert are_inside(page("#strip .figure"), "#strip")


def test_the_status_is_seen_on_a_small_desktop(
    screen: Open, deployment: Deployment, quoted: None
) -> None:
    """Nothing lies over it."""
    assert deployment.ask("DELETE", "/v1/orders").status == 200
    order = {"symbol": LONG, "side": "sell", "type": "stop_limit", "quantity": "0.12345678"}
    prices = {"trigger_price": "49000", "price": "48000"}
    until = {"time_in_force": "gtd", "expires": "2040-01-02"}
    assert deployment.ask("POST", "/v1/orders", order | prices | until).status == 201
    page = screen(LONG, width=1024)
    row = page.working.filter(has_text="Waiting")
    expect(row).to_have_count(1)
    status = box(row.get_by_role("cell", name="Waiting", exact=True))
    assert status.right <= box(row.locator("td.actions")).left
    page.picture("small-desktop")


def test_the_best_prices_are_seen_on_a_phone(screen: Open, quoted: None) -> None:
    page = screen(LONG, width=390)
    expect(page("#figure-ask")).to_contain_text("50,001.00")
    assert are_inside(page("#figure-last, #figure-bid, #figure-ask"), "#strip")
    page.is_accessible()
    page.picture("phone-strip")


def test_the_user_is_seen_on_a_phone(screen: Open, deployment: Deployment) -> None:
    """Also beside the longest phase."""
    operate(deployment, "halt", symbol=LONG)
    operate(deployment, "resume", symbol=LONG, auction_seconds=600)
    try:
        page = screen(LONG, width=390)
        expect(page("#symbol-phase")).to_have_text("Volatility auction")
        user = page("#user-button")
        assert user.evaluate("one => one.scrollWidth <= one.clientWidth")
        assert are_inside(user, "header.top")
    finally:
        operate(deployment, "halt", symbol=LONG)
        operate(deployment, "resume", symbol=LONG)


def test_prices_of_the_depth_chart(screen: Open, quoted: None) -> None:
    """Each is written as prices are, has its room, and is seen as a whole."""
    page = screen(LONG)
    labels = page("#depth + .axis span")
    expect(labels.first).to_have_text("49,990")
    assert are_inside(labels, ".panel.depth")
    edges = labels.evaluate_all(
        "each => each.map(one => one.getBoundingClientRect()).map(({left, right}) => [left, right])"
    )
    assert len(edges) >= 3
    for (_, before), (after, _) in pairwise(edges):
        assert before < after, edges


def test_a_quantity_looks_the_same_everywhere(
    screen: Open, deployment: Deployment, quoted: None
) -> None:
    """In the ladder, the strip and the tape: so many decimals as orders have, the rest at hand."""
    page = screen(LONG)
    expect(page.level("bid", "49,999.00").locator(".bid-size")).to_have_text("1.04871")
    expect(page("#figure-bid")).to_have_text(re.compile(r"^49,999\.00 . 1\.04871$"))
    terms = {"symbol": LONG, "side": "sell", "type": "ioc", "quantity": "1.0487144"}
    assert deployment.ask("POST", "/v1/orders", terms | {"price": "49999"}).status == 201
    amount = page("#tape tbody tr").first.locator("td").last
    expect(amount).to_have_text("1.04871")
    expect(amount).to_have_attribute("title", "1.0487144")
