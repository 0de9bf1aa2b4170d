"""The ticket says what the instrument's phase refuses, before it is sent."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.screen import Screen, box
from tests.browser.test_auction_page import operate
from tests.e2e.web_process import Deployment

Open = Callable[..., Screen]


def test_halted_and_in_a_call(screen: Open, deployment: Deployment, symbol: str) -> None:
    page = screen(symbol)
    notice = page("#ticket-notice")
    expect(notice).to_be_hidden()
    operate(deployment, "halt", symbol=symbol)
    expect(notice).to_have_text(
        f"{symbol} is halted: new orders and amendments are refused; cancels are taken."
    )
    expect(page("#send")).to_have_class("send refused")
    page.is_accessible()
    page.picture("halted")
    assert box(notice).bottom <= box(page("#send")).top
    operate(deployment, "resume", symbol=symbol, auction_seconds=600)
    call = f"{symbol} is in the call of an auction (volatility auction): "
    expect(notice).to_have_text(f"{call}orders are collected, and nothing trades until it ends.")
    expect(page("#send")).to_have_class("send")
    page.is_accessible()
    for kind, name in (("ioc", "Immediate or cancel"), ("post_only", "Post only")):
        page.fill(type=kind)
        expect(notice).to_have_text(f"{call}“{name}” is refused until it ends.")
    page.refusals_expected = True
    page.fill(quantity="5", price="100.00")
    page("#send").click()
    expect(page("#ticket-problem")).to_contain_text("volatility auction")
    page.fill(type="stop_market")
    expect(notice).to_contain_text("orders are collected")
    operate(deployment, "halt", symbol=symbol)
    operate(deployment, "resume", symbol=symbol)
    expect(notice).to_be_hidden()
    page.fill(type="limit", time_in_force="at_open")
    expect(notice).to_have_text(
        f"{symbol} is in phase continuous: orders for the open are refused."
    )


def test_a_market_that_is_led_through_its_day(
    screen: Open, deployment: Deployment, symbol: str
) -> None:
    """Before the call nobody is told a price: that is not to say that nothing would trade."""
    page = screen(symbol)
    try:
        operate(deployment, "phase", market="MAIN", phase="closed")
        expect(page("#ticket-notice")).to_contain_text(f"{symbol} is closed: new orders")
        operate(deployment, "phase", market="MAIN", phase="pre_open")
        expect(page("#ticket-notice")).to_contain_text("(pre open): orders are collected")
        expect(page("#ladder tr.middle")).to_have_text(
            "Pre openits price is told in the auction's call"
        )
        page.fill(type="limit", time_in_force="at_open")
        expect(page("#ticket-notice")).to_contain_text("orders are collected")
    finally:
        operate(deployment, "phase", market="MAIN", phase="continuous")
    expect(page("#ticket-notice")).to_contain_text("orders for the open are refused")
