"""The trading day in numbers: what W and X of every version tell of it, trade by trade."""

import pytest

from tests.e2e.client import BUY, SELL
from tests.e2e.codes import FIX42, FIX44, VERSIONS
from tests.e2e.message import Message
from tests.e2e.raw import RawClient
from tests.e2e.stock import StockClient

OPENING, CLOSING, HIGH, LOW, VWAP, VOLUME = "4", "5", "7", "8", "9", "B"
NEW, CHANGED, DELETED = "0", "1", "2"

each_version = pytest.mark.parametrize("version", VERSIONS)


def asked(version: str) -> str:
    """FIX.4.2 has no code for the volume."""
    return "45789" if version == FIX42 else "45789B"


def day(message: Message) -> dict[str, str | None]:
    """The numbers of a W by their type; a price, or of the volume its quantity."""
    entries = message.entries(269)
    told = {entry[269]: entry.get(271 if entry[269] == VOLUME else 270) for entry in entries}
    assert len(told) == len(entries)
    return told


def changes(message: Message) -> dict[str, tuple[str, str | None]]:
    """What an X says of the numbers: action and value."""
    entries = message.entries(279)
    told = {
        entry[269]: (entry[279], entry.get(271 if entry[269] == VOLUME else 270))
        for entry in entries
    }
    assert len(told) == len(entries)
    return told


def known(version: str, told: dict[str, object]) -> dict[str, object]:
    return {kind: value for kind, value in told.items() if kind in asked(version)}


def snapshot(client: StockClient | RawClient, symbol: str) -> dict[str, str | None]:
    client.request_market_data(symbol, updates=0, entry_types=asked(client.version))
    return day(client.receive("W"))


@each_version
def test_each_trade_changes_what_it_changes(
    buyer: StockClient, seller: StockClient, watcher: StockClient, symbol: str, version: str
) -> None:
    watcher.request_market_data(symbol, entry_types=asked(version))
    assert day(watcher.receive("W")) == {}
    seller.enter(symbol, SELL, 3, "101.00")
    seller.enter(symbol, SELL, 2, "101.50")
    watcher.hears_nothing()
    buyer.trade(symbol, BUY, 3, "101.00")
    first = {OPENING: (NEW, "101"), HIGH: (NEW, "101"), LOW: (NEW, "101"), VWAP: (NEW, "101")}
    assert changes(watcher.receive("X")) == known(version, first | {VOLUME: (NEW, "3")})
    buyer.trade(symbol, BUY, 1, "101.50")
    vwap = (CHANGED, "101.125")
    second = {HIGH: (CHANGED, "101.5"), VWAP: vwap, VOLUME: (CHANGED, "4")}
    assert changes(watcher.receive("X")) == known(version, second)
    buyer.enter(symbol, BUY, 3, "98.99")
    seller.trade(symbol, SELL, 3, "98.00")
    third = {LOW: (CHANGED, "98.99"), VWAP: (CHANGED, "100.21"), VOLUME: (CHANGED, "7")}
    assert changes(watcher.receive("X")) == known(version, third)
    told = {OPENING: "101", HIGH: "101.5", LOW: "98.99", VWAP: "100.21", VOLUME: "7"}
    assert snapshot(watcher, symbol) == known(version, told)
    watcher.hears_nothing()


@each_version
def test_a_trade_that_changes_no_number_asked_for_is_not_told(
    buyer: StockClient, seller: StockClient, watcher: StockClient, symbol: str, version: str
) -> None:
    watcher.request_market_data(symbol, entry_types=(OPENING, HIGH))
    watcher.receive("W")
    for price, told in (("101", 2), ("100", 0), ("102", 1), ("101", 0)):
        seller.trade(symbol, SELL, 1, price)
        buyer.trade(symbol, BUY, 1, price)
        if told:
            assert len(changes(watcher.receive("X"))) == told
    watcher.hears_nothing()


def test_versions_are_told_what_they_have(watcher: StockClient, symbol: str) -> None:
    """FIX.4.4 has a code for the volume, so it is asked for here."""
    assert watcher.version == FIX44
    watcher.request_market_data(symbol, updates=0, entry_types="B")
    watcher.receive("W").has({268: 0})
