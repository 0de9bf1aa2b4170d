"""Makes the README's pictures: `python -m tests.browser.pictures [DIRECTORY]`, else into screens/.

By default into tests/browser/screens.

A venue and a web of their own, two FIX clients that trade for a minute and a half, and the page.
"""

import random
import shutil
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.screen import Screen
from tests.e2e.web_process import Deployment, deployed
from venue.client import Client, connect

SYMBOL = "BTC-USD"
SECONDS = 90
KEPT = 60
CENT = Decimal("0.01")


def trade(
    maker: Client,
    taker: Client,
    seconds: float,
    takes: float = 0.4,
    middle: Decimal = Decimal(50_000),
) -> Decimal:
    """A book of both sides that wanders from `middle`, and somebody who takes from it that often;
    return where it has come to.
    """
    chance = random.Random(7)
    orders: dict[str, list[str]] = {"buy": [], "sell": []}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        middle += Decimal(chance.gauss(0.05, 1.2)).quantize(CENT)
        for side, sign in (("buy", -1), ("sell", 1)):
            away = Decimal(chance.expovariate(0.25) + 0.1).quantize(CENT)
            quantity = Decimal(chance.expovariate(1) + 0.01).quantize(CENT)
            mine = orders[side]
            mine.append(maker.new_order(SYMBOL, side, quantity, middle + sign * away))
            if len(mine) > KEPT:
                maker.cancel(mine.pop(chance.randrange(KEPT // 2)))
        if chance.random() < takes:
            quantity = Decimal(chance.expovariate(1.5) + 0.01).quantize(CENT)
            taker.new_order(SYMBOL, chance.choice(["buy", "sell"]), quantity)
        for client in (maker, taker):
            for _ in client.events(timeout=0.03):
                pass
    return middle


def own_orders(deployment: Deployment) -> None:
    """Some of alpha's, near the best prices."""
    book = deployment.ask("GET", f"/v1/book/{SYMBOL}?levels=10").json
    bids, asks = book["bids"], book["asks"]
    for terms in (
        {"side": "buy", "type": "limit", "price": bids[3]["price"], "quantity": "0.75"},
        {"side": "buy", "type": "post_only", "price": bids[5]["price"], "quantity": "1.5"},
        {"side": "sell", "type": "limit", "price": asks[3]["price"], "quantity": "1.25"},
        {"side": "sell", "type": "stop_market", "trigger_price": bids[8]["price"], "quantity": "2"},
        {
            "side": "sell",
            "type": "take_profit",
            "trigger_price": asks[8]["price"],
            "quantity": "0.5",
        },
        {"side": "buy", "type": "market", "quantity": "0.2"},
    ):
        answer = deployment.ask("POST", "/v1/orders", {"symbol": SYMBOL} | terms)
        assert answer.status == 201, answer


def main(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    with (
        tempfile.TemporaryDirectory() as scratch,
        deployed(Path(scratch)) as deployment,
        sync_playwright() as driver,
        connect("TRADER3", port=deployment.venue_port, version="FIX.5.0SP2") as maker,
        connect("TRADER4", port=deployment.venue_port, version="FIX.5.0SP2") as taker,
    ):
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        middle = trade(maker, taker, SECONDS)
        screen = Screen(browser, deployment, directory)
        screen.open(SYMBOL)
        screen("#intervals button", has_text="1s").click()
        middle = trade(maker, taker, 4, middle=middle)
        trade(maker, taker, 3, takes=0, middle=middle)
        own_orders(deployment)
        screen("#ladder tr.bid").nth(3).locator(".bid-size").click()
        screen.fill(quantity="0.5")
        expect(screen.working).to_have_count(5)
        expect(screen("#candles .empty")).to_be_hidden()
        screen.picture("trading")
        screen.close()
        screen = Screen(browser, deployment, directory)
        screen.open(user="operator", view="operator", scheme="light")
        screen("#messages-head select").select_option("WEB1")
        screen("#messages tbody tr", has_text="ExecutionReport").first.click()
        screen.page.mouse.move(700, 5)
        screen.picture("operator")
        screen.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "tests/browser/screens"))
