"""A trading day as the subscribers of e and g are told it, with the next morning over a restart."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.codes import FIX42, FIX44, FIX50SP2, VERSIONS
from tests.e2e.exchange import PHASES, SYMBOL, Exchange, traders
from tests.e2e.message import Message
from tests.e2e.stock import StockClient
from tests.e2e.venue_process import VenueProcess

Serve = Callable[..., VenueProcess]

COLUMN = {FIX42: 0, FIX44: 1, FIX50SP2: 2}
CODES = {
    "pre_open": (("5", "21", "21"), "4", "1"),
    "opening_auction": (("5", "22", "22"), "4", "2"),
    "continuous": (("17", "17", "17"), "2", "3"),
    "closing_auction": (("5", "5", "24"), "5", "4"),
    "post_close": (("18", "18", "26"), "3", "5"),
    "closed": (("18", "18", "18"), "3", "7"),
}
"""SecurityTradingStatus(326) of each version, TradSesStatus(340), TradingSessionSubID(625)."""


def says(message: Message, phase: str, news: bool) -> None:
    """The message tells of `phase` in the codes of its version."""
    version = {"FIX.4.2": FIX42, "FIX.4.4": FIX44, "FIXT.1.1": FIX50SP2}[message[8]]
    status, session_status, sub_id = CODES[phase]
    message.has({325: "Y" if news else "N", 625: None if version == FIX42 else sub_id})
    message.has({1301 if version == FIX50SP2 else 336: "XSWX"})
    if message.type == "f":
        message.has({55: SYMBOL, 326: status[COLUMN[version]]})
    else:
        message.has({340: session_status})


def subscribe(watcher: StockClient, phase: str) -> None:
    market = 1301 if watcher.version == FIX50SP2 else 336
    watcher.send("e", {324: "E", 55: SYMBOL, 263: 1})
    says(watcher.receive("f").has({324: "E"}), phase, news=False)
    watcher.send("g", {335: "G", 263: 1, market: "XSWX"})
    says(watcher.receive("h").has({335: "G"}), phase, news=False)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_day(serve: Serve, tmp_path: Path, version: str) -> None:
    exchange = Exchange(serve, tmp_path)
    with traders(exchange, version) as desk:
        watcher = desk.watcher
        subscribe(watcher, "closed")
        for phase in PHASES:
            exchange.enter(phase)
            says(watcher.receive("h").has({335: "G"}), phase, news=True)
            says(watcher.receive("f").has({324: "E"}), phase, news=True)
        watcher.hears_nothing()
        watcher.send("e", {324: "E", 55: SYMBOL, 263: 2})
        exchange.enter("pre_open", "2030-01-04")
        says(watcher.receive("h").has({335: "G"}), "pre_open", news=True)
        watcher.hears_nothing()
    exchange.kill()
    with traders(exchange, version) as desk:
        subscribe(desk.watcher, "pre_open")
        desk.watcher.hears_nothing()
