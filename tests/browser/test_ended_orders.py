"""Own orders that end though their user has not canceled them: the page says so, and why."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.test_auction_page import operate
from tests.e2e.web_process import Deployment

Open = Callable[..., Screen]


@pytest.fixture
def place(deployment: Deployment, symbol: str) -> Iterator[Callable[..., Any]]:
    """Place orders of alpha, who has no others."""
    assert deployment.ask("DELETE", "/v1/orders").status == 200

    def placed(**terms: str) -> Any:
        order = {"symbol": symbol, "side": "buy", "type": "limit", "quantity": "10"}
        answer = deployment.ask("POST", "/v1/orders", order | {"price": "90"} | terms)
        assert answer.status == 201, answer
        return answer.json

    yield placed
    assert deployment.ask("DELETE", "/v1/orders").status == 200


def test_the_kill_switch(
    screen: Open, deployment: Deployment, place: Callable[..., Any], symbol: str
) -> None:
    """One order is told as such, several at once as so many."""
    page = screen(symbol)
    why = "the kill switch of firm ALPHA is engaged"
    told = {
        1: f"Canceled by the venue: Buy 3 {symbol} at 90.00: {why}",
        4: f"4 orders canceled by the venue: {why}",
    }
    for count, text in told.items():
        for number in range(count):
            place(quantity=f"{number + 3}")
        expect(page.working).to_have_count(count)
        operate(deployment, "kill", firm="ALPHA")
        try:
            expect(page.working).to_have_count(0)
        finally:
            operate(deployment, "release", firm="ALPHA")
        expect(page.toasts.last).to_have_text(text)
    expect(page.toasts).to_have_text(list(told.values()))
    page.is_accessible()


def test_an_operator_an_expiry_and_a_halt(
    screen: Open, deployment: Deployment, place: Callable[..., Any], symbol: str
) -> None:
    page = screen(symbol)
    order = place()
    expect(page.working).to_have_count(1)
    operate(deployment, "cancel", order_id=order["order_id"])
    expect(page.toasts.last).to_have_text(
        f"Canceled by the operator of the venue: Buy 10 {symbol} at 90.00"
    )
    soon = datetime.now(UTC) + timedelta(seconds=5)
    place(time_in_force="gtd", expires=f"{soon:%Y-%m-%dT%H:%M:%SZ}")
    expect(page.toasts.last).to_have_text(
        re.compile(rf"^Expired: Buy 10 {symbol} at 90.00: ExpireTime\(126\) is reached$")
    )


def test_self_match_prevention(screen: Open, place: Callable[..., Any], symbol: str) -> None:
    page = screen(symbol)
    place(self_match_prevention_id="me", self_match_prevention="cancel_resting", price="91")
    expect(page.working).to_have_count(1)
    terms = {"self_match_prevention_id": "me", "self_match_prevention": "cancel_resting"}
    place(side="sell", price="91", **terms)
    told = f"Canceled by the venue: Buy 10 {symbol} at 91.00: self-match prevention"
    expect(page.toasts).to_have_text([told])


def test_what_a_user_does_himself_is_no_news(
    screen: Open, deployment: Deployment, place: Callable[..., Any], symbol: str
) -> None:
    """Neither a cancel here, nor one of a program of his, nor an order that never rested."""
    page = screen(symbol)
    place(quantity="1")
    of_a_program, last = place(quantity="2"), place(quantity="3")
    expect(page.working).to_have_count(3)
    page.working.filter(has_text="0 / 1").get_by_role("button", name="Cancel").click()
    expect(page.working).to_have_count(2)
    path = f"/v1/orders/{of_a_program['client_order_id']}"
    assert deployment.ask("DELETE", path).status == 200
    expect(page.working).to_have_count(1)
    page.fill(type="ioc", quantity="4", price="89.00")
    page("#send").click()
    expect(page("#ticket-answer")).to_contain_text("canceled")
    operate(deployment, "cancel", order_id=last["order_id"])
    expect(page.toasts.last).to_contain_text("Canceled by the operator")
    expect(page.toasts).to_have_text(
        [
            f"Buy 1 {symbol} at 90.00: canceled",
            re.compile(f"^Buy 4 {symbol} at 89.00: canceled. no more liquidity"),
            f"Canceled by the operator of the venue: Buy 3 {symbol} at 90.00",
        ]
    )
